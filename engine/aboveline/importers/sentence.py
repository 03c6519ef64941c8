"""The sentence of a case, and the offences it was passed for."""

import datetime as dt
from collections.abc import Sequence

from aboveline.case.codes import SentenceType
from aboveline.case.sentence import Offence, Sentence

from .codes import (
    CUSTODIAL_SENTENCE_TYPES,
    CUSTODY,
    MONTHS_IN,
    NOT_SUPERVISED,
    ORDERS,
    SENTENCE_DESCRIPTIONS,
    SENTENCES,
)
from .facts import Facts, made
from .place import Place

__all__ = ["read_offences", "sentence_of"]

# The sentences of which the record holds the length of custody; for life and IPP the length is only the minimum term.
_WITH_TERM = frozenset(
    {SentenceType.DETERMINATE_CUSTODY, SentenceType.EXTENDED_CUSTODY, SentenceType.SUSPENDED_SENTENCE_ORDER}
)


def sentence_of(conviction: Place, statuses: Sequence[Place]) -> Sentence:
    """Return the sentence passed on a conviction."""
    order = conviction.at("sentence")
    if order.value is None:
        order.note("no sentence is recorded for this conviction")
    kind = _kind(conviction)
    sentenced_on = order.day("startDate")
    if order.value is not None and sentenced_on is None:
        order.note("the day of sentence is left out: no other date is taken in its place", "startDate")
    _check_days(conviction, sentenced_on)
    sentence = made(
        order,
        Sentence,
        type=kind,
        sentenced_on=sentenced_on,
        started_on=_started_on(order, statuses, kind, sentenced_on),
        expected_end_on=order.day("expectedSentenceEndDate"),
        ended_on=_ended_on(conviction),
        custodial_months=_months(order) if kind in _WITH_TERM else None,
        failure_to_comply_limit=order.number("failureToComplyLimit"),
    )
    return sentence or Sentence()


def read_offences(conviction: Place, sentenced_on: dt.date | None, facts: Facts) -> None:
    """Read the offences of a conviction. Whether one brings notification requirements is not in the file."""
    offences = list(conviction.each("offences"))
    if sum(offence.flag("mainOffence") is True for offence in offences) != 1:
        conviction.note("not exactly one offence is marked as the main one", "offences")
    for offence in offences:
        committed_on = offence.day("offenceDate")
        if committed_on and sentenced_on and committed_on > sentenced_on:
            offence.note("this is later than the day of sentence: one of the two is wrong", "offenceDate")
        facts.add(
            offence,
            Offence,
            id=offence.reference("offenceId"),
            code=offence.code("detail"),
            main=offence.flag("mainOffence"),
            committed_on=committed_on,
        )


def _kind(conviction: Place) -> SentenceType | None:
    """Tell what the court passed, by the code of the outcome and by its words. Where they disagree, nothing is told."""
    order, outcome = conviction.at("sentence"), conviction.at("latestCourtAppearanceOutcome")
    code = conviction.code("latestCourtAppearanceOutcome")
    if code in NOT_SUPERVISED:
        outcome.note(f"{code} is no sentence under supervision: the type of sentence is left out")
        return None
    words = (order.text("description"), outcome.text("description"))
    said = {SENTENCES.get(code), *(SENTENCE_DESCRIPTIONS.get(word or "") for word in words)} - {None}
    custodial = order.code("sentenceType") in CUSTODIAL_SENTENCE_TYPES
    if len(said) > 1 or (custodial and said & ORDERS):
        conviction.note(
            "the code of the court's outcome and the words of the sentence disagree: its type is left out"
        )
        return None
    if not said:
        conviction.note(
            f"{code or 'this outcome'} is in no code table of sentences: its type is left out"
            + (", although it is custody" if custodial else ""),
            "latestCourtAppearanceOutcome",
        )
        return None
    return said.pop()


def _check_days(conviction: Place, sentenced_on: dt.date | None) -> None:
    """Note days that cannot both be right; the sentence's own start stands."""
    convicted_on = conviction.day("convictionDate")
    if convicted_on and sentenced_on and convicted_on > sentenced_on:
        conviction.note("this is later than the day of sentence: one of the two is wrong", "convictionDate")
    custody = conviction.at("custody")
    other = custody.day("sentenceStartDate")
    if other and sentenced_on and other != sentenced_on:
        custody.note("this is not the sentence.startDate, which stands", "sentenceStartDate")


def _started_on(
    order: Place, statuses: Sequence[Place], kind: SentenceType | None, sentenced_on: dt.date | None
) -> dt.date | None:
    """Return the day that supervision in the community began: of sentence for an order, of release from custody."""
    number = order.reference("sentenceId")
    of_this = [status for status in statuses if number and status.reference("sentenceId") == number]
    for status in statuses:
        if status not in of_this:
            status.note(
                f"not used: it is of another sentence than that of the case, {number or 'which has no number'}",
                "sentenceId",
            )
    if kind in ORDERS:
        return sentenced_on
    if kind not in CUSTODY:
        return None
    releases = {day for status in of_this if (day := status.day("actualReleaseDate"))}
    if len(releases) != 1:
        order.note(
            "the day of release is told differently by several files: the start of supervision is left out"
            if releases
            else "no file gives the day of release from this sentence: the start of supervision is left out"
        )
        return None
    return releases.pop()


def _ended_on(conviction: Place) -> dt.date | None:
    order = conviction.at("sentence")
    ended_on = order.day("terminationDate")
    if conviction.flag("active") and ended_on:
        order.note(
            "the conviction is active, and yet its sentence has the day it ended: the day is left out, "
            "because a case wrongly closed hides its person",
            "terminationDate",
        )
        return None
    if conviction.flag("active") is False and ended_on is None:
        order.note(
            "the conviction is not active, and the day its sentence ended is not there", "terminationDate"
        )
    return ended_on


def _months(order: Place) -> int | None:
    length, unit = order.number("originalLength"), order.text("originalLengthUnits")
    if length is None and unit is None:
        return None
    months = MONTHS_IN.get((unit or "").lower())
    if months is None or length is None or length <= 0:
        order.note(
            "the length of custody is not a number of months or years, so it is left out", "originalLength"
        )
        return None
    return length * months
