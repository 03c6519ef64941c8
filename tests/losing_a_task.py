"""Audit a packed caseload on Spark, with a task that dies once it has written its listings: run by the tests.

python tests/losing_a_task.py PACKED LISTINGS
"""

import datetime as dt
import os
import signal
import sys
from pathlib import Path

from aboveline import caseload, spark
from aboveline.caseload import audit_caseload
from aboveline.engines import Engine
from aboveline.packing import Packed
from aboveline.rulebook import load_rulebook


def main(packed: Path, listings: Path) -> None:
    """Write the result beside the listings, and what was tried."""
    caseload.CASES_IN_A_PART = 300
    on_spark = spark.parts_on_spark
    tried = listings.parent / "tried"

    def losing(audit, parts):  # type: ignore[no-untyped-def]
        def dies_once(part, groups):  # type: ignore[no-untyped-def]
            gathered = audit(part, groups)
            with tried.open("a") as file:
                file.write(f"{part}\n")
            if part == 1 and tried.read_text().splitlines().count("1") == 1:
                os.kill(os.getpid(), signal.SIGKILL)
            return gathered

        return on_spark(dies_once, parts)

    spark.parts_on_spark = losing
    result = audit_caseload(
        Packed.open(packed), load_rulebook(), dt.date(2013, 12, 2), listings=listings, engine=Engine.SPARK
    )
    (listings.parent / "result.json").write_text(result.to_json(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
