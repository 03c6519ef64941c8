"""Write the tables of a comparison as CSV: one table a file."""

from collections.abc import Callable, Iterable
from enum import StrEnum

from aboveline.comparison.model import Change, Comparison, Side

from .parts import csv_text

__all__ = ["NEED_ANSWERS", "ComparisonTable", "write_comparison_csv"]

Row = tuple[object, ...]


class ComparisonTable(StrEnum):
    """The tables of a comparison."""

    QUESTIONS = "questions"
    OUTCOMES = "outcomes"
    FLIPS = "flips"
    DEFICIENCIES = "deficiencies"
    CASES_IN_ONE = "cases_in_one"
    DIFFERENCES = "differences"


NEED_ANSWERS = frozenset({ComparisonTable.FLIPS, ComparisonTable.DEFICIENCIES, ComparisonTable.CASES_IN_ONE})
"""Tables that cannot be made where an audit does not list the answers to every case: an empty one would lie."""

_CHANGE = ("change_points", "low_points", "high_points", "verdict")


def write_comparison_csv(comparison: Comparison, table: ComparisonTable) -> str:
    """Return one table as CSV text."""
    header, rows = _TABLES[table]
    return csv_text(header, rows(comparison))


def _change(change: Change | None) -> Row:
    return (change.points, change.low, change.high, change.verdict) if change else (None,) * len(_CHANGE)


def _questions(comparison: Comparison) -> Iterable[Row]:
    for one in comparison.questions:
        sides = (
            (side.sufficient, side.n, side.score, side.not_assessed) if side else (None,) * 4
            for side in (one.before, one.after)
        )
        was, now = sides
        compared = [count for side in one.compared or ((None, None), (None, None)) for count in side]
        yield (one.id, one.title, one.standing, *was, *now, one.pairs, *compared, *_change(one.change))


def _outcomes(comparison: Comparison) -> Iterable[Row]:
    for one in comparison.outcomes:
        was, now = (
            (side.score, side.questions, side.n) if side else (None, None, None)
            for side in (one.before, one.after)
        )
        alike = [side.score for side in one.compared or ()] or [None, None]
        yield (one.id, one.title, *was, *now, len(one.questions), *alike, *_change(one.change))


def _cases(comparison: Comparison) -> Iterable[Row]:
    for side, cases in ((Side.BEFORE, comparison.only_before), (Side.AFTER, comparison.only_after)):
        for case in cases or ():
            yield (case, side)


_TABLES: dict[ComparisonTable, tuple[Row, Callable[[Comparison], Iterable[Row]]]] = {
    ComparisonTable.QUESTIONS: (
        (
            *(
                "question",
                "title",
                "asked",
                "before_sufficient",
                "before_n",
                "before_percent",
                "before_not_assessed",
            ),
            *("after_sufficient", "after_n", "after_percent", "after_not_assessed", "cases_in_both"),
            *(
                "compared_before_sufficient",
                "compared_before_n",
                "compared_after_sufficient",
                "compared_after_n",
            ),
            *_CHANGE,
        ),
        _questions,
    ),
    ComparisonTable.OUTCOMES: (
        (
            *("outcome", "title", "before_percent", "before_questions", "before_n"),
            *("after_percent", "after_questions", "after_n"),
            *("questions_compared", "compared_before_percent", "compared_after_percent"),
            *_CHANGE,
        ),
        _outcomes,
    ),
    ComparisonTable.FLIPS: (
        ("case", "question", "before", "after"),
        lambda comparison: (
            (one.case, one.question, one.before, one.after) for one in comparison.flips or ()
        ),
    ),
    ComparisonTable.DEFICIENCIES: (
        ("case", "question", "deficiency", "severity", "change", "answer_before", "answer_after"),
        lambda comparison: (
            (one.case, one.question, one.deficiency, one.severity, one.change, one.before, one.after)
            for one in comparison.deficiencies or ()
        ),
    ),
    ComparisonTable.CASES_IN_ONE: (("case", "only_in"), _cases),
    ComparisonTable.DIFFERENCES: (
        ("what", "before", "after"),
        lambda comparison: ((one.what, one.before, one.after) for one in comparison.differences),
    ),
}
