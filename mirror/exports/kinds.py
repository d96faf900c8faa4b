"""The kinds of exports: what each has to define, and where it is. A new one is a file, and a line here."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from mirror.config.page_paths import HOME, public_address
from mirror.config.script import SCRIPTS, check_script
from mirror.config.themes import template_files
from mirror.content.script import LANGUAGES, text_in
from mirror.errors import ArgumentError
from mirror.exports.articles import Catalogue
from mirror.exports.selection import ARGUMENTS, Selection
from mirror.sites import site_names

if TYPE_CHECKING:
    from mirror.config.options import Options

_KINDS = {  # modules with a KIND
    "bundle": "mirror.exports.bundle",
    "epub": "mirror.exports.epub",
    "site": "mirror.exports.site",
    "zim": "mirror.exports.zim",
}


@dataclass(frozen=True, slots=True)
class Volume:
    """One file of an export, with articles by their ids, in order, if it is made of articles."""

    path: str  # in the folder of the kind
    title: str
    ids: Sequence[str]


class Kind(ABC):
    """A kind of export; `arguments` are those that it takes beside the selection's."""

    name: ClassVar[str]
    selects: ClassVar[bool] = True  # whether it is of articles that arguments select
    arguments: ClassVar[tuple[str, ...]] = ()
    templates: ClassVar[str] = ""  # the folder in templates/ whose files it uses, if any

    def __init__(self, options: Options, selection: Selection, given: Mapping[str, str]):
        """Raises ArgumentError for a wrong argument, and for what is not installed."""
        self.options = options
        self.selection = selection
        self.given = given
        self.script = _script(given) or options.script
        folder = f"{self.name}-{self.script}" if "script" in given else self.name
        self.folder = options.exporting.folder / folder
        self.home = public_address(options.public_url, HOME) if options.is_public else ""

    def open(self) -> None:
        """Open the database; from here on `catalogue` can be used."""
        self.catalogue = Catalogue(self.options, self.selection, self.script)

    @property
    def language(self) -> str:
        """The language of what is made, as zh-Hant."""
        return LANGUAGES[self.script]

    def words(self, text: str) -> str:
        """Return a text in the script of what is made."""
        return text_in(self.script, text)

    @abstractmethod
    def volumes(self) -> list[Volume]:
        """Return the files to make, in order."""

    def basis(self, volume: Volume) -> Iterator[object]:
        """Yield all that a volume follows from, beside arguments, title and the home's address."""
        yield list(volume.ids)
        yield from self.catalogue.versions(volume.ids)
        if self.templates:
            yield template_files(self.templates)

    def measure(self, volumes: list[Volume]) -> tuple[float, float] | None:
        """Return the size in bytes and the time in seconds that volumes will take, roughly; None: a
        sample of their articles will tell."""
        return None

    def sample(self, volumes: list[Volume]) -> Volume:
        """Return the volume that is made of a sample of its articles to measure what all will take."""
        return max(volumes, key=lambda volume: len(volume.ids))

    @abstractmethod
    def write(self, volume: Volume, file: Path) -> None:
        """Write a volume; the file is new, or left by a run that was killed."""


def _script(given: Mapping[str, str]) -> str:
    script = given.get("script")
    if script is None:
        return ""
    if script not in SCRIPTS:
        raise ArgumentError("script", script, f"must be one of {', '.join(SCRIPTS)}")
    check_script("script", script)
    return script


def kind_names() -> list[str]:
    """Return the names of all kinds, sorted."""
    return sorted(_KINDS)


def make_kind(name: str, options: Options, given: Mapping[str, str]) -> Kind:
    """Return a kind of export with arguments as given. Raises ArgumentError."""
    if name not in _KINDS:
        raise ArgumentError("kind", name, f"must be one of {', '.join(kind_names())}")
    kind: type[Kind] = import_module(_KINDS[name]).KIND
    allowed = (*((*ARGUMENTS, "script") if kind.selects else ()), *kind.arguments)
    for argument in given:
        if argument not in allowed:
            raise ArgumentError(argument, given[argument], f"{name} takes {', '.join(allowed)}")
        if argument not in ARGUMENTS and not given[argument].strip(" ,"):
            raise ArgumentError(argument, given[argument], "is empty; leave it out, or say what")
    return kind(options, Selection.from_arguments(given, site_names()), given)


def check_calls(options: Options) -> None:
    """Raise ArgumentError for the first call of MIRROR_EXPORTS that is wrong."""
    for call in options.exporting.at_end:
        try:
            make_kind(call.kind, options, call.arguments)
        except ArgumentError as error:
            raise ArgumentError("MIRROR_EXPORTS", call.kind, str(error)) from None
