"""A crawl's suspicion: articles that lack what is usual wait until others can be compared with them.

If there are no more of them than usual, they are published. If there are, the run is hollow: it
ends, nothing of it is published from then on, and what it kept back stays due.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Collection
from datetime import datetime, timezone
from pathlib import Path
from shutil import rmtree
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, NotConfigured
from scrapy.http import Response
from sqlalchemy import Connection

from mirror.config.options import Options
from mirror.drops import KeptBack, NotStored, Rejected, Unchanged
from mirror.engine.ending import close, is_ending
from mirror.engine.private import wake
from mirror.engine.role import role_of
from mirror.items import ArticleItem
from mirror.quality.coverage import listed
from mirror.quality.failures import Failures
from mirror.quality.judge import Judge
from mirror.quality.kept_back import PUBLISH, Waiting
from mirror.quality.observer import Finding
from mirror.quality.quarantine import Quarantine, losses
from mirror.quality.reexamining import Reexamination, Suspect
from mirror.quality.releasing import Releaser
from mirror.sites import Site
from mirror.store.database import Database, open_database
from mirror.store.frontier import Frontier

logger = logging.getLogger(__name__)

_MAX_PAGES = 5  # saved to show what is wrong
_MAX_FOLDERS = 10  # of runs whose pages are kept


class Watch:
    """Has a crawl keep back what is suspicious, and end if it is hollow."""

    def __init__(self, crawler: Crawler, database: Database, folder: Path, worker: int):
        self.crawler = crawler
        self.worker = worker
        self.database = database
        self.folder = folder
        self.judge = Judge(database, _site_of(crawler))
        self.quarantine = Quarantine(database)
        failures = Failures(crawler, Frontier(database))
        self.releaser = Releaser(crawler, self.judge, self.quarantine, failures)
        self.reexamination = Reexamination(crawler, database)
        self.looking: asyncio.Task[None] | None = None  # again at what is in doubt
        self.suspects: deque[Suspect] = deque(maxlen=_MAX_PAGES)
        self.partners = 0  # other processes of this crawl that are at work
        self.is_hollow = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Watch:
        if getattr(crawler.spider, "is_plan", False):  # nothing is to be stored
            raise NotConfigured
        options = Options.from_settings(crawler.settings)
        database = open_database(options.database_url)
        if not options.suspicion:
            Judge(database, _site_of(crawler)).forget()
            raise NotConfigured
        began = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H%M%SZ")
        worker = role_of(crawler).worker
        folder = options.state / "hollow" / (began + (f"-{worker}" if worker else ""))
        watch = cls(crawler, database, folder, worker)
        crawler.signals.connect(watch.spider_opened, signals.spider_opened)
        crawler.signals.connect(watch.item_dropped, signals.item_dropped)
        crawler.signals.connect(watch.item_error, signals.item_error)
        crawler.signals.connect(watch.spider_idle, signals.spider_idle)
        crawler.signals.connect(watch.spider_closed, signals.spider_closed)
        return watch

    def spider_opened(self) -> None:
        """Go on where the last run stopped; what it left undone first."""
        self.judge.open()
        if self.worker:
            self.judge.right.clear()  # the process that was started by hand deals with it
        self._follow()

    # ---- what is seen

    def passed_on(self, item: ArticleItem) -> ArticleItem:
        """Return an article that does not have to wait, or has waited. Raises KeptBack."""
        if not item.is_judged and self.keeps(item):
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
        if lost and self.quarantine.is_confirmed(item.id, self.database.clock.day):
            self.quarantine.forget(item.id)
            self.judge.settle(item.id)
            return False
        lacking = self.judge.observer.see(item, former)
        if lacking or lost:
            self.judge.keep(Waiting(item.id, PUBLISH, item, tuple(lost)))
        else:
            self.quarantine.forget(item.id)
            self.judge.settle(item.id)
        self._look(item.section if lacking else "")
        return bool(lacking or lost)

    def misses(
        self, article: str, section: str, field: str, page: bytes, fate: str, url: str, reason: str
    ) -> None:
        """Note that an article's page did not show its title or body, or that there was no page;
        `fate` is what becomes of its address if that is no more than usual. Without a field it waits for
        the judgement, but is not counted."""
        self.suspects.append(Suspect(article, page, ""))
        if not self.is_hollow:
            if field:
                self.judge.observer.miss(article, section, field)
            self.judge.keep(Waiting(article, fate, url=url, reason=reason))
            self._look(section)

    def distrusts(self, section: str, links: int, following: str | None, page: bytes) -> bool:
        """Look at the first page of a section's listing: how many articles it shows, and which page
        comes next; whether that cannot be true."""
        if not links:
            words = f"the listing of {section} shows no article"
        elif following is None and listed(self.database, section) > 2 * links:
            words = f"the listing of {section} names no next page"
        else:
            return False
        self.suspects.append(Suspect(section, page, ""))
        self._find(Finding(section, "", words))
        return True

    def item_dropped(
        self, item: ArticleItem, response: Response | None, exception: Exception
    ) -> None:
        if isinstance(exception, KeptBack):
            if response is not None:
                self.suspects.append(Suspect(item.id, response.body, item.body))
            return
        if isinstance(exception, NotStored):
            return
        self.judge.settle(item.id)
        if isinstance(exception, Rejected):
            return
        if isinstance(exception, Unchanged) and response is not None:
            self.judge.observer.see_again(item, is_whole=response.status == 200)
            self._look("")

    def item_error(self, item: ArticleItem) -> None:
        self.judge.settle(item.id)

    # ---- judgement

    def _look(self, section: str) -> None:
        """Judge if it is time; at once if those of a section are wrong beyond doubt."""
        if self.looking:  # what it finds comes first
            return
        if section and (finding := self.judge.observer.finding_in(section)):
            self._find(finding)
        elif self.judge.is_time:
            self.flush()

    def _find(self, finding: Finding) -> None:
        if not self.is_hollow:
            self.judge.find(finding)
            self._follow()

    def flush(self) -> None:
        """Write down what was seen, for others to know."""
        self.judge.flush()
        self._follow()

    def conclude(self) -> bool:
        """Judge what is left, now that nothing more comes; whether nothing is to be done then."""
        if self.is_hollow or self.worker:
            return True
        if not (self.releaser.is_busy or self.looking):
            self.judge.conclude()
            self._follow()
        return not (self.is_hollow or self.releaser.is_busy or self.looking)

    def spider_idle(self) -> None:
        if not self.partners and not self.conclude():
            raise DontCloseSpider

    def _follow(self) -> None:
        """Do what follows from a judgement, of this process or another one."""
        if self.judge.is_hollow and not self.is_hollow:
            self._end()
        right, self.judge.right = self.judge.right, []
        if not self.is_hollow:
            self.releaser.release(right)
        if self.judge.doubt and not self.looking:
            self.looking = asyncio.ensure_future(self._look_again(self.judge.doubt))

    async def _look_again(self, finding: Finding) -> None:
        """See whether what is missing is missing for good reason."""
        apart = self.judge.observer.window.articles
        try:
            is_right = await self.reexamination.is_as_before(finding, self.suspects, apart)
        except Exception:
            logger.exception("No second look at what is in doubt")
            is_right = False
        self.looking = None
        if is_ending(self.crawler):
            return
        if is_right:
            logger.warning(
                "What articles lack is missing at the site, too: %(finding)s; those that had it still "
                "have it. They are published",
                {"finding": finding.words},
            )
            self.judge.clear(finding)
            self.judge.flush()
        else:
            self.judge.condemn(finding)
        self._follow()
        wake(self.crawler.engine)

    def _end(self) -> None:
        """End the run as hollow."""
        self.is_hollow = True
        self.crawler.stats.set_value("mirror/hollow", 1)
        if self.judge.words:  # else another process says so
            logger.critical(
                "The site seems to have changed: %(finding)s. Nothing more is published, all that is "
                "suspicious stays due. See the pages in %(folder)s: mend the site's file in "
                "mirror/sites/ and run it again; or, if the site is right as it is, run it once with "
                "-s MIRROR_SUSPICION=0",
                {"finding": self.judge.words, "folder": self.folder},
            )
        close(self.crawler, "hollow")

    # ---- what a ledger writes beside its articles

    def write(self, connection: Connection, articles: Collection[str]) -> None:
        """Write down what was seen in the transaction that stores some articles."""
        self.judge.write(connection, articles)

    def written(self) -> None:
        """Do what follows from that."""
        self.judge.written()
        self._follow()

    def spider_closed(self) -> None:
        """Write down what was seen; what waits is judged in the next run."""
        self.judge.flush()
        if self.judge.is_hollow:
            self.judge.leave()
            self.folder.mkdir(parents=True, exist_ok=True)
            for former in sorted(self.folder.parent.iterdir())[:-_MAX_FOLDERS]:
                rmtree(former, ignore_errors=True)
            for one in self.suspects:
                (self.folder / f"{one.article}.html").write_bytes(one.page)


def is_concluded(crawler: Crawler) -> bool:
    """Have all judged that is left in a crawl; whether nothing more is to be done then."""
    watch = crawler.get_extension(Watch)
    return watch is None or watch.conclude()


def _site_of(crawler: Crawler) -> Site:
    spider: Any = crawler.spider  # this room knows no spiders
    site: Site = spider.site
    return site
