"""The listings of cases that were answered one by one: the same tables as by columns, from what was told."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
import pyarrow as pa

from aboveline.answers import Answer, Evidence, QuestionAnswer
from aboveline.rulebook import Rulebook

from .columns import table_of
from .shapes import ANSWERS, CODE, SHAPES, answers_shape

__all__ = ["list_answers"]

Rows = dict[str, list[Any]]


def list_answers(
    cases: Sequence[str], answers: Sequence[Sequence[QuestionAnswer]], rulebook: Rulebook
) -> dict[str, pa.Table]:
    """Return every listing of cases, of which these are the answers to all active questions."""
    places = {case: place for place, case in enumerate(cases)}
    ordered = sorted(
        (one for of_case in answers for one in of_case), key=lambda one: (one.question, places[one.case])
    )
    rows: dict[str, Rows] = {name: {field: [] for field in shape.names} for name, shape in SHAPES.items()}
    for one in ordered:
        _add(one, rows)
    cited = {
        (fact.kind, places[one.case], fact.id): (one.case, fact)
        for one in ordered
        if one.answer is Answer.INSUFFICIENT
        for finding in one.findings
        for fact in finding.evidence
    }
    for name in sorted(cited):
        case, fact = cited[name]
        _append(rows["evidence"], case=case, kind=fact.kind, id=fact.id, fields=_as_json(fact))
    tables = {name: table_of(name, columns) for name, columns in rows.items()}
    return tables | {ANSWERS: _answers(cases, answers, rulebook)}


def _add(one: QuestionAnswer, rows: dict[str, Rows]) -> None:
    head = {"case": one.case, "question": one.question}
    if one.answer is Answer.INSUFFICIENT:
        for finding in one.findings:
            told = finding.model_dump(include=set(SHAPES["findings"].names) - {"evidence"})
            evidence = [{"kind": fact.kind, "id": fact.id} for fact in finding.evidence]
            _append(rows["findings"], **told | {"severity": str(finding.severity)}, evidence=evidence)
        if one.by == "judgement":
            _append(
                rows["judged_insufficient"],
                **head,
                assessor=one.assessor or "",
                made_on=one.said_on,
                reason=one.reason,
            )
    if one.answer is Answer.NOT_ASSESSED:
        _append(rows["not_assessed"], **head, gaps=[gap.model_dump() for gap in one.gaps])
    for due in one.due_soon:
        _append(rows["due_soon"], **head, deficiency=due.deficiency, due=due.due)
    if one.by == "override":
        _append(
            rows["overrides"],
            **head,
            answer=str(one.answer),
            computed=str(one.computed),
            assessor=one.assessor or "",
            made_on=one.said_on,
            reason=one.reason or "",
            deficiencies=sorted({finding.deficiency for finding in one.findings}),
        )


def _append(rows: Rows, **values: object) -> None:
    for name, column in rows.items():
        column.append(values[name])


def _as_json(fact: Evidence) -> str:
    return orjson.dumps(dict(sorted(fact.fields.items()))).decode()


def _answers(
    cases: Sequence[str], answers: Sequence[Sequence[QuestionAnswer]], rulebook: Rulebook
) -> pa.Table:
    columns = [pa.array(cases, pa.string())]
    for question, of_question in zip(rulebook.active, zip(*answers, strict=True), strict=True):
        columns.append(_coded(str(one.answer) for one in of_question))
        if question.levels:
            columns.append(_coded(one.level for one in of_question))
    shape = answers_shape(rulebook)
    if not cases:
        return shape.empty_table()
    return pa.Table.from_arrays(columns, schema=shape)


def _coded(words: Iterable[str | None]) -> pa.Array:
    return pa.array(list(words), pa.string()).dictionary_encode().cast(CODE)
