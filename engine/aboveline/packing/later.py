"""Which dates of a Parquet file may be later than a day, as the statistics of its row groups tell without reading them."""

import datetime as dt
from collections.abc import Collection

import pyarrow.parquet as pq

__all__ = ["Later"]


class Later:
    """Tells of a file which of its columns of dates have, or may have, a date later than a day."""

    def __init__(self, metadata: pq.FileMetaData, as_of: dt.date) -> None:
        self._metadata = metadata
        self._as_of = as_of
        self._place = {name: place for place, name in enumerate(metadata.schema.names)}

    def of(self, groups: range, columns: Collection[str]) -> set[str]:
        """Return the columns that some row group may have a later date in."""
        return {name for name in columns if any(self._may_be(group, name) for group in groups)}

    def _may_be(self, group: int, name: str) -> bool:
        chunk = self._metadata.row_group(group).column(self._place[name])
        found = chunk.statistics
        if found is not None and found.has_null_count and found.null_count == chunk.num_values:
            return False
        # A file of another writer may say nothing of its dates: then they are read.
        return found is None or not found.has_min_max or bool(found.max > self._as_of)
