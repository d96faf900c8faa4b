"""Signing what is passed on, in the format of minisign, with a key that names nobody."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from mirror.errors import ArgumentError

if TYPE_CHECKING:
    from minisign import SecretKey

logger = logging.getLogger(__name__)

ENDING = ".minisig"
_SETTING = "MIRROR_SIGN_KEY"
_COMMENT = "signature"  # no time, no file, no name
_OTHERS = 0o077  # the rights of others than the owner


class Signer:
    """Signs with a secret key from a file; the same content and key give the same signature."""

    def __init__(self, file: Path, public: tuple[Path, ...]):
        """`public` are the folders that the key must not lie in. Raises ArgumentError for a key that
        cannot be signed with."""
        self.file = file
        for folder in public:
            if file.resolve().is_relative_to(folder.resolve()):
                raise ArgumentError(_SETTING, file, f"must not lie in {folder}, which others get")
        if find_spec("minisign") is None:
            allowed = "needs py-minisign: pip install -r requirements-exports.txt"
            raise ArgumentError(_SETTING, file, allowed)
        self._key = _read(file)

    @property
    def public_key(self) -> str:
        """What readers check a signature with."""
        key: bytes = self._key.get_public_key().to_base64()
        return key.decode("ascii")

    def warn(self) -> None:
        """Log a warning if others on this machine have rights to the key."""
        mode = self.file.stat().st_mode
        if mode & _OTHERS:
            values = {"file": self.file, "mode": f"{mode & 0o777:o}"}
            logger.warning("%(file)s is not yours alone (%(mode)s): chmod 600 it", values)

    def sign(self, content: bytes) -> bytes:
        """Return the signature of some content, as a file."""
        signature = self._key.sign(content, untrusted_comment=_COMMENT, trusted_comment=_COMMENT)
        return bytes(signature) + b"\n"


def _read(file: Path) -> SecretKey:
    import minisign

    try:
        key = minisign.SecretKey.from_file(file)
        if key.is_encrypted():
            allowed = "has a password, which nobody can type here: make a key with minisign -G -W"
            raise ArgumentError(_SETTING, file, allowed)
        key.get_public_key().verify(b"", key.sign(b""))
    except OSError as error:
        raise ArgumentError(_SETTING, file, f"cannot be read: {error.strerror}") from None
    except ValueError:
        allowed = "must be a secret key of minisign, made with minisign -G -W"
        raise ArgumentError(_SETTING, file, allowed) from None
    return key
