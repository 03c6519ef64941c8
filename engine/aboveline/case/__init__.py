"""Case records: what is recorded of one person's supervision, validated and typed.

``record`` is the whole, the other modules its parts by topic, ``base`` what
they are made of, ``loading`` how they are read. Nothing here knows of rules.
"""

from .digest import digest_of, hash_of
from .loading import Placed, Rejected, each_once, files_in, read_cases, read_file, read_record
from .record import SCHEMA_VERSION, CaseRecord

__all__ = [
    "SCHEMA_VERSION",
    "CaseRecord",
    "Placed",
    "Rejected",
    "digest_of",
    "each_once",
    "files_in",
    "hash_of",
    "read_cases",
    "read_file",
    "read_record",
]
