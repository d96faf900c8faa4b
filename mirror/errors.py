"""What can go wrong, in one short tree.

MirrorError
├── ArgumentError       an argument or setting that no run can start with
├── SiteError           a site's file that lacks something, and what
├── LockedError         another run is at work on the same tree or database
├── GitError            Git did not do what it was asked to, with the reason
├── ListingError        a listing that cannot be read on now; the next run takes it up
│   └── ListingPageError    one page of it; what follows may be read all the same
├── NotAnArticleError   a response that holds no article, with the reason
├── RetryLaterError         a response in which an article cannot be seen this time, with the reason
├── RefusedError        an article that no page can be made of, with the reason
├── PostponedError      a request that was not sent any more, as the run ends
└── UnreadableError     a published page that does not tell what its article is, with the reason
"""

from __future__ import annotations

import re

# An address, up to where a list names the next one, and what of it cannot be a host and a port.
_ADDRESS_RE = re.compile(r"//((?:(?![,;|\"'<][a-z][a-z\d+.-]*://)\S)+)", re.IGNORECASE)
_HOST_RE = re.compile(r"(?:[^\s/?#@:]*\.[^\s/?#@:]*|localhost)(?=[/?#])", re.IGNORECASE)
_SPACED_RE = re.compile(r"//[^\s/?#@:\[]*:(?!\d*(?:[\s/?#\"',;]|$))[^\s@]*\s[^@\n]*@")
_BARE_RE = re.compile(r"(?<![^\s=\"'(,])[^\s/:@=\"'(,]+:(?!//)[^\s@][^\s]*@")  # without a scheme
_QUERY_RE = re.compile(
    r"([?&][^=&\s]*(?:pass|secret|token|key|auth)[^=&\s]*=)[^&\s\"']+", re.IGNORECASE
)
_DAMAGE = ("malformed", "not a database", "database corruption")  # as SQLite says it


class MirrorError(Exception):
    """Any error of this project that has a message for the operator."""


class ArgumentError(MirrorError):
    """A wrong argument or setting: names it, the value without secrets, if it has one, and what is
    allowed."""

    def __init__(self, name: str, value: object, allowed: str):
        given = name if value is None else f"{name}={without_secrets(str(value))}"
        super().__init__(f"{given}: {allowed}")


class SiteError(MirrorError):
    """A site's file that is not complete: names the site and what it lacks."""


class LockedError(MirrorError):
    """Names the run that holds the lock."""


class GitError(MirrorError):
    """Says what Git was to do, and what it said."""


class ListingError(MirrorError):
    """A listing that cannot be read on: a page of it failed, or it moves faster than it is read."""


class ListingPageError(ListingError):
    """One page of a listing that cannot be had, or does not join the one before it; those behind it may."""


class NotAnArticleError(MirrorError):
    """A page that was asked for as an article and is none; `field` is what was not found on it."""

    def __init__(self, reason: str, field: str = ""):
        super().__init__(reason)
        self.field = field


class RetryLaterError(MirrorError):
    """A response that is not the article asked for, but may be at another time; `field` as above."""

    def __init__(self, reason: str, field: str = ""):
        super().__init__(reason)
        self.field = field


class RefusedError(MirrorError):
    """An article that no page can be made of: its body is empty, or its page too long to be shown."""


class PostponedError(MirrorError):
    """A request that waited when the run came to its end: its address stays due."""


class PictureError(MirrorError):
    """A picture that is not kept: says why."""


class UnreadableError(MirrorError):
    """A published page that no article can be made of again."""


def without_secrets(text: str) -> str:
    """Return a text without the users, passwords and tokens in its addresses.

    A password may hold any character, so all up to the last `@` of an address is taken out, unless
    it begins with a host that has no port: then the `@` is part of the path.

    >>> without_secrets("https://me:p@ss/word@a.example/x and redis://:secret@b.example:6379/0")
    'https://***@a.example/x and redis://***@b.example:6379/0'
    >>> without_secrets("https://a.example/@name?page=2&token=secret")
    'https://a.example/@name?page=2&token=***'
    """
    whole = _ADDRESS_RE.sub(_masked, _QUERY_RE.sub(r"\1***", text))
    return _BARE_RE.sub("***@", _SPACED_RE.sub("//***@", whole))


def _masked(address: re.Match[str]) -> str:
    rest = address[1]
    is_path = "@" not in rest or _HOST_RE.match(rest)
    return address[0] if is_path else f"//***@{rest.rpartition('@')[2]}"


def in_words(error: BaseException) -> str:
    """Return an error as it is told: of a database what that says, in one line and without the statement that
    it was given, or what to do if it is damaged."""
    if any(sign in str(error) for sign in _DAMAGE):
        return (
            "The database is damaged. Put its files aside (also -wal and -shm), put back a copy that "
            "scrapy backup has made, if there is one, and run scrapy adopt: it reads from the published "
            "pages what the database lacks"
        )
    said = getattr(error, "orig", None)  # the driver's own error inside SQLAlchemy's
    return f"the database says: {' '.join(str(said).split())}" if said else str(error)
