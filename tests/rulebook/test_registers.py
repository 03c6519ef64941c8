"""Which registers are reviewed how often: the lists and parameters say what the case system's own table says."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from aboveline.rulebook import Rulebook, load_rulebook
from aboveline.rulebook.language import Modifier, patterns_in

TABLE = Path(__file__).parents[2].parent / "shared" / "real-inputs" / "register-review-months.csv"
PERIODS = ("monthly", "quarterly", "half_yearly")

needs_table = pytest.mark.skipif(not TABLE.is_file(), reason="the real inputs are not beside this checkout")


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """Return the rulebook that is shipped."""
    return load_rulebook()


def _table() -> dict[str, int]:
    with TABLE.open(encoding="utf-8") as file:
        return {row["register_code"]: int(row["review_months"]) for row in csv.DictReader(file)}


def _months(rulebook: Rulebook, period: str) -> int:
    (value,) = rulebook.parameters[f"{period}_register_months"].values
    return value.value


@needs_table
def test_registers_have_the_months_of_the_table(rulebook: Rulebook) -> None:
    """Every risk register that the table has is in the one list whose months are the table's, and no other is."""
    table = _table()
    risk = rulebook.lists["risk_registers"].members

    listed = [
        (code, _months(rulebook, period))
        for period in PERIODS
        for code in rulebook.lists[f"{period}_risk_registers"].members
    ]

    assert sorted(listed) == sorted((code, table[code]) for code in risk if code in table)


@needs_table
def test_registers_of_no_table_are_named_as_a_gap(rulebook: Rulebook) -> None:
    """Of a risk register that the table does not have nothing can be said: the question says which those are."""
    table = _table()

    unknown = [code for code in rulebook.lists["risk_registers"].members if code not in table]

    gaps = " ".join(rulebook.question("PP-36").known_gaps)
    assert unknown
    assert all(code in gaps for code in unknown)


@pytest.mark.parametrize("standards", ["report-2014", "ns2007", "modern"])
def test_own_months_of_a_register_are_those_of_the_parameters(standards: str) -> None:
    """PP-36 reads a register's own 1, 3 or 6 months by the parameters, so no pack may make them other numbers."""
    rulebook = load_rulebook(None, standards)
    question = rulebook.question("PP-36")
    months = [
        value.value
        for period in PERIODS
        if (value := rulebook.parameters[f"{period}_register_months"].at(dt.date(2013, 12, 2)))
    ]

    said = {
        (condition.modifier, condition.operand)
        for item in (question.applies, *(deficiency.body for deficiency in question.deficiencies))
        for pattern, _ in patterns_in(item)
        for condition in pattern.conditions
        if condition.field == "review_months" and condition.modifier in {Modifier.IS, Modifier.NOT}
    }

    assert said == {*((Modifier.IS, one) for one in months), (Modifier.NOT, (0, *months))}
