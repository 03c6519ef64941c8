"""The cases of somebody's areas, a page at a time: found by their ids, by area, and by how a question was answered."""

import datetime as dt
from collections.abc import Mapping, Sequence

from aboveline.answers import Answer, in_words
from aboveline.case.base import Record
from aboveline.reports.words import label, many
from aboveline.service.pages import urls
from aboveline.service.pages.views.parts import FieldError, Link, Option, Table, View, cell, columns

__all__ = ["ANSWERS", "CaseList", "CaseRow", "case_list"]

ANSWERS = (Answer.INSUFFICIENT, Answer.SUFFICIENT, Answer.NOT_ASSESSED)
"""The answers by which cases can be looked for. Not applicable is not listed."""

_ANY = Option(value="", text="Any")


class CaseRow(Record):
    """A case in a list: its key and id, its area, the day its record was last uploaded, and its insufficient answers."""

    key: str
    case: str
    area: str | None
    uploaded: dt.date
    insufficient: int | None


class CaseList(View):
    """The cases that the caller may see, and the form that finds some of them.

    Its fields are ``case`` (how the id begins), ``area``, ``question`` and
    ``answer``. ``onward`` leads to the cases after these, ``first`` back to the
    first of them.
    """

    told: str
    table: Table
    areas: tuple[Option, ...]
    questions: tuple[Option, ...]
    answers: tuple[Option, ...]
    answers_told: str | None
    values: dict[str, str]
    wanted: bool
    onward: Link | None
    first: Link | None


def case_list(
    rows: Sequence[CaseRow], total: int, *, areas: Sequence[str], questions: Mapping[str, str], audited: dt.date | None,
    values: Mapping[str, str] | None = None, errors: Sequence[FieldError] = (),
    onward: str | None = None, first: str | None = None,
) -> CaseList:  # fmt: skip
    """Build a page of the list of cases.

    Args:
        rows: the cases of this page.
        total: how many cases there are that are wanted.
        areas: the areas that the caller may see.
        questions: what each question is called, by its id.
        audited: the day of the audit by which answers are told, none where there is none.
        values: what is wanted.
        errors: what is wrong with that.
        onward: where the cases after these are, none where there are none.
        first: where the first are, none where these are they.
    """
    given = {"case": "", "area": "", "question": "", "answer": ""} | dict(values or {})
    wanted = any(given.values())
    return CaseList(
        title="Cases",
        errors=tuple(errors),
        told=f"{many(total, 'case')} found." if wanted else f"{many(total, 'case')} in your areas.",
        table=Table(
            caption="Cases found" if wanted else "Cases in your areas",
            columns=columns(
                "Case", "Area", "Last uploaded", "Insufficient answers", numbers=["Insufficient answers"]
            ),
            rows=tuple(
                (
                    cell(one.case, urls.case(one.key)),
                    cell(one.area),
                    cell(one.uploaded),
                    cell("not audited yet" if one.insufficient is None else one.insufficient),
                )
                for one in rows
            ),
            empty="No case fits what you look for. Take something away from it."
            if wanted
            else "There is no case in your areas yet. Upload case records to begin.",
        ),
        areas=(_ANY, *(Option(value=one, text=one) for one in areas)),
        questions=(_ANY, *(Option(value=name, text=f"{name} {title}") for name, title in questions.items())),
        answers=(_ANY, *(Option(value=str(one), text=label(one)) for one in ANSWERS)),
        answers_told=f"Answers are those of the audit as at {in_words(audited)}." if audited else None,
        values=given,
        wanted=wanted,
        onward=Link(text="Next page of cases", href=onward) if onward else None,
        first=Link(text="Back to the first page of cases", href=first) if first else None,
    )
