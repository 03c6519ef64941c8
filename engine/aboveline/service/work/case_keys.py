"""Keys by which a case is known in addresses: opaque without the secret, and the same case always has the same.

A key is the id of the case, encrypted and authenticated (AES-SIV, RFC 5297). So
a key that nobody was given is no key at all, and none has to be kept.
"""

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

__all__ = ["CaseKeys"]

_WHAT = [b"aboveline case key"]


class CaseKeys:
    """Makes keys of ids, and ids of keys."""

    def __init__(self, secret: bytes) -> None:
        self._cipher = AESSIV(hashlib.sha512(b"case keys\0" + secret).digest())

    def __repr__(self) -> str:
        return "CaseKeys(...)"

    def of(self, case: str) -> str:
        """Return the key of a case."""
        sealed = self._cipher.encrypt(case.encode(), _WHAT)
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def case(self, key: str) -> str | None:
        """Return the id that a key stands for; none where nobody made that key here."""
        try:
            sealed = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
            case = self._cipher.decrypt(sealed, _WHAT).decode()
        except (binascii.Error, InvalidTag, ValueError):
            return None
        # Base64 can be written in more than one way: a key has one address.
        return case if self.of(case) == key else None
