"""A crawl's suspicion: articles that lack what is usual wait until others can be compared with them.

If there are no more of them than usual, they are published. If there are, the run is hollow: it
ends, nothing of it is published from then on, and what it kept back stays due.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from shutil import rmtree
from typing import Any, NamedTuple

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.http import Response
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import build_from_crawler, load_object
from twisted.python.failure import Failure

from mirror.components import spider_of
from mirror.config.options import Options
from mirror.drops import KeptBack, Unchanged
from mirror.ending import close
from mirror.items import ArticleItem
from mirror.quality.coverage import Observer, UsualCoverage, listed
from mirror.quality.coverage_store import forget, recall, remember
from mirror.quality.quarantine import Quarantine, losses
from mirror.role import role_of
from mirror.sites import Site
from mirror.store.database import Database, open_database
from mirror.store.frontier import Frontier

_MAX_FOLDERS = 10  # of runs whose pages are kept

logger = logging.getLogger(__name__)

_SAVED = 5  # pages that show what is wrong
_STAGE = "WatchPipeline"  # the stage of this extension (mirror.pipelines)


class Waiting(NamedTuple):
    """An article that waits, and what it would lose if it is an update."""

    item: ArticleItem
    losses: list[str]


@dataclass(slots=True)
class Missed:
    """A page on which no article was found, and what to do if that is no more than usual."""

    settle: Callable[[], None]


class Watch:
    """Keeps back what is suspicious, and decides."""

    def __init__(self, crawler: Crawler, database: Database, folder: Path, worker: int):
        self.crawler = crawler
        self.worker = worker
        self.database = database
        self.folder = folder
        self.site = _site_of(crawler)
        self.observer = Observer(UsualCoverage(database), self.site.irregular)
        self.holdings = Quarantine(database)
        self.older: list[Waiting | Missed] = []  # waits for the judgement after the next
        self.newer: list[Waiting | Missed] = []
        self.passed: list[str] = []  # ids of articles that were published without a judgement
        self.pages: deque[tuple[str, bytes]] = deque(maxlen=_SAVED)
        self.stages: list[Any] = []
        self.is_hollow = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Watch:
        options = Options.from_settings(crawler.settings)
        if not options.suspicion:
            forget(open_database(options.database_url), _site_of(crawler))
            raise NotConfigured
        began = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H%M%SZ")
        worker = role_of(crawler).worker
        folder = options.state / "hollow" / (began + (f"-{worker}" if worker else ""))
        watch = cls(crawler, open_database(options.database_url), folder, worker)
        crawler.signals.connect(watch.spider_opened, signals.spider_opened)
        crawler.signals.connect(watch.item_dropped, signals.item_dropped)
        crawler.signals.connect(watch.spider_closed, signals.spider_closed)
        return watch

    def spider_opened(self) -> None:
        """Prepare the stages after this one: those of the crawl are closed before the end."""
        if not self.worker:
            recall(self.database, self.observer, self.site)
        stages = list(
            map(load_object, build_component_list(self.crawler.settings.getdict("ITEM_PIPELINES")))
        )
        names = [stage.__name__ for stage in stages]
        later = stages[names.index(_STAGE) + 1 :] if _STAGE in names else []
        self.stages = [build_from_crawler(stage, self.crawler) for stage in later]

    def passed_on(self, item: ArticleItem) -> ArticleItem:
        """Return an article that does not have to wait. Raises KeptBack."""
        if self.keeps(item):
            raise KeptBack(item)
        return item

    def keeps(self, item: ArticleItem) -> bool:
        """Look at an article; whether it has to wait."""
        if self.is_hollow:
            return True
        former = self.database.article(item.id) if item.is_update else None
        if former and not former.body:  # adopted: nothing to compare with
            former = None
        lost = losses(former, item) if former else []
        if lost and self.holdings.is_confirmed(item.id, self.database.clock.day):
            self.holdings.forget(item.id)
            return False
        lacking = self.observer.see(item, former)
        if lacking or lost:
            self.newer.append(Waiting(item, lost))
        else:
            self.holdings.forget(item.id)
            self.passed.append(item.id)
        if lacking:
            self._conclude(self.observer.finding_in(item.section))
        if self.observer.is_full:
            self._judge()
        return bool(lacking or lost)

    def misses(self, article: str, section: str, field: str, page: bytes, settle: Callable) -> None:
        """Note that an article's page did not show its title or body; `settle` is what to do if
        that is no more than usual."""
        self.pages.append((article, page))
        if not self.is_hollow:
            self.observer.miss(section, field)
            self.newer.append(Missed(settle))
            self._conclude(self.observer.finding_in(section))

    def distrusts(self, section: str, links: int, following: str | None, page: bytes) -> bool:
        """Look at the first page of a section's listing: how many articles it shows, and which page
        comes next; whether that cannot be true."""
        if not links:
            finding = f"the listing of {section} shows no article"
        elif following is None and listed(self.database, section) > 2 * links:
            finding = f"the listing of {section} names no next page"
        else:
            return False
        self.pages.append((section, page))
        self._conclude(finding)
        return True

    def item_dropped(self, item: ArticleItem, response: Response | None, exception: Exception):
        if isinstance(exception, KeptBack) and response is not None:
            self.pages.append((item.id, response.body))
        elif isinstance(exception, Unchanged) and response is not None and response.status == 200:
            self.observer.see_again(item)

    def spider_closed(self, reason: str) -> None:
        """Decide about what still waits; if the crawl was cut short, that stays due."""
        is_over = reason == "finished" or reason.startswith("closespider_")
        if is_over:
            self.judge_rest()
        for stage in self.stages:
            if hasattr(stage, "close_spider"):
                stage.close_spider()
        if self.is_hollow:
            self._leave()
        elif is_over and not self.worker:
            remember(self.database, self.observer, self.site)

    def judge_rest(self) -> None:
        """Decide about what waits, where nothing comes that it could be compared with."""
        self._conclude(self.observer.finding())
        if not self.is_hollow:
            waiting, self.older, self.newer = [*self.older, *self.newer], [], []
            self._release(waiting)

    def _conclude(self, finding: str) -> None:
        """End the run as hollow, once, if something was found."""
        if not finding or self.is_hollow:
            return
        self.is_hollow = True
        self.crawler.stats.set_value("mirror/hollow", 1)
        logger.critical(
            "The site seems to have changed: %(finding)s. Nothing more is published, all that is "
            "suspicious stays due. See the pages in %(folder)s: mend the site's file in "
            "mirror/sites/ and run it again; or, if the site is right as it is, run it once with "
            "-s MIRROR_SUSPICION=0",
            {"finding": finding, "folder": self.folder},
        )
        close(self.crawler, "hollow")

    def _judge(self) -> None:
        self._conclude(self.observer.finding())
        if self.is_hollow:
            return
        self._release(self.older)
        self.observer.accept()
        self.older, self.newer, self.passed = self.newer, [], []

    def _release(self, waiting: list[Waiting | Missed]) -> None:
        for one in waiting:
            if isinstance(one, Missed):
                one.settle()
            elif one.losses:
                self._hold(one)
            else:
                self.holdings.forget(one.item.id)
                self._publish(one.item)

    def _publish(self, item: ArticleItem) -> None:
        """Take an article through the stages that are left, and say so as Scrapy does."""
        send, spider = self.crawler.signals.send_catch_log, spider_of(self.crawler, Spider)
        done = item
        try:
            for stage in self.stages:
                done = stage.process_item(done)
        except DropItem as error:
            said = self.crawler.logformatter.dropped(item, error, None, spider)
            send(signals.item_dropped, item=item, spider=spider, exception=error, response=None)
        except Exception:
            send(signals.item_error, item=item, spider=spider, failure=Failure(), response=None)
            return
        else:
            said = self.crawler.logformatter.scraped(done, None, spider)
            send(signals.item_scraped, item=done, spider=spider, response=None)
        logger.log(said["level"], said["msg"], said["args"])

    def _hold(self, kept: Waiting) -> None:
        logger.warning(
            "Held %(url)s: the update would lose %(losses)s. It is published when a later day "
            "shows it again, or by scrapy accept %(id)s",
            {"url": kept.item.url, "losses": ", ".join(kept.losses), "id": kept.item.id},
        )
        self.holdings.hold(kept.item, kept.losses, self.database.clock.day)
        self.crawler.stats.inc_value("mirror/held")

    def _leave(self) -> None:
        """Make due again what nobody judged, and save the pages that tell what is wrong."""
        forget(self.database, self.site)
        frontier = Frontier(self.database)
        for article in self.passed:
            frontier.renew(article)
        self.folder.mkdir(parents=True, exist_ok=True)
        for former in sorted(self.folder.parent.iterdir())[:-_MAX_FOLDERS]:
            rmtree(former, ignore_errors=True)
        for name, page in self.pages:
            (self.folder / f"{name}.html").write_bytes(page)


def _site_of(crawler: Crawler) -> Site:
    spider: Any = crawler.spider  # this room knows no spiders
    site: Site = spider.site
    return site
