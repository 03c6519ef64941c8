"""Conditions in words: what is asked of the day of the audit."""

import datetime as dt

import pytest

from aboveline.explain.words import dated
from aboveline.rulebook.language import Modifier


@pytest.mark.parametrize(
    ("modifier", "said"),
    [
        (Modifier.IS, "as at 2 April 2018"),
        (Modifier.BEFORE, "as at a day earlier than 2 April 2018"),
        (Modifier.AT_MOST, "as at 2 April 2018 or earlier"),
        (Modifier.AT_LEAST, "as at 2 April 2018 or later"),
        (Modifier.AFTER, "as at a day later than 2 April 2018"),
    ],
)
def test_day_of_the_audit_is_compared(modifier: Modifier, said: str) -> None:
    """A rule that asks for an audit before or after a day says which, and not that it was on that day."""
    assert said == dated("as_of", modifier, dt.date(2018, 4, 2))
