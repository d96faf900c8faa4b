"""What the operator gives beside the command line: a file of settings, and the environment.

The file is `mirror.toml` beside scrapy.cfg, or what MIRROR_CONFIG names. A key is the name of a setting
without its prefix, in small letters; the table `[scrapy]` holds settings of Scrapy by their own names.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from mirror.config.names import CONFIG, PREFIX, check_environment, no_such
from mirror.config.scrapys import check_tables
from mirror.errors import ArgumentError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE = "mirror.toml"
_SCRAPY = "scrapy"  # the table of Scrapy's own settings
_PATHS = (
    "MIRROR_OUTPUT",
    "MIRROR_EXPORT_FOLDER",
    "MIRROR_SIGN_KEY",
    "MIRROR_SSH_FOLDER",
    "MIRROR_STATS_FILE",
    "MIRROR_METRICS_FILE",
    "MIRROR_WARC",
    "LOG_FILE",
)
_KINDS: dict[str, tuple[type, ...]] = {  # beside a text or a number
    "MIRROR_EXPORTS": (list,),
    "MIRROR_GROUPS": (dict,),
    "MIRROR_HOMES": (list,),
    "MIRROR_NOTIFY_ON": (list,),
    "MIRROR_PINNED": (list,),
    "MIRROR_PROXIES": (list,),
    "MIRROR_PUBLISH": (bool,),
    "MIRROR_SECTIONS": (list,),
    "MIRROR_SUSPICION": (bool,),
}
_NAMES = {list: "a list", dict: "a table", bool: "true or false"}
_SQLITE = "sqlite:///"


def config_file(environment: Mapping[str, str], folder: Path) -> Path | None:
    """Return the file of settings for a run in a folder, None if there is none."""
    if environment.get(CONFIG):
        return Path(environment[CONFIG]).expanduser()
    projects = (place for place in (folder, *folder.parents) if (place / "scrapy.cfg").is_file())
    file = next(projects, folder) / FILE
    return file if file.is_file() else None


def given(known: Collection[str], environment: Mapping[str, str], folder: Path) -> dict[str, Any]:
    """Return the settings that the file and the environment give, which wins; what is wrong with them
    is left out, `check_given` says it."""
    try:
        found = _settings(config_file(environment, folder))
    except ArgumentError:
        found = {}
    ours = {name: value for name, value in environment.items() if name.startswith(PREFIX)}
    wanted = {**found, **ours}
    return {n: value for n, value in wanted.items() if n in known or not n.startswith(PREFIX)}


def check_given(known: Collection[str], environment: Mapping[str, str], folder: Path) -> None:
    """Raise ArgumentError for a file that cannot be read, or for the first name that is unknown in it
    or in the environment; `known` are the names of Scrapy's settings, too."""
    check_environment(environment, known)
    file = config_file(environment, folder)
    _settings(file, known)


def _check_known(file: Path, name: str, known: Collection[str]) -> None:
    """Raise ArgumentError for a setting that does not exist."""
    if name in known:
        return
    is_ours = name.startswith(PREFIX)
    names = [_key(n) for n in known if n.startswith(PREFIX)] if is_ours else known
    key = _key(name) if is_ours else name
    raise ArgumentError(f"{file}: {key}", None, no_such("setting", key, names))


def _settings(file: Path | None, known: Collection[str] = ()) -> dict[str, Any]:
    """Return the settings of a file by their full names; if names are `known`, there may be no other.
    Raises ArgumentError."""
    if file is None:
        return {}
    content = _content(file)
    scrapys = content.pop(_SCRAPY, {})
    if not isinstance(scrapys, dict):
        raise ArgumentError(f"{file}: {_SCRAPY}", None, "must be a table of Scrapy's settings")
    _check_keys(file, content, scrapys)
    ours = {f"{PREFIX}{key.upper()}": value for key, value in content.items()}
    for name in (*ours, *scrapys) if known else ():
        _check_known(file, name, known)
    for name, value in ours.items():
        _check_kind(file, name, value)
    check_tables(scrapys)
    named = ours | scrapys
    return {name: _placed(name, value, file.absolute().parent) for name, value in named.items()}


def _content(file: Path) -> dict[str, Any]:
    """Return what a file of settings holds. Raises ArgumentError if it cannot be read."""
    try:
        content: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
        return content
    except OSError as error:
        raise ArgumentError(CONFIG, file, f"cannot be read: {error.strerror}") from None
    except ValueError as error:  # not TOML, or not UTF-8
        raise ArgumentError(str(file), None, f"is not TOML: {error}") from None


def _check_keys(file: Path, content: Collection[str], scrapys: Collection[str]) -> None:
    """Raise ArgumentError for a name that stands in the other part of the file, or in another form."""
    for key in content:
        if key != key.lower() or key.startswith(PREFIX.lower()):
            allowed = "keys are the names of settings in small letters, without MIRROR_"
            raise ArgumentError(f"{file}: {key}", None, allowed)
    for key in scrapys:
        if key.startswith(PREFIX):
            allowed = f"stands outside of [{_SCRAPY}], as {_key(key)}"
            raise ArgumentError(f"{file}: {key}", None, allowed)


def _check_kind(file: Path, name: str, value: Any) -> None:
    """Raise ArgumentError for a list, a table or a flag where a text or a number belongs."""
    allowed = _KINDS.get(name, ())
    for kind, word in _NAMES.items():
        if isinstance(value, kind) and kind not in allowed:
            others = ", ".join(("a text or a number", *(_NAMES[one] for one in allowed)))
            raise ArgumentError(f"{file}: {_key(name)}", None, f"is {word}; must be {others}")


def _placed(name: str, value: Any, folder: Path) -> Any:
    """Return a setting of a file in a folder, with what is a relative path made absolute."""
    is_path = name in _PATHS or (name == "MIRROR_THEME" and "/" in str(value))
    if is_path and value:
        return str(folder / Path(str(value)).expanduser())
    if name == "MIRROR_DATABASE_URL" and str(value).startswith(_SQLITE):
        return f"{_SQLITE}{folder / str(value).removeprefix(_SQLITE)}"
    if name == "MIRROR_HOMES" and isinstance(value, list):
        return [_home(home, folder) for home in value]
    return value


def _home(home: Any, folder: Path) -> Any:
    """Return a home with its remote made absolute, if that is a relative path."""
    remote = home.get("remote") if isinstance(home, dict) else None
    if isinstance(remote, str) and remote.startswith("."):
        return {**home, "remote": str(folder / remote)}
    return home


def _key(name: str) -> str:
    return name.removeprefix(PREFIX).lower()
