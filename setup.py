"""What scrapyd-deploy packs into the egg: the code, and templates/ inside of it."""

from setuptools import find_packages, setup

setup(
    name="mirror",
    version="1.0.0",
    packages=[*find_packages(include=["mirror", "mirror.*"]), "mirror.templates"],
    package_dir={"mirror.templates": "templates"},
    package_data={"mirror.templates": ["*/*"]},
    entry_points={"scrapy": ["settings = mirror.settings"]},
)
