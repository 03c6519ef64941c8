"""Audit several packed caseloads on Spark, each by a rulebook of its own, in one session: run by the tests.

    python tests/spark_jobs.py FOLDER ...

A folder has ``packed``, and ``by.pickle`` with the rulebook and the day; ``listed`` and ``result.json`` are written into it.
"""

import pickle
import sys
from pathlib import Path

from aboveline.caseload import audit_caseload
from aboveline.engines import Engine
from aboveline.packing import Packed


def main(*folders: str) -> None:
    """Audit each."""
    for folder in map(Path, folders):
        rulebook, as_of = pickle.loads((folder / "by.pickle").read_bytes())  # noqa: S301 - written by the test
        packed = Packed.open(folder / "packed")
        result = audit_caseload(packed, rulebook, as_of, listings=folder / "listed", engine=Engine.SPARK)
        (folder / "result.json").write_text(result.to_json(), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
