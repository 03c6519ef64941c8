"""What is kept: case records, audits, judgements, actions, users, jobs, and the trail of who did what.

Knows case records and audit results, and nothing of HTTP. ``database`` opens
it, ``schema`` has the tables, ``act`` says who does something, ``scope`` whose
cases they may see; the other modules are what can be done, a topic each. Every
write takes an ``Act`` and is noted in the trail in the same transaction.
"""

from .act import Act, new_id
from .database import Database
from .errors import BusyError, ConflictError, LeaseLostError, NotFoundError, StoreError, UnfitError
from .scope import EVERY_AREA, AreaScope

__all__ = [
    "EVERY_AREA",
    "Act",
    "AreaScope",
    "BusyError",
    "ConflictError",
    "Database",
    "LeaseLostError",
    "NotFoundError",
    "StoreError",
    "UnfitError",
    "new_id",
]
