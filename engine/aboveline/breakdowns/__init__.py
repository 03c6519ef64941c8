"""Scores by group: women and men, tiers, units, with intervals, and without numbers small enough to name somebody.

``characteristics`` reads off a case's facts which group it is in, ``grouping``
counts, ``suppression`` says which numbers are not shown, ``interval`` how far a
score could be off.
"""

from .characteristics import NOT_RECORDED, Characteristic, value_of
from .columns import groups_standing
from .grouping import SUPPRESS_BELOW, Grouping
from .interval import wilson

__all__ = [
    "NOT_RECORDED",
    "SUPPRESS_BELOW",
    "Characteristic",
    "Grouping",
    "groups_standing",
    "value_of",
    "wilson",
]
