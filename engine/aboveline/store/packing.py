"""Texts that are kept gzipped, with the hash of what they say."""

import gzip
import hashlib
import zlib
from collections.abc import Iterable

from .errors import ConflictError

__all__ = ["marks_of", "packed", "unpacked"]


def packed(text: bytes) -> tuple[str, bytes]:
    """Return the hash of a text, and the text gzipped."""
    return hashlib.sha256(text).hexdigest(), gzip.compress(text, compresslevel=4, mtime=0)


def unpacked(content: bytes, digest: str | None = None) -> bytes:
    """Return the text; held to its hash, where one is given.

    Raises:
        ConflictError: it is not as it was kept.
    """
    try:
        text = gzip.decompress(content)
    except (OSError, EOFError, zlib.error):
        text = None
    if text is None or (digest is not None and hashlib.sha256(text).hexdigest() != digest):
        raise ConflictError("the result is not as it was kept: restore the database from a backup")
    return text


def marks_of(cases: Iterable[str]) -> list[bytes]:
    """Return how cases may stand in a text, to look for before all of it is read."""
    return [f"{quote}{case}{quote}".encode() for case in cases for quote in "\"'"]
