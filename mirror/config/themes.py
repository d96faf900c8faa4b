"""The folders of templates: those that come with the project, and the operator's own."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from mirror.errors import ArgumentError

if TYPE_CHECKING:
    from importlib.abc import Traversable

DEFAULT_THEME = "default"
SHIPPED_THEMES = (DEFAULT_THEME, "classic")


def theme_folders(theme: str, last: str = DEFAULT_THEME) -> list[Traversable]:
    """Return a theme's folder, and behind it the one for the files that it lacks, which stands in
    for the default one.

    `theme` is the name of a folder in templates/, or the path of a folder anywhere. Raises
    ArgumentError if there is no such folder.
    """
    named = "/" not in theme and theme not in ("", ".", "..")
    folder = _shipped() / theme if named else Path(theme)
    if not theme or not folder.is_dir() or (named and not _is_theme(folder)):
        names = ", ".join(theme_names())
        raise ArgumentError(
            "MIRROR_THEME", theme, f"no such theme; there is {names}, or give a folder's path"
        )
    last_folder = _shipped() / last
    return [last_folder] if theme == DEFAULT_THEME else [folder, last_folder]


def theme_names() -> list[str]:
    """Return the names of the themes in templates/, sorted."""
    return sorted(folder.name for folder in _shipped().iterdir() if _is_theme(folder))


def template_files(kind: str) -> dict[str, str]:
    """Return the templates of a kind of export by their names, sorted."""
    folder = _shipped() / kind
    return {
        file.name: file.read_text("utf-8")
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.is_file()
    }


def is_packed() -> bool:
    """Return whether this is an egg, with the templates inside of it, and no checkout."""
    return _packed().is_dir()


def _is_theme(folder: Traversable) -> bool:
    """Whether a folder of templates/ has pages; those of exports have none."""
    return folder.is_dir() and any(file.name.endswith(".md.j2") for file in folder.iterdir())


def _packed() -> Traversable:
    return files("mirror") / "templates"


def _shipped() -> Traversable:
    """Return templates/: inside the package in an egg, beside it in a checkout."""
    return _packed() if is_packed() else Path(__file__).resolve().parents[2] / "templates"
