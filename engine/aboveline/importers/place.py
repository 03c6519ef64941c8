"""A value in a JSON file with the place where it stands, and the notes made of places.

A place is asked for a text, a day, a flag. What is not there is ``None``. What
is there and cannot be read so is ``None`` too, and noted. A note never repeats
what a file says unless it is a code, a date or a reference number: anything
else may be about a person.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aboveline.problems import Problem, in_order

__all__ = ["Notes", "Place"]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.,]+(Z|[+-][0-9:]+)?)?")
_CODE = re.compile(r"[A-Za-z0-9_]{1,12}")
_REFERENCE = re.compile(r"[A-Z]{0,2}[0-9]{1,20}")
_FIRST, _LAST = 1900, 2100


class Notes:
    """What was not mapped, or contradicts, gathered while files are read."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def add(self, source: str, path: str, reason: str) -> None:
        """Take one note; the same note of the same place counts once."""
        self._found.append(Problem(source, None, path, reason))

    def all(self) -> tuple[Problem, ...]:
        """Return every note, in the order of files and paths."""
        return tuple(in_order(self._found))


@dataclass(frozen=True)
class Place:
    """A value, the file it stands in and the path to it there."""

    source: str
    path: str
    value: object
    notes: Notes

    @property
    def file(self) -> str:
        """The name of the file alone, for a note made elsewhere."""
        return Path(self.source).name

    def note(self, reason: str, key: str = "") -> None:
        """Note something of this place, or of a key in it."""
        self.notes.add(self.source, self._path(key) if key else self.path, reason)

    def at(self, key: str) -> "Place":
        """Return the place of a key, whose value is ``None`` where there is none."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return Place(self.source, self._path(key), value, self.notes)

    def has(self, *keys: str) -> bool:
        """Tell whether any of these keys is there, with a value or with null."""
        return isinstance(self.value, dict) and any(key in self.value for key in keys)

    def items(self) -> Iterator["Place"]:
        """Yield the objects of a list that the case system has not deleted."""
        if self.value is None:
            return
        if not isinstance(self.value, list):
            self.note("this should be a list, so nothing of it is used")
            return
        for number, value in enumerate(self.value):
            item = Place(self.source, f"{self.path}[{number}]", value, self.notes)
            if not isinstance(value, dict):
                item.note("this should be an object with fields, so it is not used")
            elif value.get("softDeleted") is True:
                item.note("not used: it is marked as deleted in the case system")
            else:
                yield item

    def each(self, key: str) -> Iterator["Place"]:
        """Yield the objects of the list at a key."""
        return self.at(key).items()

    def text(self, key: str) -> str | None:
        """Read words; blank is as good as nothing."""
        value = self.at(key).value
        if value is None or isinstance(value, str):
            return (value or "").strip() or None
        self.note("this should be text, so it is left out", key)
        return None

    def code(self, key: str) -> str:
        """Read a code, from the text itself or from ``{"code": ...}``: nothing but a code stands in a code table."""
        inner = self.at(key)
        value = (inner.text("code") if isinstance(inner.value, dict) else self.text(key)) or ""
        if not value or _CODE.fullmatch(value):
            return value
        self.note("this should be a code of letters and digits, so it is left out", key)
        return ""

    def reference(self, key: str) -> str | None:
        """Read a reference number, as 2500295345 or M2500295343."""
        value = self.at(key).value
        if value is None:
            return None
        if isinstance(value, (int, str)) and not isinstance(value, bool) and _REFERENCE.fullmatch(str(value)):
            return str(value)
        self.note("this should be a reference number, so it is left out", key)
        return None

    def flag(self, key: str) -> bool | None:
        """Read true or false."""
        value = self.at(key).value
        if value is None or isinstance(value, bool):
            return value
        self.note("this should be true or false, so it is left out", key)
        return None

    def number(self, key: str) -> int | None:
        """Read a whole number."""
        value = self.at(key).value
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self.note("this should be a whole number, so it is left out", key)
        return None

    def day(self, key: str) -> dt.date | None:
        """Read a day. Of a date and time, the date as written: both systems write local time."""
        value = self.at(key).value
        if value is None:
            return None
        if isinstance(value, str) and _DAY.fullmatch(value):
            try:
                day = dt.date.fromisoformat(value[:10])
            except ValueError:
                pass
            else:
                if _FIRST <= day.year <= _LAST:
                    return day
                self.note(f"this date is not between {_FIRST} and {_LAST}, so it is left out", key)
                return None
        self.note("this should be a date, as 2014-02-03, so it is left out", key)
        return None

    def _path(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key
