"""Pseudonyms of cases: the same case has the same one for as long as the key is the same."""

import hashlib
import hmac

from .errors import UnfitError

__all__ = ["Pseudonyms"]

SHORTEST = 32


class Pseudonyms:
    """Makes pseudonyms by HMAC-SHA256. Without the key nobody can tell whose they are, nor try ids until one fits.

    Raises:
        UnfitError: the key has fewer than 32 bytes.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < SHORTEST:
            raise UnfitError(f"the key of pseudonyms must have at least {SHORTEST} bytes")
        self._key = key

    def __repr__(self) -> str:
        return "Pseudonyms(...)"

    def of(self, case: str) -> str:
        """Return the pseudonym of a case, which can stand wherever an id of a case can: 128 bits, as hexadecimal digits."""
        return "P-" + hmac.new(self._key, b"case\0" + case.encode(), hashlib.sha256).hexdigest()[:32]
