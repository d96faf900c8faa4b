# make demo    set everything up and mirror the made-up site that comes with the project
# make test    set everything up and run the tests
# make check   what to run before a commit: style, types, imports between rooms, unit tests
# make coverage  how much of mirror/ the unit tests run, which may not fall
# make bench   measure it against bare Scrapy and its peers (takes some minutes)
# Needs Python 3.10 or later and make; the rest is installed into .venv.

PYTHON ?= python3
BIN := .venv/bin
JOBS := 3
LOCKED := requirements.txt $(patsubst %,requirements-%.txt,cluster plot pictures exports warc script curl)

SCRAPY_NEXT ?= scrapy @ git+https://github.com/scrapy/scrapy@master

.PHONY: demo test check coverage lint bench clean lock scrapy-next

demo: .venv/ready
	$(BIN)/python -m demo

test: .venv/ready-dev
	$(BIN)/python -m pytest -n $(JOBS) --ignore tests/runs/test_cluster.py
	$(BIN)/python -m pytest tests/runs/test_cluster.py # its workers keep time: they need the cores

check: lint
	$(BIN)/python -m pytest -n $(JOBS) tests/unit mirror

coverage: .venv/ready-dev # apart from check: counting makes the tests half as slow again
	$(BIN)/python -m pytest -n $(JOBS) --cov=mirror --cov-report=term:skip-covered tests/unit mirror

lint: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy

# The unit tests with Scrapy as it will be: what it warns of that it will drop is an error
scrapy-next: .venv/ready-dev
	$(BIN)/python -m venv --clear .venv/scrapy-next
	.venv/scrapy-next/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	.venv/scrapy-next/bin/python -m pip install --quiet --disable-pip-version-check '$(SCRAPY_NEXT)'
	.venv/scrapy-next/bin/python -m pytest -n $(JOBS) -W error::scrapy.exceptions.ScrapyDeprecationWarning \
	  tests/unit mirror

bench: .venv/ready-bench
	$(BIN)/python -m bench --json bench.json --plots docs

# All that is installed, each file by its hash: pip install --require-hashes -r requirements.lock
lock: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.8
	$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-header \
	  --no-annotate --no-emit-index-url --output-file requirements.lock $(LOCKED)

.venv/ready: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or later is needed")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/ready-dev: .venv/ready requirements-dev.txt $(LOCKED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

.venv/ready-bench: .venv/ready requirements-bench.txt requirements-plot.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip>=24' # 23 stumbles over lxml[html_clean]
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	touch $@

clean:
	rm -rf .venv output-demo state/demo.db
