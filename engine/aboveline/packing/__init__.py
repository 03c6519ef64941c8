"""Case records packed into Parquet: a table for each kind of fact, read a range of cases at a time.

``shapes`` says how records stand in tables, ``tables`` puts them there,
``writing`` packs, ``manifest`` is what a packed folder says of itself,
``reading`` opens one, ``columns`` reads what is wanted of it and ``later`` tells
what need not be read, ``records`` makes case records of tables, ``asat`` has their
facts as at a date, ``inputs`` reads records wherever they are.
"""

from .asat import AsAt, as_at
from .columns import PackedColumns
from .inputs import read_caseload, read_placed
from .manifest import PackManifest
from .reading import Packed, looks_packed
from .records import records_of
from .shapes import CASES, LAYOUT, SHAPES
from .tables import CASES_IN_A_CHUNK, Chunk, chunks_of
from .writing import pack

__all__ = [
    "CASES",
    "CASES_IN_A_CHUNK",
    "LAYOUT",
    "SHAPES",
    "AsAt",
    "Chunk",
    "PackManifest",
    "Packed",
    "PackedColumns",
    "as_at",
    "chunks_of",
    "looks_packed",
    "pack",
    "read_caseload",
    "read_placed",
    "records_of",
]
