"""The settings of a worker: SCRAPY_PROJECT=cluster scrapy ... (scrapy.cfg). Those of the single
machine, with the add-on that makes the difference; where the servers are may stand in the
environment, as passwords must not stand on command lines."""

import os

from mirror.settings import *
from mirror.settings import ADDONS as _ADDONS

ADDONS = {**_ADDONS, "mirror.cluster.addon.Cluster": 300}
MIRROR_WORKERS = 1  # more processes are more workers
MIRROR_DATABASE_URL = os.environ.get("MIRROR_DATABASE_URL", "postgresql+psycopg:///mirror")
REDIS_URL = os.environ.get("MIRROR_REDIS_URL", "redis://localhost:6379/0")
