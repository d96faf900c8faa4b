"""A site's file tried on its saved pages: what it gives, what is wrong with it, what is missing."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from inspect import getdoc, getsource
from pathlib import Path

from mirror.sites.base import Site, lacking
from mirror.sites.checks import (
    Finding,
    SavedPage,
    check_addresses,
    check_articles,
    check_crawl,
    check_names,
    check_selectors,
    check_supply,
    check_times,
    wrong,
)
from mirror.sites.samples import REVIEWED, expected, load

_CHECKS = (
    check_names,
    check_addresses,
    check_articles,
    check_times,
    check_crawl,
    check_supply,
    check_selectors,
)
_MAX_NAMES = 4  # of pages that lack a field
_FIELDS = {  # as the report names them
    "title": "title",
    "body_text": "body",
    "published": "time of publication",
    "updated": "time of the last change",
    "lead_image": "lead picture",
    "lead_caption": "its caption",
    "reporter": "reporter",
    "editor": "editor",
    "tags": "tags",
}


@dataclass
class Report:
    """What was found: how many pages of each kind, which articles lack which field, what to do."""

    kinds: Counter[str] = field(default_factory=Counter)
    fields: dict[str, list[str]] = field(default_factory=dict)  # field -> pages without it
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is wrong or missing."""
        return all(finding.kind == "note" for finding in self.findings)

    def lines(self) -> Iterator[str]:
        """Yield the report in words."""
        count = self.kinds["article"]
        if self.kinds:
            yield "Saved pages: " + ", ".join(
                f"{n} {kind}" for kind, n in sorted(self.kinds.items())
            )
        for name, without in self.fields.items():
            names = [*without[:_MAX_NAMES], *(["..."] if len(without) > _MAX_NAMES else [])]
            lacks = f"   not on {', '.join(names)}" if names else ""
            yield f"  {name:<24}{count - len(without):>4} of {count}{lacks}"
        for kind in ("wrong", "missing", "note"):
            for finding in self.findings:
                if finding.kind == kind:
                    yield f"{kind.capitalize()}: {finding.text}"


def check_site(site: type[Site], folder: Path) -> Report:
    """Return what is found of a site's file, complete or not, and of its saved pages in a folder."""
    if missing := lacking(site):
        return Report(findings=[Finding("missing", _described(site, name)) for name in missing])
    report, pages, complete = Report(), [], site()
    for file in sorted(f for f in folder.glob("*") if f.suffix in (".html", ".xml")):
        try:
            pages.append(_saved(complete, file))
        except Exception as error:  # whatever a file that is being written does with a page
            report.findings.append(wrong(f"{file.stem}: {type(error).__name__}: {error}"))
    report.kinds = Counter("error" if "error" in p.made else p.sample.kind for p in pages)
    articles = [page for page in pages if page.is_article]
    report.fields = {
        name: [page.name for page in articles if not page.made[key]]
        for key, name in _FIELDS.items()
        if articles
    }
    for check in _CHECKS:
        try:
            report.findings += check(complete, pages)
        except Exception as error:
            told = f"{check.__name__.replace('_', ' ')}: {type(error).__name__}: {error}"
            report.findings.append(wrong(told))
    return report


def _saved(site: Site, file: Path) -> SavedPage:
    sample, told = load(file), file.with_suffix(".json")
    wanted = json.loads(told.read_text("utf-8")) if told.exists() else {REVIEWED: False}
    is_reviewed = wanted.pop(REVIEWED, True)
    return SavedPage(file.stem, sample, expected(site, sample), wanted if is_reviewed else None)


def _described(site: type[Site], name: str) -> str:
    """Return what a site lacks, with what that is for, as the classes that ask for it say."""
    if name.endswith("()"):
        told = getdoc(getattr(site, name.removesuffix("()"))) or ""
        return f"{name}: {told.splitlines()[0]}"
    sources = "".join(getsource(base) for base in site.__mro__ if issubclass(base, Site))
    comment = re.search(rf"^    {name}: ClassVar\[.*  # (.*)", sources, re.MULTILINE)
    return f"{name}: {comment[1]}" if comment else name
