"""Audit the parts of a packed caseload on Spark: the same parts, by the same columns, on as many machines as there are.

Cases are independent of each other, so there is nothing to compile for Spark: each
task is handed the number of a part, reads it, audits it as ``caseload`` does,
writes its listings and sends back what it counted. A task that is lost is Spark's
to do again. It writes the same files over what it wrote, and what it counted
comes back once, so nothing is doubled.

Every machine must see the caseload and the folder of the listings under the same
path. ``docs/running-large.md`` says how to submit to a cluster.
"""

import os
import pickle
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa

from aboveline.gathering import Gathering
from aboveline.problems import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["parts_on_spark"]

_INSTALL = "Spark is not installed here: install aboveline[spark], with Java 17 or later"
_TRIES = 4
_SHAPE = "part bigint, gathered binary"


def parts_on_spark(audit: "Callable[[int, range], Gathering]", parts: list[range]) -> Iterator[Gathering]:
    """Yield what comes of the parts of a packed caseload, as a session of Spark does them.

    The session is that of whoever submitted the program, or a local one.

    Args:
        audit: audits a part of a caseload that every machine sees, given its number and its row groups; it is pickled.
        parts: the row groups of each part.

    Raises:
        InputError: Spark is not installed.
    """
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise InputError([Problem("--engine spark", None, "", _INSTALL)]) from error

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for part in batch.column("part").to_pylist():
                gathered = audit(part, parts[part])
                yield pa.RecordBatch.from_pydict(
                    {"part": pa.array([part], pa.int64()), "gathered": [pickle.dumps(gathered)]}
                )

    # Where nobody says which Python the tasks are to use, it is this one: Spark would take whatever python3 is.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("aboveline").config("spark.ui.showConsoleProgress", "false")
    if (
        "PYSPARK_GATEWAY_PORT" not in os.environ
    ):  # nobody submitted this, so it runs here: with retries, as a cluster has
        builder = builder.master(f"local[*,{_TRIES}]")
    session = builder.getOrCreate()
    numbers = session.range(0, len(parts), 1, max(1, len(parts))).withColumnRenamed("id", "part")
    for row in numbers.mapInArrow(work, _SHAPE).collect():
        yield pickle.loads(row["gathered"])  # noqa: S301 - our own, from our own tasks
