"""scrapy publish: commit the tree if it changed, and bring it to all homes."""

from __future__ import annotations

import argparse

from scrapy.crawler import Crawler

from mirror.completing import fill
from mirror.errors import GitError
from mirror.exits import Exit
from mirror.finishing import finish, page_maker
from mirror.options import Options
from mirror.publication.git import check_git
from mirror.publication.publishing import Publisher
from mirror.running import MirrorCommand
from mirror.spiders.section import SectionSpider


class Command(MirrorCommand):
    """Do what the end of each crawl does with MIRROR_PUBLISH=1, without the crawl."""

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Commit the published files, if they changed, and push them to every home"

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Bring the tree up to date, commit, push; print a line for each."""
        check_git()
        make = page_maker(Crawler(SectionSpider, self.settings))
        (fill if options.redis_url else finish)(options, make)  # others may have fetched
        publisher = Publisher(options, make)
        try:
            message = publisher.commit()
            print(f"committed: {message}" if message else "nothing new to commit")
            pushed = publisher.push()
        except GitError as error:
            return self.give_up(Exit.UNPUBLISHED, str(error))
        for home in pushed:
            print(f"{home.name}: {home.message}")
        return Exit.COMPLETE if all(home.is_taken for home in pushed) else Exit.UNPUBLISHED
