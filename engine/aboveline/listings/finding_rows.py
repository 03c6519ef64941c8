"""The listing of findings, and of the facts that they rest on, made by columns."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from aboveline.backends.columnar import Numbers, Standing
from aboveline.rulebook import Rulebook
from aboveline.sheets import Sheet

from .coding import Words, coded, days, in_lists, in_words
from .evidence import fields_as_json
from .findings import NOT_DUE, Worded, word_findings
from .ids import KINDS, Ids
from .shapes import SHAPES

__all__ = ["list_findings"]

_KIND = {kind: number for number, kind in enumerate(KINDS)}


def list_findings(
    standing: Standing, sheet: Sheet, rulebook: Rulebook, ids: Ids
) -> tuple[pa.Table, pa.Table]:
    """Return the findings, and each fact that any of them rests on."""
    return _Findings(standing, sheet, rulebook, ids).tables()


class _Findings:
    def __init__(self, standing: Standing, sheet: Sheet, rulebook: Rulebook, ids: Ids) -> None:
        self._standing = standing
        self._columns = sheet.columns
        self._rulebook = rulebook
        self._questions = [column.question.id for column in sheet.columns]
        self._cases = standing.chunk.cases["case"].combine_chunks()
        self._ids = ids

    def tables(self) -> tuple[pa.Table, pa.Table]:
        deficiencies: list[str] = []
        texts, severities, recommendations = Words(), Words(), Words()
        rows: list[Numbers] = []
        evidence: list[Numbers] = []
        many = 0
        for number, column in enumerate(self._columns):
            worded = list(word_findings(column, self._rulebook))
            if not worded:
                continue
            of_question = []
            for one in worded:
                said = texts.numbers(one.texts)
                of_question.append(
                    np.stack(
                        [
                            one.case,
                            np.full(len(one.case), number),
                            np.full(len(one.case), len(deficiencies)),
                            np.full(len(one.case), severities.number(one.deficiency.severity)),
                            said[one.finding],
                            said[one.put_right],
                            one.due,
                            np.full(len(one.case), recommendations.number(one.deficiency.recommendation)),
                        ],
                        axis=1,
                    )
                )
                deficiencies.append(one.deficiency.id)
            together = np.concatenate(of_question)
            order = np.argsort(together[:, 0], kind="stable")
            place = np.zeros(len(order), np.int64)
            place[order] = np.arange(many, many + len(order))
            evidence += [*self._evidence(worded, place)]
            rows.append(together[order])
            many += len(order)
        found = np.concatenate(rows) if rows else np.zeros((0, 8), np.int64)
        lists, cited = self._cited(evidence, many)
        due = found[:, 6]
        columns = [
            self._cases.take(pa.array(found[:, 0])),
            coded(found[:, 1], self._questions),
            coded(found[:, 2], deficiencies),
            coded(found[:, 3], severities.words),
            coded(found[:, 4], texts.words),
            coded(found[:, 5], texts.words),
            days(due, due == NOT_DUE),
            coded(found[:, 7], recommendations.words),
            lists,
        ]
        return pa.Table.from_arrays(columns, schema=SHAPES["findings"]), cited

    def _evidence(self, worded: Sequence[Worded], place: Numbers) -> Iterator[Numbers]:
        """Yield the facts that findings of a question rest on: the finding, the kind, the id's rank and the row."""
        begin = 0
        for one in worded:
            for kind, finding, row in one.evidence:
                of_finding = place[begin + finding]
                kinds = np.full(len(row), _KIND[kind])
                yield np.stack([of_finding, kinds, self._ids.rank(kind, row), row], axis=1)
            begin += len(one.case)

    def _cited(self, evidence: Sequence[Numbers], findings: int) -> tuple[pa.Array, pa.Table]:
        """Return what each finding rests on, in a list, and every fact that any rests on."""
        found = np.concatenate(evidence) if evidence else np.zeros((0, 4), np.int64)
        _, first = np.unique(
            (found[:, 0] * len(KINDS) + found[:, 1]) * self._ids.most + found[:, 2], return_index=True
        )
        found = found[first]
        fields = SHAPES["findings"].field("evidence").type.value_field
        facts = pa.StructArray.from_arrays(
            [in_words(found[:, 1], KINDS), self._ids.words(found[:, 1], found[:, 2])],
            fields=list(fields.type),
        )
        return in_lists(found[:, 0], findings, facts, fields), self._facts(found)

    def _facts(self, found: Numbers) -> pa.Table:
        parts = []
        for number in np.unique(found[:, 1]).tolist():
            kind = KINDS[number]
            rows = np.unique(found[found[:, 1] == number, 3])
            case = self._standing.tables.by_kind[kind].case[rows]
            rank = self._ids.rank(kind, rows)
            order = np.lexsort((rank, case))
            some = self._standing.facts[kind].take(pa.array(rows[order]))
            kinds = coded(np.zeros(len(rows), np.int64), [kind])
            parts.append(
                pa.Table.from_arrays(
                    [
                        self._cases.take(pa.array(case[order])),
                        kinds,
                        some["id"].combine_chunks().cast(pa.string()),
                        fields_as_json(kind, some),
                    ],
                    schema=SHAPES["evidence"],
                )
            )
        if not parts:
            return SHAPES["evidence"].empty_table()
        return pa.concat_tables(parts).unify_dictionaries().combine_chunks()
