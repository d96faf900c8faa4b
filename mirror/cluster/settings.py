"""The settings of a worker: SCRAPY_PROJECT=cluster scrapy ... (scrapy.cfg). Those of the single
machine, with the add-on that makes the difference; where the servers are may stand in the
environment, as passwords must not stand on command lines."""

import os
from pathlib import Path

from mirror.config.given import given
from mirror.settings import *
from mirror.settings import ADDONS as _ADDONS
from mirror.settings import MIRROR_REDIS_URL

ADDONS = {**_ADDONS, "mirror.cluster.addon.Cluster": 300}
MIRROR_WORKERS = 1  # more processes are more workers
_given = given(("MIRROR_DATABASE_URL",), os.environ, Path.cwd())
MIRROR_DATABASE_URL = _given.get("MIRROR_DATABASE_URL", "postgresql+psycopg:///mirror")
REDIS_URL = MIRROR_REDIS_URL
