"""The switch from a single machine to one of many: a Scrapy add-on."""

from __future__ import annotations

from typing import Any

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings

from mirror.cluster.redis_circuit import PARAMETERS
from mirror.spiders.base import MirrorSpider

_SETTINGS: dict[str, Any] = {
    "SCHEDULER": "mirror.cluster.scheduler.Scheduler",
    "SCHEDULER_PERSIST": True,  # the first worker to end must not empty it for the others
    "SCHEDULER_SERIALIZER": "mirror.cluster.serializer",
    "DUPEFILTER_CLASS": "scrapy_redis.dupefilter.RFPDupeFilter",
    "REDIS_PARAMS": PARAMETERS,
}
_COMPONENTS: dict[str, dict[str, int | None]] = {
    "EXTENSIONS": {
        "mirror.crawl.extensions.Feeder": None,
        "mirror.crawl.workers.WorkerPool": None,
        "mirror.crawl.workers.WorkerProcess": None,
        "mirror.crawl.extensions.Finisher": None,  # the publisher's part, see scrapy fill
        "mirror.publishing.extension.PublishAtEnd": None,
        "mirror.crawl.watchdog.Watchdog": None,  # it would end a worker that others leave nothing to do
        "mirror.cluster.cluster_worker.ClusterWorker": 900,
    },
    "SPIDER_MIDDLEWARES": {"mirror.cluster.cluster_worker.Walker": 900},
    "DOWNLOADER_MIDDLEWARES": {"mirror.cluster.pace.SharedPace": 950},  # the last before the site
}


class Cluster:
    """Make a crawl one of several, on other machines or this one, that share a frontier."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Cluster:
        if not issubclass(crawler.spidercls, MirrorSpider):  # such as scrapy shell's
            raise NotConfigured
        return cls()

    def update_settings(self, settings: BaseSettings) -> None:
        """Put the parts that share in the place of those that have everything to themselves."""
        for name, value in _SETTINGS.items():
            settings.set(name, value, priority="project")
        given = settings.getpriority("MIRROR_REDIS_URL") or 0
        if given > (settings.getpriority("REDIS_URL") or 0):  # by -s
            settings.set("REDIS_URL", settings["MIRROR_REDIS_URL"], given)
        for name, components in _COMPONENTS.items():
            priority = settings.getpriority(name) or 0  # -s may have given some
            settings.set(name, {**settings.getdict(name), **components}, priority)
