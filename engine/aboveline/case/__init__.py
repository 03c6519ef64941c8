"""Case records: what is recorded of one person's supervision, validated and typed.

``record`` is the whole, the other modules its parts by topic, ``base`` what
they are made of, ``loading`` how they are read. Nothing here knows of rules.
"""

from .loading import Rejected, read_cases, read_record
from .record import SCHEMA_VERSION, CaseRecord

__all__ = ["SCHEMA_VERSION", "CaseRecord", "Rejected", "read_cases", "read_record"]
