"""What scrapyd-deploy packs into the egg: the code, and templates/ inside of it."""

from setuptools import find_packages, setup

setup(
    name="mirror",
    version="1.0.0",
    packages=[*find_packages(include=["mirror", "mirror.*"]), "mirror.templates"],
    package_dir={"mirror.templates": "templates"},
    package_data={"mirror.templates": ["*/*"], "mirror.content": ["*.txt"]},
    entry_points={"scrapy": ["settings = mirror.settings"]},
    extras_require={  # as requirements-*.txt, which are not here when an egg is made
        "cluster": ["scrapy-redis==0.9.1", "redis==8.1.0", "psycopg[binary]==3.3.9"],
        "curl": ["curl-cffi==0.17.0"],
        "exports": ["zstandard==0.25.0", "py-minisign==0.21.1", "libzim==3.13.1"],
        "pictures": ["pillow==12.3.0"],
        "plot": [
            'matplotlib==3.10.9; python_version < "3.11"',
            'matplotlib==3.11.2; python_version >= "3.11"',
        ],
        "script": ["zhconv-rs==0.4.2"],
        "warc": ["warcio==1.8.1"],
    },
)
