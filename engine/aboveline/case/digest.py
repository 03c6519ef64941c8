"""The hash of case records: the same for the same records, in any order and wherever they were read from."""

import hashlib
from collections.abc import Iterable

from .record import CaseRecord

__all__ = ["digest_of", "hash_of"]


def digest_of(record: CaseRecord) -> bytes:
    """Return the SHA-256 of what is recorded of a case."""
    return hashlib.sha256(record.model_dump_json(exclude_defaults=True).encode()).digest()


def hash_of(digests: Iterable[bytes]) -> str:
    """Return the hash of records from their digests, in any order: the ``cases`` of an audit's manifest."""
    return hashlib.sha256(b"".join(sorted(digests))).hexdigest()
