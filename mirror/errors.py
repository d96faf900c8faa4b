"""What can go wrong, in one short tree.

MirrorError
├── ArgumentError       an argument or setting that no run can start with
├── LockedError         another run is at work on the same tree or database
├── GitError            Git did not do what it was asked to, with the reason
├── ListingError        a listing that cannot be read on now; the next run takes it up
├── NotAnArticleError   a response that holds no article, with the reason
├── RetryLaterError         a response in which an article cannot be seen this time, with the reason
├── RefusedError        an article that no page can be made of, with the reason
├── PostponedError      a request that was not sent any more, as the run ends
└── UnreadableError     a published page that does not tell what its article is, with the reason
"""

from __future__ import annotations

import re

_SECRET_RE = re.compile(r"//[^/\s\"']*@")  # user and password in an address


class MirrorError(Exception):
    """Any error of this project that has a message for the operator."""


class ArgumentError(MirrorError):
    """A wrong argument or setting: names it, the value given and what is allowed."""

    def __init__(self, name: str, value: object, allowed: str):
        super().__init__(f"{name}={value!s}: {allowed}")


class LockedError(MirrorError):
    """Names the run that holds the lock."""


class GitError(MirrorError):
    """Says what Git was to do, and what it said."""


class ListingError(MirrorError):
    """A listing that cannot be read on: a page of it failed, or it moves faster than it is read."""


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


class UnreadableError(MirrorError):
    """A published page that no article can be made of again."""


def without_secrets(text: str) -> str:
    """Return a text without the users and passwords that stand in addresses.

    >>> without_secrets("https://me:secret@a.example/x")
    'https://***@a.example/x'
    """
    return _SECRET_RE.sub("//***@", text)
