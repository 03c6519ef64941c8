"""Fill in what a text leaves open, for many matches at once: each different set of values is worded once."""

import datetime as dt

import numpy as np

from aboveline.answers import SLOT, in_words
from aboveline.backends.columnar import Numbers
from aboveline.facts import Scalar
from aboveline.rulebook import Rulebook
from aboveline.sheets import Found, Marks
from aboveline.vocabulary import VOCABULARY

__all__ = ["Slots", "as_date", "as_days"]

_EPOCH = dt.date(1970, 1, 1)


class Slots:
    """Words the open places of texts, for matches in the tables of some marks."""

    def __init__(self, marks: Marks, rulebook: Rulebook) -> None:
        self._tables = marks.run.tables
        self._as_of = marks.cases.as_of
        self._rulebook = rulebook
        self._known: list[str] = []

    def due(self, found: Found, rows: Numbers) -> Numbers | None:
        """Return the last day on which the work is in time, for some matches; none where it has no due date."""
        across = found.clause.due
        if across is None:
            return None
        kind = found.bound.kinds[across.position]
        starts = (
            self._tables.by_kind[kind].columns[across.field].values[found.bound.rows[across.position][rows]]
        )
        days, place = np.unique(starts, return_inverse=True)
        return as_days([across.shift(as_date(day)) for day in days.tolist()])[place]

    def fill(self, text: str, found: Found, rows: Numbers, due: Numbers | None) -> tuple[Numbers, list[str]]:
        """Return the different wordings of a text, and the place of each match's among them."""
        slots = list(dict.fromkeys(SLOT.findall(text)))
        columns = [self._column(slot, found, rows, due) for slot in slots]
        values: list[tuple[str, ...]] = [()]
        place = np.zeros(len(rows), np.int64)
        for numbers, words in columns:
            combined, place = np.unique(place * len(words) + numbers, return_inverse=True)
            values = [(*values[one // len(words)], words[one % len(words)]) for one in combined.tolist()]
        filled = [dict(zip(slots, one, strict=True)) for one in values]
        return place, [_filled(text, said) for said in filled]

    def _column(
        self, slot: str, found: Found, rows: Numbers, due: Numbers | None
    ) -> tuple[Numbers, list[str]]:
        """Return the different words that a slot is filled with, and the place of each match's among them."""
        alias, dot, field = slot.partition(".")
        if dot:
            return self._field(alias, field, found, rows)
        if slot == "due":
            if due is None:
                return np.zeros(len(rows), np.int64), [in_words(None)]
            days, place = np.unique(due, return_inverse=True)
            return place, [in_words(as_date(day)) for day in days.tolist()]
        parameter = self._rulebook.parameters[slot]
        in_force = parameter.at(self._as_of)
        word = parameter.said(in_force.value) if in_force else "not set"
        return np.zeros(len(rows), np.int64), [word]

    def _field(self, alias: str, field: str, found: Found, rows: Numbers) -> tuple[Numbers, list[str]]:
        position = [part.alias for part in found.clause.parts].index(alias)
        kind = found.bound.kinds[position]
        column = self._tables.by_kind[kind].columns[field]
        of_match = found.bound.rows[position][rows]
        # What is not recorded gets a number of its own: the least, less one.
        numbers, recorded = column.values[of_match], column.recorded[of_match]
        least = int(numbers.min(initial=0)) - 1
        found_numbers, place = np.unique(np.where(recorded, numbers, least), return_inverse=True)
        return place, [
            in_words(None if number == least else self._value(kind, field, number))
            for number in found_numbers.tolist()
        ]

    def _value(self, kind: str, field: str, number: int) -> Scalar:
        match VOCABULARY[kind].fields[field].type:
            case "date":
                return as_date(number)
            case "bool":
                return bool(number)
            case "int":
                return number
        return self._texts[number]

    @property
    def _texts(self) -> list[str]:
        """The texts by their numbers. A column that is first read later may bring more."""
        if len(self._known) < len(self._tables.texts):
            self._known = list(self._tables.texts)
        return self._known


def _filled(text: str, said: dict[str, str]) -> str:
    return SLOT.sub(lambda slot: said[slot[1]], text)


def as_date(day: int) -> dt.date:
    """Return the date of a day's number."""
    return _EPOCH + dt.timedelta(days=day)


def as_days(dates: list[dt.date]) -> Numbers:
    """Return the numbers of dates."""
    return np.array([(date - _EPOCH).days for date in dates], np.int64)
