"""The listings of a part of a caseload, made by columns."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from aboveline.answers import Answer
from aboveline.backends.columnar import Standing
from aboveline.rulebook import Rulebook
from aboveline.sheets import ANSWERS as ANSWER_NAMES
from aboveline.sheets import Sheet

from .coding import NONE, Words, coded, days, in_lists, in_words, joined
from .finding_rows import list_findings
from .gaps import FIELDS, NOT_HERE, REASONS, gaps_of
from .ids import KINDS, Ids
from .shapes import ANSWERS, SHAPES, answers_shape
from .slots import Slots

__all__ = ["list_columns"]


def list_columns(standing: Standing, sheet: Sheet, rulebook: Rulebook) -> dict[str, pa.Table]:
    """Return every listing of cases as they stand and were answered."""
    ids = Ids(standing)
    listing = _Listing(standing, sheet, rulebook, ids)
    findings, evidence = list_findings(standing, sheet, rulebook, ids)
    return {
        "findings": findings,
        "evidence": evidence,
        "not_assessed": listing.not_assessed(),
        "due_soon": listing.due_soon(),
        "judged_insufficient": listing.judged(),
        "overrides": listing.overrides(),
        ANSWERS: listing.answers(),
    }


class _Listing:
    def __init__(self, standing: Standing, sheet: Sheet, rulebook: Rulebook, ids: Ids) -> None:
        self._standing = standing
        self._columns = sheet.columns
        self._rulebook = rulebook
        self._questions = [column.question.id for column in sheet.columns]
        self._cases = standing.chunk.cases["case"].combine_chunks()
        self._ids = ids

    def not_assessed(self) -> pa.Table:
        """Return the questions that could not be answered, with their gaps."""
        cases, questions, gaps, owners = [], [], [], []
        many = 0
        for number, column in enumerate(self._columns):
            asked = np.flatnonzero(column.is_answered(Answer.NOT_ASSESSED))
            found = gaps_of(column, self._rulebook, self._ids)
            cases.append(asked)
            questions.append(np.full(len(asked), number))
            owners.append(many + np.searchsorted(asked, found[:, 0]))
            gaps.append(found)
            many += len(asked)
        found = joined(gaps, 5)
        fields = SHAPES["not_assessed"].field("gaps").type.value_field
        whole = found[:, 2] == NOT_HERE
        ids = self._ids.words(found[~whole, 1], found[~whole, 2])
        named = pa.nulls(len(found), pa.string())
        if len(ids):
            at = np.full(len(found), NONE)
            at[~whole] = np.arange(len(ids))
            named = ids.take(pa.array(at, mask=whole))
        items = pa.StructArray.from_arrays(
            [
                in_words(found[:, 1], KINDS),
                named,
                coded(found[:, 3], FIELDS).cast(pa.string()),
                in_words(found[:, 4], REASONS),
            ],
            fields=list(fields.type),
        )
        return pa.Table.from_arrays(
            [
                self._cases.take(pa.array(joined(cases))),
                coded(joined(questions), self._questions),
                in_lists(joined(owners), many, items, fields),
            ],
            schema=SHAPES["not_assessed"],
        )

    def due_soon(self) -> pa.Table:
        """Return what will be deficiencies if it is not done by the end of a day."""
        words = Words()
        rows = []
        for number, column in enumerate(self._columns):
            slots = Slots(column.marks, self._rulebook)
            of_question = []
            for deficiency in sorted(column.question.deficiencies, key=lambda one: one.id):
                for found in column.marks.of(column.question.id, deficiency.id):
                    which = column.soon[found.bound.case] & found.which(certain=True, late=False)
                    some = np.flatnonzero(which)
                    due = slots.due(found, some) if len(some) else None
                    if due is None:
                        continue
                    numbers = (np.full(len(some), one) for one in (words.number(deficiency.id), number))
                    of_question.append(np.stack([found.bound.case[some], due, *numbers], axis=1))
            if of_question:
                rows.append(np.unique(np.concatenate(of_question), axis=0))
        soon = joined(rows, 4)
        return pa.Table.from_arrays(
            [
                self._cases.take(pa.array(soon[:, 0])),
                coded(soon[:, 3], self._questions),
                coded(soon[:, 2], words.words),
                days(soon[:, 1]),
            ],
            schema=SHAPES["due_soon"],
        )

    def judged(self) -> pa.Table:
        """Return the questions that assessors judged insufficient."""
        cases, questions, rows = [], [], []
        for number, column in enumerate(self._columns):
            said = column.marks.cases.judgements.get(column.question.id)
            if said is None or said.rows is None:
                continue
            wanted = column.judged & column.is_answered(Answer.INSUFFICIENT) & ~column.overridden
            which = np.flatnonzero(wanted[said.cases])
            cases.append(said.cases[which])
            questions.append(np.full(len(which), number))
            rows.append(said.rows[which])
        table = self._standing.chunk.facts["judgement"].take(pa.array(joined(rows)))
        return pa.Table.from_arrays(
            [
                self._cases.take(pa.array(joined(cases))),
                coded(joined(questions), self._questions),
                table["assessor"].combine_chunks().cast(pa.string()),
                table["made_on"].combine_chunks(),
                table["reason"].combine_chunks().cast(pa.string()),
            ],
            schema=SHAPES["judged_insufficient"],
        )

    def overrides(self) -> pa.Table:
        """Return the answers that assessors put in place of computed ones, with the deficiencies that were found."""
        found: dict[str, list[object]] = {name: [] for name in SHAPES["overrides"].names}
        told = self._standing.chunk.facts["override"]
        for column in self._columns:
            said = column.marks.cases.overrides.get(column.question.id)
            if said is None or said.rows is None:
                continue
            of_question = told.take(pa.array(said.rows))
            found["case"] += self._cases.take(pa.array(said.cases)).to_pylist()
            found["question"] += [column.question.id] * len(said.cases)
            for name, answers in (("answer", column.answer), ("computed", column.computed)):
                found[name] += [str(ANSWER_NAMES[one]) for one in answers[said.cases].tolist()]
            found["assessor"] += of_question["assessor"].to_pylist()
            found["made_on"] += of_question["made_on"].to_pylist()
            found["reason"] += of_question["reason"].to_pylist()
            late = {one.id: column.holds(one.id)[said.cases] for one in column.question.deficiencies}
            insufficient = column.computed[said.cases] == ANSWER_NAMES.index(Answer.INSUFFICIENT)
            found["deficiencies"] += [
                sorted(name for name, holds in late.items() if holds[n]) if insufficient[n] else []
                for n in range(len(said.cases))
            ]
        return table_of("overrides", found)

    def answers(self) -> pa.Table:
        """Return the answers, a row for each case."""
        columns: list[pa.Array] = [self._cases]
        for column in self._columns:
            columns.append(coded(column.answer.astype(np.int64), ANSWER_NAMES))
            if column.level is not None:
                levels = [level.id for level in column.question.levels]
                columns.append(coded(column.level.astype(np.int64), levels))
        return pa.Table.from_arrays(columns, schema=answers_shape(self._rulebook))


def table_of(name: str, columns: Mapping[str, Sequence[object]]) -> pa.Table:
    """Return a listing of columns of values as Python has them."""
    shape = SHAPES[name]
    arrays = []
    for field, values in columns.items():
        of = shape.field(field).type
        if pa.types.is_dictionary(of):
            arrays.append(pa.array(values, pa.string()).dictionary_encode().cast(of))
        else:
            arrays.append(pa.array(values, of))
    return pa.Table.from_arrays(arrays, schema=shape)
