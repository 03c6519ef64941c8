"""Whether something that names no conviction can belong to the sentence of the case.

Requirements, licence conditions, appointments and enforcement come with no
conviction in the case system's answers. Each is kept unless it plainly is of
another sentence: by its kind, or because it lies before the day of sentence or
after the day the sentence ended. Where the sentence is not known, everything
is kept.
"""

import datetime as dt

from aboveline.case.codes import SentenceType
from aboveline.case.sentence import Sentence

from .codes import CUSTODY, ORDERS
from .place import Place

__all__ = ["of_custody", "of_order", "within"]


def of_order(place: Place, what: str, sentence: Sentence) -> bool:
    """Tell whether what comes only with an order may belong; note it where the sentence is custody."""
    return _fits(place, what, "an order", sentence.type, CUSTODY)


def of_custody(place: Place, what: str, sentence: Sentence) -> bool:
    """Tell whether what comes only with custody may belong; note it where the sentence is an order."""
    return _fits(place, what, "custody", sentence.type, ORDERS)


def within(place: Place, key: str, day: dt.date | None, sentence: Sentence) -> bool:
    """Tell whether something of that day may belong; note it where it is of before the sentence or after it."""
    if day and sentence.sentenced_on and day < sentence.sentenced_on:
        place.note("left out: this is before the day of sentence, so it is of another sentence", key)
        return False
    if day and sentence.ended_on and day > sentence.ended_on:
        place.note("left out: this is after the sentence ended, so it is of another sentence", key)
        return False
    return True


def _fits(
    place: Place, what: str, comes_with: str, kind: SentenceType | None, unfit: frozenset[SentenceType]
) -> bool:
    if kind is None or kind not in unfit:
        return True
    place.note(
        f"left out: {what} comes with {comes_with}, and the sentence of this case is {kind.replace('_', ' ')}"
    )
    return False
