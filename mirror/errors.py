"""What can go wrong, in one short tree.

MirrorError
├── ArgumentError       an argument or setting that no run can start with
├── LockedError         another run is at work on the same tree or database
├── NotAnArticleError   a response that holds no article, with the reason
├── PostponedError      a request that was not sent any more, as the run ends
└── UnreadableError     a published page that does not tell what its article is, with the reason
"""

from __future__ import annotations


class MirrorError(Exception):
    """Any error of this project that has a message for the operator."""


class ArgumentError(MirrorError):
    """A wrong argument or setting: names it, the value given and what is allowed."""

    def __init__(self, name: str, value: object, allowed: str):
        super().__init__(f"{name}={value!s}: {allowed}")


class LockedError(MirrorError):
    """Names the run that holds the lock."""


class NotAnArticleError(MirrorError):
    """A page that was asked for as an article and is none."""


class PostponedError(MirrorError):
    """A request that waited when the run came to its end: its address stays due."""


class UnreadableError(MirrorError):
    """A published page that no article can be made of again."""
