"""The sentence and its offences: what is taken, and what no other date or code may stand in for."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from aboveline.case.codes import SentenceType
from aboveline.case.sentence import Sentence
from aboveline.importers import Imported

Importing = Callable[..., Imported]
Make = Callable[..., dict[str, Any]]
Noted = Callable[..., list[str]]

SENTENCED = dt.date(2014, 3, 3)


def sentence(imported: Imported) -> Sentence:
    """Return the sentence of the only case."""
    (case,) = imported.cases
    return case.sentence


@pytest.mark.parametrize(
    ("code", "words", "expected"),
    [
        ("201", "CJA - Community Order", SentenceType.COMMUNITY_ORDER),
        ("341", None, SentenceType.SUSPENDED_SENTENCE_ORDER),
        ("303", "something new", SentenceType.INDETERMINATE_CUSTODY),
        ("999", "CJA - Std Determinate Custody", SentenceType.DETERMINATE_CUSTODY),
        (None, "Extended Determinate Sentence", SentenceType.EXTENDED_CUSTODY),
    ],
)
def test_code_or_words_tell_the_type(
    importing: Importing, conviction: Make, code: str | None, words: str | None, expected: SentenceType
) -> None:
    """The code of the outcome tells the type of sentence; its words do where no table has the code."""
    outcome = {"code": code, "description": words}
    imported = importing(list=[conviction(latestCourtAppearanceOutcome=outcome)])

    assert expected == sentence(imported).type


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (
            {"latestCourtAppearanceOutcome": {"code": "999"}},
            "999 is in no code table of sentences: its type is left out",
        ),
        (
            {"latestCourtAppearanceOutcome": None},
            "this outcome is in no code table of sentences: its type is left out",
        ),
        (
            {"latestCourtAppearanceOutcome": {"code": "412"}},
            "412 is no sentence under supervision: the type of sentence is left out",
        ),
        (
            {"latestCourtAppearanceOutcome": {"code": "201", "description": "Extended Determinate Sentence"}},
            "the code of the court's outcome and the words of the sentence disagree: its type is left out",
        ),
        (
            {"sentence": {"sentenceType": {"code": "SC"}}},
            "the code of the court's outcome and the words of the sentence disagree: its type is left out",
        ),
        (
            {"latestCourtAppearanceOutcome": {"code": "999"}, "sentence": {"sentenceType": {"code": "NC"}}},
            "999 is in no code table of sentences: its type is left out, although it is custody",
        ),
    ],
)
def test_type_that_cannot_be_told_is_left_out(
    importing: Importing, conviction: Make, noted: Noted, fields: dict[str, Any], reason: str
) -> None:
    """An unknown outcome, a discharge, or two that disagree leave the type and the start of supervision out."""
    imported = importing(list=[conviction(**fields)])

    assert (None, None, SENTENCED) == (
        sentence(imported).type,
        sentence(imported).started_on,
        sentence(imported).sentenced_on,
    )
    assert [reason] == [note.split(": ", 1)[1] for note in noted(imported, "list")]


def test_order_starts_on_the_day_of_sentence(importing: Importing, conviction: Make) -> None:
    """Supervision under an order begins when it is passed; it has no length of custody."""
    order = {
        "originalLength": 12,
        "originalLengthUnits": "Months",
        "expectedSentenceEndDate": "2015-03-02",
        "failureToComplyLimit": 2,
    }
    found = sentence(importing(list=[conviction(sentence=order)]))

    assert (SENTENCED, dt.date(2015, 3, 2), None, 2) == (
        found.started_on,
        found.expected_end_on,
        found.custodial_months,
        found.failure_to_comply_limit,
    )


def test_day_of_sentence_is_not_taken_from_the_conviction(
    importing: Importing, conviction: Make, noted: Noted
) -> None:
    """Where the sentence has no start, the date of conviction does not stand in for it."""
    imported = importing(list=[conviction(sentence={"startDate": None}, convictionDate="2014-03-03")])

    assert (None, None) == (sentence(imported).sentenced_on, sentence(imported).started_on)
    assert [
        "[0].sentence.startDate: the day of sentence is left out: no other date is taken in its place"
    ] == noted(imported, "list")


def test_licence_starts_on_the_day_of_release(importing: Importing, custody: Make, noted: Noted) -> None:
    """Supervision after custody begins with the release that the status of the same sentence gives."""
    imported = importing(
        list=[custody()],
        this={"sentenceId": 21, "custodialType": {}, "actualReleaseDate": "2014-06-02"},
        other={"sentenceId": 22, "custodialType": {}, "actualReleaseDate": "2013-06-03"},
    )

    assert (dt.date(2014, 6, 2), 10) == (sentence(imported).started_on, sentence(imported).custodial_months)
    assert ["sentenceId: not used: it is of another sentence than that of the case, 21"] == noted(
        imported, "other"
    )


@pytest.mark.parametrize(
    ("releases", "reason"),
    [
        ([], "no file gives the day of release"),
        ([None], "no file gives the day of release"),
        (["2014-06-02", "2014-06-09"], "the day of release is told differently by several files"),
    ],
)
def test_release_that_is_not_told_is_left_out(
    importing: Importing, custody: Make, noted: Noted, releases: list[str | None], reason: str
) -> None:
    """Without one day of release the start of supervision is left out."""
    statuses: dict[str, Any] = {
        f"status{number}": {"sentenceId": 21, "custodialType": {}, "actualReleaseDate": day}
        for number, day in enumerate(releases)
    }
    imported = importing(list=[custody()], **statuses)

    assert sentence(imported).started_on is None
    assert [True] == [note.startswith(f"[0].sentence: {reason}") for note in noted(imported, "list")]


@pytest.mark.parametrize(
    ("length", "unit", "months"),
    [(2, "Years", 24), (10, "months", 10), (6, "Weeks", None), (0, "Months", None), (None, "Months", None)],
)
def test_length_of_custody_is_in_whole_months(
    importing: Importing, custody: Make, noted: Noted, length: int | None, unit: str, months: int | None
) -> None:
    """Months and years are months; weeks are not, and nothing is rounded."""
    imported = importing(list=[custody({"originalLength": length, "originalLengthUnits": unit})])

    assert months == sentence(imported).custodial_months
    assert (months is None) == any("originalLength" in note for note in noted(imported, "list"))


def test_length_of_an_indeterminate_sentence_is_left_out(importing: Importing, custody: Make) -> None:
    """The length of life or IPP is the minimum term only, so it is no length of custody."""
    imported = importing(list=[custody(latestCourtAppearanceOutcome={"code": "303"})])

    assert sentence(imported).custodial_months is None


def test_active_conviction_is_never_closed(importing: Importing, conviction: Make, noted: Noted) -> None:
    """A day it ended on an active conviction is noted and left out: a case wrongly closed hides its person."""
    imported = importing(list=[conviction(sentence={"terminationDate": "2014-09-01"})])

    assert sentence(imported).ended_on is None
    assert [True] == ["hides its person" in note for note in noted(imported, "list")]


def test_inactive_conviction_without_an_end_is_noted(
    importing: Importing, conviction: Make, noted: Noted
) -> None:
    """A conviction asked for that is not active and has no end stays open in the record, with a note."""
    imported = importing("11", list=[conviction(active=False)])

    assert [
        "[0].sentence.terminationDate: the conviction is not active, and the day its sentence ended is not there"
    ] == (noted(imported, "list"))


def test_conviction_without_a_sentence_is_noted(importing: Importing, conviction: Make, noted: Noted) -> None:
    """A conviction that awaits sentence makes a case without its dates."""
    awaiting = conviction()
    del awaiting["sentence"]
    imported = importing(list=[awaiting])

    assert (SentenceType.COMMUNITY_ORDER, None) == (sentence(imported).type, sentence(imported).sentenced_on)
    assert ["[0].sentence: no sentence is recorded for this conviction"] == noted(imported, "list")


def test_days_that_cannot_both_be_right_are_noted(
    importing: Importing, conviction: Make, noted: Noted
) -> None:
    """A conviction or an offence after the day of sentence, and another start of custody, are kept and noted."""
    odd = conviction(convictionDate="2014-03-04", custody={"sentenceStartDate": "2014-03-10"})
    odd["offences"][0]["offenceDate"] = "2014-03-05T00:00:00"
    imported = importing(list=[odd])

    assert dt.date(2014, 3, 5) == imported.cases[0].offence[0].committed_on
    assert ["[0].convictionDate", "[0].custody.sentenceStartDate", "[0].offences[0].offenceDate"] == [
        note.split(": ")[0] for note in noted(imported, "list")
    ]


def test_offences_keep_their_codes(importing: Importing, conviction: Make, noted: Noted) -> None:
    """Each offence has its id and code; a code that is none is left out without being repeated."""
    offences = [
        {"offenceId": "M1", "mainOffence": True, "detail": {"code": "00801"}},
        {"offenceId": "A2", "mainOffence": False, "detail": {"code": "a quarrel with Sam"}},
        {"offenceId": "A3", "mainOffence": False, "detail": {"code": "12"}},
    ]
    imported = importing(list=[conviction(offences=offences)])

    assert [("M1", "00801", True), ("A2", None, False), ("A3", None, False)] == [
        (one.id, one.code, one.main) for one in imported.cases[0].offence
    ]
    assert ["[0].offences[1].detail", "[0].offences[2]"] == [
        note.split(": ")[0] for note in noted(imported, "list")
    ]
    assert not any("Sam" in note.reason for note in imported.notes)


def test_main_offence_is_one(importing: Importing, conviction: Make, noted: Noted) -> None:
    """No main offence, or two, is noted."""
    imported = importing(list=[conviction(offences=[{"offenceId": "A1"}])])

    assert ["[0].offences: not exactly one offence is marked as the main one"] == noted(imported, "list")


def test_figures_out_of_range_cost_only_themselves(
    importing: Importing, conviction: Make, noted: Noted
) -> None:
    """A limit that no record can hold is left out; the rest of the sentence stays."""
    imported = importing(list=[conviction(sentence={"failureToComplyLimit": 1000})])

    assert (None, SENTENCED) == (sentence(imported).failure_to_comply_limit, sentence(imported).sentenced_on)
    assert [
        "[0].sentence: failure_to_comply_limit of this sentence is left out: a case record cannot hold what stands here"
    ] == noted(imported, "list")


@pytest.mark.parametrize(
    "day", ["1066-10-14", "2525-01-01", "2014-02-30", "03/03/2014", 20140303, "2014-03-03x"]
)
def test_dates_that_are_none_are_left_out(
    importing: Importing, conviction: Make, noted: Noted, day: object
) -> None:
    """A day that does not exist, or lies outside 1900 to 2100, is noted and left out."""
    imported = importing(list=[conviction(sentence={"expectedSentenceEndDate": day})])

    assert sentence(imported).expected_end_on is None
    assert [True] == [
        note.startswith("[0].sentence.expectedSentenceEndDate: this ") for note in noted(imported, "list")
    ]
