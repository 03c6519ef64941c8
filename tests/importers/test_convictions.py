"""Which conviction a case is about."""

from collections.abc import Callable
from typing import Any

import pytest

from aboveline.importers import Imported
from aboveline.problems import InputError

Importing = Callable[..., Imported]
Make = Callable[..., dict[str, Any]]
Noted = Callable[..., list[str]]


def sentenced(imported: Imported) -> str | None:
    """Return the day of sentence of the only case."""
    (case,) = imported.cases
    return str(case.sentence.sentenced_on) if case.sentence.sentenced_on else None


def test_only_active_conviction_is_used(importing: Importing, conviction: Make, noted: Noted) -> None:
    """Of several convictions the active one is the case; the others are named."""
    old = conviction(10, {"startDate": "2010-01-04", "terminationDate": "2011-01-04"}, active=False)
    imported = importing(list=[old, conviction(11)])

    assert "2014-03-03" == sentenced(imported)
    assert ["the case is about conviction 11, so nothing of 10 is in it"] == noted(imported, "list")


def test_several_active_convictions_leave_the_sentence_out(
    importing: Importing, conviction: Make, noted: Noted
) -> None:
    """Where two are active nobody chooses between them: the case has no sentence, and the note says how to choose."""
    imported = importing(list=[conviction(10, {"startDate": "2010-01-04"}), conviction(11)])

    assert (None, ()) == (sentenced(imported), imported.cases[0].offence)
    assert [
        "the sentence is left out: 10 and 11 are all active; choose the one that this case is about with `--conviction ID`"
    ] == noted(imported, "list")


def test_no_active_conviction_leaves_the_sentence_out(
    importing: Importing, conviction: Make, noted: Noted
) -> None:
    """Where none is active, or does not say so, the case has no sentence."""
    silent = conviction(11)
    del silent["active"]
    imported = importing(
        list=[conviction(10, active=False), silent], status={"sentenceId": 1, "custodialType": {}}
    )

    assert sentenced(imported) is None
    assert noted(imported, "list")[0].startswith("the sentence is left out: none of 10 and 11 is active")
    assert ["not used: which sentence the case is about is not known"] == noted(imported, "status")


def test_conviction_asked_for_is_used(importing: Importing, conviction: Make) -> None:
    """A conviction named on the command line is the case, active or not."""
    old = conviction(10, {"startDate": "2010-01-04", "terminationDate": "2011-01-04"}, active=False)
    imported = importing("10", list=[old, conviction(11)])

    assert ("2010-01-04", "2011-01-04") == (sentenced(imported), str(imported.cases[0].sentence.ended_on))


def test_conviction_that_nobody_has_is_refused(importing: Importing, conviction: Make) -> None:
    """A conviction that is not there stops the import, and those that are there are named."""
    with pytest.raises(InputError, match="there is no conviction '12' here; there is 10, 11"):
        importing("12", list=[conviction(10), conviction(11)])


def test_file_of_one_conviction_is_used_where_there_is_no_list(
    importing: Importing, conviction: Make
) -> None:
    """Without a list of convictions, a file of one is as good."""
    assert "2014-03-03" == sentenced(importing(one=conviction(11)))


def test_list_stands_where_a_file_of_one_conviction_says_otherwise(
    importing: Importing, conviction: Make, noted: Noted
) -> None:
    """Every difference between a file and the list is noted at its path, and nothing is taken from the file."""
    listed, single = conviction(11), conviction(11, {"startDate": "2014-03-04"}, active=False)
    single["offences"][0]["mainOffence"] = False
    imported = importing(list=[listed], one=single)

    assert "2014-03-03" == sentenced(imported)
    assert [
        "not used: list.json has this conviction",
        "active: list.json says something else of this conviction, and stands",
        "offences[0].mainOffence: list.json says something else of this conviction, and stands",
        "sentence.startDate: list.json says something else of this conviction, and stands",
    ] == noted(imported, "one")


def test_file_of_a_conviction_that_is_not_listed_is_not_used(
    importing: Importing, conviction: Make, noted: Noted
) -> None:
    """A conviction that the list does not have is noted, even where it says that it is active."""
    imported = importing(list=[conviction(11)], one=conviction(12))

    assert "2014-03-03" == sentenced(imported)
    assert [
        "convictionId: not used: the list of convictions has no such conviction, and the list stands"
    ] == noted(imported, "one")


def test_conviction_told_in_two_ways_is_not_used(
    importing: Importing, conviction: Make, noted: Noted
) -> None:
    """Two lists that disagree on a conviction leave it out: neither is the master of the other."""
    imported = importing(a=[conviction(11)], b=[conviction(11, inBreach=True), {"convictionId": None}])

    assert sentenced(imported) is None
    assert [
        "[0]: not used: conviction 11 is told differently in a.json",
        "[1]: not used: it has no convictionId",
    ] == noted(imported, "b")
