"""From the tree to the homes: one commit if something changed, brought to every home."""

from __future__ import annotations

import logging
import os
import posixpath
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from mirror.config.ssh import ssh_command
from mirror.errors import GitError
from mirror.pages.advance import advance
from mirror.pages.home import write_home
from mirror.pages.page_maker import PageMaker
from mirror.pages.rendering import Renderer
from mirror.pages.tree import Tree
from mirror.publishing.copies import Copier
from mirror.publishing.host_limits import Sizes, near_limits
from mirror.publishing.pushing import Push, Pushed, known_there, push_all
from mirror.publishing.removals import check_removals, is_page, removals
from mirror.publishing.repository import Repository
from mirror.store.database import open_database

if TYPE_CHECKING:
    from mirror.config.homes import Home
    from mirror.config.options import Options
    from mirror.publishing.repository import Change

logger = logging.getLogger(__name__)

_BRANCH = "main"  # where no home names one
_MAX_TITLES = 30  # in the message of a commit


class Publisher:
    """Publishes one tree.

    Each home has a history of its own, which is only ever added to; that of homes at MIRROR_PUBLIC_URL
    is the repository's HEAD, unless they had another one before.
    """

    def __init__(self, options: Options, allowed_removals: int = 0):
        """`allowed_removals` is how many files may go that nothing says are to go."""
        self.options = options
        self.allowed_removals = allowed_removals
        self.publishing = options.publishing
        self.database = open_database(options.database_url)
        keys = self.publishing.ssh_folder
        ssh = ssh_command(keys) if keys else ""
        name, email = self.publishing.name, self.publishing.email
        self.repository = Repository(options.output, name, email, ssh)
        self.copier = Copier(self.repository, self.database, options.feeds, options.script)

    def commit(self) -> str:
        """Commit the tree if it changed; return the message, "" if there is no news. Raises GitError."""
        self._write_home_page()
        advance("commit")
        with self.repository.ended_by_signals():
            self.repository.prepare(next((home.branch for home in self._main_homes()), _BRANCH))
            try:
                return self._commit()
            except GitError:
                if not self.repository.mend_objects():
                    raise
                return self._commit()

    def _commit(self) -> str:
        tree, head = self.repository.snapshot()
        changes = self.repository.changes(head, tree)
        if not changes:
            return ""
        self._check_removals(head, changes)
        message = self._message(changes)
        self.repository.update({"HEAD": self.repository.commit(tree, head, message)})
        for warning in near_limits(self._sizes(changes)):
            logger.warning("%(warning)s", {"warning": warning})
        return message

    def _sizes(self, changes: list[Change]) -> Sizes:
        """Return the sizes of what a commit has added to or changed."""
        folder = self.repository.folder
        paths = [change.path for change in changes if change.kind != "D"]
        files = {path: (folder / path).lstat().st_size for path in paths}
        folders = {posixpath.dirname(c.path) for c in changes if c.kind == "A"}
        counts = {path: sum(1 for _ in os.scandir(folder / path)) for path in folders}
        return Sizes(counts, files, self.repository.size(), sum(files.values()))

    def push(self) -> list[Pushed]:
        """Bring what is committed to all homes, and tell of each whether it took it; then tidy up.

        Needs no news: what a home did not take before is brought to it now. Raises GitError.
        """
        with self.repository.ended_by_signals():
            head = self.repository.find("HEAD^{commit}")
            if not head:
                return []
            pushed = self._push(head)
            if not all(home.is_taken for home in pushed) and self.repository.mend_objects():
                pushed = self._push(head)
            self.repository.tidy()
            return pushed

    def _push(self, head: str) -> list[Pushed]:
        pushes, unmade = [], []
        for home in self.publishing.homes:
            try:
                pushes.append(Push(home, reference_of(home), self._tip(home, head)))
            except GitError as error:
                unmade.append(Pushed(home.name, False, str(error)))
        advance("push")
        homes = self.publishing.homes
        self.copier.forget(tuple(self.copier.reference(h.public_url, h.script) for h in homes))
        return [*push_all(self.repository, pushes, self.publishing.timeout), *unmade]

    def _write_home_page(self) -> None:
        """Write the home page with its list of homes, which may have changed without any article."""
        if self.database.sections():
            renderer = Renderer.from_options(self.options)
            write_home(self.database, renderer, Tree(self.options.output))

    def _main_homes(self) -> list[Home]:
        return [h for h in self.publishing.homes if h.public_url == self.options.public_url]

    def _tip(self, home: Home, head: str) -> str:
        """Return the commit that a home should have, made if it is not there yet."""
        is_main, reference = home in self._main_homes(), reference_of(home)
        tip = self.repository.find(reference)
        has_copy = self.copier.has_copy(home.public_url, home.script)
        if not tip and has_copy:  # a power failure took the reference
            tip = known_there(self.repository, home, self.publishing.timeout)
        if is_main and (not tip or self.repository.is_ancestor(tip, head)):
            new = head
        else:
            tree = self.repository.tree(head) if is_main else self._copy(home, head)
            changes = self.repository.changes(tip, tree)
            if is_main:
                self._check_removals(tip, changes)
            new = self.repository.commit(tree, tip, self._message(changes)) if changes else tip
        if new != tip:
            self.repository.update({reference: new})
        return new

    def _copy(self, home: Home, head: str) -> str:
        there = replace(self.options, public_url=home.public_url, script=home.script)
        return self.copier.copy(head, PageMaker.from_options(there))

    def _check_removals(self, before: str, changes: list[Change]) -> None:
        found = removals(self.database, changes)
        if found.total > self.allowed_removals:
            standing = sum(map(is_page, self.repository.paths(before)))
            check_removals(found, standing, self.allowed_removals)

    def _message(self, changes: list[Change]) -> str:
        pages = Counter(change.kind for change in changes if is_page(change.path))
        titles: list[str] = []
        if self.publishing.shows_titles:
            new = [c.path for c in changes if c.kind == "A" and is_page(c.path)]
            titles = self.database.newest_titles(new, _MAX_TITLES)
        return self.publishing.subject(pages["A"], pages["M"], pages["D"], titles)


def reference_of(home: Home) -> str:
    """Return the reference of what a home has or should have; a name may be any text."""
    return f"refs/homes/{quote(home.name, safe='').replace('.', '%2E')}"
