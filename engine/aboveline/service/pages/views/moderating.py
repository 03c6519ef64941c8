"""Two assessors' answers to a case side by side: how far they agree, and what is settled where they do not."""

import datetime as dt
from collections.abc import Mapping, Sequence

from aboveline.answers import QuestionAnswer
from aboveline.case.base import Record
from aboveline.rulebook import Rulebook
from aboveline.service.pages import urls
from aboveline.service.pages.views.assessments import CHOICES, AssessedAnswer, engine_told
from aboveline.service.pages.views.parts import (
    FieldError,
    Option,
    Pair,
    Table,
    Tag,
    View,
    answer_tag,
    cell,
    columns,
    pair,
    share,
)  # fmt: skip

__all__ = [
    "Agreement", "ModeratedQuestion", "ModerationList", "ModerationPage", "ModerationRow", "agreement_pairs",
    "moderation_list", "moderation_page",
]  # fmt: skip


class Agreement(Record):
    """How far two assessors agree over ``n`` answers: raw share, Cohen's kappa, and how often each said sufficient.

    ``kappa`` is none where it is not defined: both gave one and the same answer throughout.
    """

    n: int
    agreed: int
    kappa: float | None
    prevalence: tuple[int, int]


class ModerationRow(Record):
    """A case with two assessments."""

    key: str
    case: str
    assessors: tuple[str, str]
    agreement: Agreement
    moderated: bool


class ModerationList(View):
    """The cases that two assessors have assessed, and how far they agree over all."""

    figures: tuple[Pair, ...]
    told: str
    table: Table


class ModeratedQuestion(Record):
    """A question on which two assessors differ, beside the fields ``agreed-ID`` and ``reason-ID``."""

    id: str
    title: str
    first: Tag
    first_reason: str
    second: Tag
    second_reason: str
    engine: Tag
    agreed: str
    reason: str


class ModerationPage(View):
    """Two assessments of a case, with what is to be agreed, and from which day that holds: fields ``holds-day``, ``-month``, ``-year``."""

    key: str
    assessors: tuple[str, str]
    figures: tuple[Pair, ...]
    told: str
    engine_told: str
    differing: tuple[ModeratedQuestion, ...]
    choices: tuple[Option, ...]
    date: dict[str, str]
    same: Table


def agreement_pairs(agreement: Agreement) -> tuple[tuple[Pair, ...], str]:
    """Return agreement in figures, each with its n, and a sentence that says how to read them."""
    first, second = agreement.prevalence
    kappa = (
        "not defined: both gave one answer throughout"
        if agreement.kappa is None
        else f"{agreement.kappa:.2f}"
    )
    told = (
        "Kappa is agreement beyond what would come about by chance: 0 is chance, 1 is complete. "
        "Where nearly all answers are the same, kappa is low even if assessors nearly always agree, so read it beside the others."
    )
    return (
        pair("Raw agreement", share(agreement.agreed, agreement.n)),
        pair("Cohen's kappa", f"{kappa} (n = {agreement.n})"),
        pair("First said sufficient", share(first, agreement.n)),
        pair("Second said sufficient", share(second, agreement.n)),
    ), told


def moderation_list(rows: Sequence[ModerationRow], overall: Agreement | None) -> ModerationList:
    """Build the list of cases with two assessments."""
    figures, told = agreement_pairs(overall) if overall else ((), "")
    return ModerationList(
        title="Moderation",
        figures=figures,
        told=told,
        table=Table(
            caption="Cases with two assessments",
            columns=columns("Case", "Assessors", "Raw agreement", "Kappa", "State", numbers=["Kappa"]),
            rows=tuple(
                (
                    cell(one.case, urls.moderation(one.key)),
                    cell(" and ".join(one.assessors)),
                    cell(share(one.agreement.agreed, one.agreement.n)),
                    cell("not defined" if one.agreement.kappa is None else f"{one.agreement.kappa:.2f}"),
                    cell(
                        "",
                        tag=Tag(text="Moderated", colour="green")
                        if one.moderated
                        else Tag(text="To do", colour="blue"),
                    ),
                )
                for one in rows
            ),
            empty="No case has two finished assessments yet.",
        ),
    )


def moderation_page(
    key: str, case: str, assessors: tuple[str, str], rulebook: Rulebook,
    first: Mapping[str, AssessedAnswer], second: Mapping[str, AssessedAnswer], engine: Sequence[QuestionAnswer],
    agreement: Agreement, values: Mapping[str, str] | None = None, errors: Sequence[FieldError] = (), *,
    as_of: dt.date, audited: bool = False, settled: Mapping[str, tuple[str, str]] | None = None,
) -> ModerationPage:  # fmt: skip
    """Build the page on which two assessors' answers to a case are agreed.

    ``as_of`` is the day as at which the engine answered, and ``audited`` tells
    whether it did in an audit; ``settled`` has what was agreed before, with the
    reason, by question.
    """
    sent = values or {}
    before = settled or {}
    computed = {one.question: one.computed for one in engine}
    both = [one for one in rulebook.active if one.id in first and one.id in second]
    figures, told = agreement_pairs(agreement)
    return ModerationPage(
        title=f"Moderate case {case}",
        errors=tuple(errors),
        key=key,
        assessors=assessors,
        figures=figures,
        told=told,
        engine_told=engine_told(as_of, audited=audited),
        date={
            part: sent.get(f"holds-{part}", str(getattr(as_of, part))) for part in ("day", "month", "year")
        },
        differing=tuple(
            ModeratedQuestion(
                id=one.id,
                title=one.title,
                first=answer_tag(first[one.id].answer),
                first_reason=first[one.id].reason or "",
                second=answer_tag(second[one.id].answer),
                second_reason=second[one.id].reason or "",
                engine=answer_tag(computed[one.id]),
                agreed=sent.get(f"agreed-{one.id}", before.get(one.id, ("", ""))[0]),
                reason=sent.get(f"reason-{one.id}", before.get(one.id, ("", ""))[1]),
            )
            for one in both
            if first[one.id].answer is not second[one.id].answer
        ),
        choices=CHOICES,
        same=Table(
            caption="Answered alike",
            columns=columns("Question", "Both", "The engine"),
            rows=tuple(
                (
                    cell(f"{one.id} {one.title}"),
                    cell("", tag=answer_tag(first[one.id].answer)),
                    cell("", tag=answer_tag(computed[one.id])),
                )
                for one in both
                if first[one.id].answer is second[one.id].answer
            ),
            empty="They agree on no question.",
        ),
    )
