"""Facts tried out on a case: the kinds, a form for one by the vocabulary, and what it opens, closes and makes due next."""

import datetime as dt
from collections.abc import Mapping, Sequence

from aboveline.answers import Answer, DueSoon, Finding, in_words
from aboveline.case.base import Record
from aboveline.reports.words import label, many
from aboveline.rulebook import Rulebook
from aboveline.service.pages.views.audits import evidence
from aboveline.service.pages.views.parts import (
    FieldError,
    Option,
    Table,
    Tag,
    View,
    answer_tag,
    cell,
    columns,
    severity_tag,
)  # fmt: skip
from aboveline.vocabulary import KnownField

__all__ = [
    "AS_OF",
    "FactField",
    "FactForm",
    "FactKinds",
    "FactTold",
    "FoundByFact",
    "fact_form",
    "fact_kinds",
    "fact_told",
]

AS_OF = "as_of"
_NAMES = {
    "check": "Check with another agency",
    "mappa": "MAPPA",
    "mappa_action": "MAPPA action",
    "mappa_referral": "MAPPA referral",
    "rosh": "Risk of serious harm",
    "visor": "ViSOR record",
}
_NOT_RECORDED = Option(value="", text="Not recorded")


class FactKinds(View):
    """The kinds of fact that can be tried out on a case: field ``kind``."""

    key: str
    kinds: tuple[Option, ...]
    values: dict[str, str]


class FactField(Record):
    """A field of a fact in a form. A day has the fields ``NAME-day``, ``-month`` and ``-year``; others have their name."""

    name: str
    text: str
    hint: str | None
    type: str
    options: tuple[Option, ...]
    value: str
    date: dict[str, str]


class FoundByFact(Record):
    """A finding that a fact opened or closed."""

    question: str
    severity: Tag
    finding: str
    put_right: str
    evidence: tuple[str, ...]


class FactTold(Record):
    """What a fact opened, closed and made due next. ``left_out`` says that it is of a later day than was asked about."""

    told: str
    left_out: str | None
    opened: tuple[FoundByFact, ...]
    closed: tuple[FoundByFact, ...]
    changed: Table
    due: Table


class FactForm(View):
    """The form for a fact of a kind, and the day as at which the case is answered; with what came of it, once it was sent."""

    key: str
    kind: str
    about: str
    fields: tuple[FactField, ...]
    date: dict[str, str]
    found: FactTold | None


def fact_kinds(
    key: str, case: str, kinds: Mapping[str, str], kind: str = "", errors: Sequence[FieldError] = ()
) -> FactKinds:
    """Build the form that chooses a kind of fact, each with what it is."""
    return FactKinds(
        title=f"Try out a fact on case {case}",
        errors=tuple(errors),
        key=key,
        kinds=tuple(
            sorted(
                (Option(value=name, text=_called(name), hint=about) for name, about in kinds.items()),
                key=lambda one: one.text.casefold(),
            )
        ),
        values={"kind": kind},
    )


def fact_form(
    key: str,
    kind: str,
    about: str,
    fields: Mapping[str, tuple[KnownField, str]],
    today: dt.date,
    links: Mapping[str, Sequence[str]],
    values: Mapping[str, str] | None = None,
    errors: Sequence[FieldError] = (),
    found: FactTold | None = None,
) -> FactForm:
    """Build the form for a fact.

    Args:
        key: the case's key.
        kind: the kind of fact.
        about: what it is.
        fields: each field with what it means.
        today: the day as at which the case is answered unless another is given.
        links: by field, the ids of the facts of the case that it can lead to.
        values: what was sent.
        errors: what is wrong with that.
        found: what came of it.
    """
    given = dict(values or {})
    return FactForm(
        title=f"Try out: {_called(kind)}",
        errors=tuple(errors),
        key=key,
        kind=kind,
        about=about,
        fields=tuple(
            _field(name, field, meaning, links.get(name, ()), given)
            for name, (field, meaning) in fields.items()
        ),
        date={
            part: given.get(f"{AS_OF}-{part}", str(getattr(today, part))) for part in ("day", "month", "year")
        },
        found=found,
    )


def fact_told(
    opened: Sequence[Finding],
    closed: Sequence[Finding],
    changed: Sequence[tuple[str, Answer, Answer]],
    due: Sequence[DueSoon],
    rulebook: Rulebook,
    as_of: dt.date,
    *,
    left_out: int,
) -> FactTold:
    """Build what a fact comes to."""
    titles = {one.id: one.title for one in rulebook.active}

    def shown(one: Finding) -> FoundByFact:
        return FoundByFact(
            question=f"{one.question} {titles[one.question]}",
            severity=severity_tag(one.severity),
            finding=one.finding,
            put_right=one.put_right,
            evidence=evidence(one),
        )

    return FactTold(
        told=f"As at {in_words(as_of)}, with this fact: {many(len(opened), 'finding')} opened, {len(closed)} closed, {many(len(changed), 'answer')} changed.",
        left_out=f"Some of it is of a later day than {in_words(as_of)} and was left out. Choose a later day to see it count."
        if left_out > 0
        else None,
        opened=tuple(map(shown, opened)),
        closed=tuple(map(shown, closed)),
        changed=Table(
            caption="Answers that changed",
            columns=columns("Question", "As recorded", "With this fact"),
            rows=tuple(
                (
                    cell(f"{question} {titles[question]}"),
                    cell("", tag=answer_tag(before)),
                    cell("", tag=answer_tag(after)),
                )
                for question, before, after in changed
            ),
            empty="No answer changed.",
        ),
        due=Table(
            caption="Falls due next",
            columns=columns("By", "What"),
            rows=tuple((cell(one.due), cell(f"{one.question} {titles[one.question]}")) for one in due),
            empty="Nothing falls due soon.",
        ),
    )


def _called(kind: str) -> str:
    return _NAMES.get(kind, label(kind))


def _field(
    name: str, field: KnownField, meaning: str, links: Sequence[str], given: Mapping[str, str]
) -> FactField:
    needed = field.recorded and field.type != "bool"
    options: tuple[Option, ...] = ()
    if field.type == "bool":
        options = (
            Option(value="yes", text="Yes"),
            Option(value="no", text="No"),
            *([] if field.recorded else [_NOT_RECORDED]),
        )
    elif field.type == "enum":
        options = (
            _NOT_RECORDED if not needed else Option(value="", text="Choose"),
            *(Option(value=one, text=label(one)) for one in field.members),
        )
    elif field.type == "id":
        options = (_NOT_RECORDED, *(Option(value=one, text=one) for one in links))
    usual = {"bool": "no" if field.recorded else ""}.get(field.type, "")
    return FactField(
        name=name,
        text=label(name.removesuffix("_on"))
        + (", day" if field.type == "date" else "")
        + ("" if needed else " (optional)"),
        hint=meaning or None,
        type=field.type,
        options=options,
        value=given.get(name, usual),
        date={part: given.get(f"{name}-{part}", "") for part in ("day", "month", "year")},
    )
