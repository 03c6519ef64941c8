"""The twenty questions as written by hand in Polars have the answers that we give, whatever the record holds and cannot hold."""

import datetime as dt
import json
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks.caseload import AS_OF, caseload
from benchmarks.peers.common import FIELDS, TWENTY, explained_within
from benchmarks.peers.measuring import twenty_of

from aboveline.answers import Answer
from aboveline.caseload import audit_caseload
from aboveline.packing import Packed, pack
from aboveline.result import AuditResult
from aboveline.rulebook import load_rulebook
from aboveline.vocabulary import VOCABULARY

pl = pytest.importorskip("polars")

RULES = load_rulebook()
BOOK = twenty_of(RULES)
WITHIN = explained_within(RULES, AS_OF)
MANY = 1200
LINKED = {
    linked
    for kind in VOCABULARY.values()
    for field in kind.fields.values()
    if field.name != "id"
    for linked in field.links_to
}
"""Kinds that others name facts of, so a record that loses them is refused."""


class Audited(NamedTuple):
    """A packed caseload, and what our audit of it says."""

    folder: Path
    result: AuditResult
    answers: dict[str, dict[str, str]]
    findings: set[tuple[str, str]]


def harder(line: bytes, random: Random) -> dict[str, Any]:
    """Return a made case with more of what is rare: sources that cannot hold what is read, whole kinds lost, plans of one day, overrides of an override."""
    record: dict[str, Any] = json.loads(line)
    record.pop("incomplete", None)
    if random.random() < 0.5:
        record["incomplete"] = random.sample(sorted(FIELDS), random.randint(1, 3))
    for kind in sorted(FIELDS.keys() - LINKED - {"sentence"}):
        if random.random() < 0.15:
            record.pop(kind, None)
    plans = [plan for plan in record.get("plan", ()) if "completed_on" in plan]
    if plans and random.random() < 0.3:
        for plan in plans:
            plan["completed_on"] = plans[0]["completed_on"]
    question = random.choice(BOOK.active).id
    days = [AS_OF - dt.timedelta(days=3)] * 2 + [AS_OF, AS_OF + dt.timedelta(days=1)]
    if random.random() < 0.5:
        record["override"] = [
            {
                "question": question,
                "answer": random.choice(["sufficient", "insufficient", "not_applicable"]),
                "made_on": day.isoformat(),
                "assessor": "QA-1",
                "reason": "Seen in the paper file",
            }
            for day in random.sample(days, random.randint(1, len(days)))
        ]
    return record


def listed(folder: Path) -> pa.Table:
    """Return a listing of every part."""
    return pa.concat_tables(pq.read_table(part) for part in sorted(folder.glob("part-*.parquet")))


def audited(lines: list[dict[str, Any]], folder: Path) -> Audited:
    """Pack case records and audit them."""
    source = folder / "cases.jsonl"
    source.write_text("".join(json.dumps(record) + "\n" for record in lines), encoding="utf-8")
    manifest = pack([source], folder / "packed", cases_in_a_group=100)
    assert manifest.count == len(lines)
    result = audit_caseload(Packed.open(folder / "packed"), BOOK, AS_OF, listings=folder / "listings")
    answers = {row.pop("case"): row for row in listed(folder / "listings" / "answers").to_pylist()}
    findings = listed(folder / "listings" / "findings")
    found = zip(findings["case"].to_pylist(), findings["deficiency"].to_pylist(), strict=True)
    return Audited(folder / "packed", result, answers, set(found))


@pytest.fixture(scope="module", params=["as made", "harder"])
def ours(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Audited:
    """Return made cases and what we say of them."""
    random = Random(11)
    lines = list(caseload(MANY, seed=6, wrong=0))
    made = [json.loads(line) for line in lines]
    return audited(
        made if request.param == "as made" else [harder(line, random) for line in lines],
        tmp_path_factory.mktemp("answering"),
    )


def test_polars_has_the_same_answers(ours: Audited) -> None:
    """Every case has the same answer to every question, and each of the four is given."""
    from benchmarks.peers.answering import answers_in, tables_to_answer  # noqa: PLC0415 - it takes polars

    cases = pl.read_parquet(ours.folder / "cases.parquet", columns=["case", "incomplete"])
    tables = {kind: table.collect().lazy() for kind, table in tables_to_answer(ours.folder, AS_OF).items()}
    answered = answers_in(tables, cases, AS_OF, WITHIN)
    rows = answered.answers().with_columns(cases["case"]).to_dicts()

    assert ours.answers == {row.pop("case"): row for row in rows}
    assert {answer for row in ours.answers.values() for answer in row.values()} == set(Answer)


def test_polars_has_the_same_counts_and_findings(ours: Audited) -> None:
    """From the files, as many cases have each answer, and the same deficiencies are found in the same cases."""
    from benchmarks.peers.answering import answer_packed  # noqa: PLC0415 - it takes polars

    counts, found = answer_packed(ours.folder, AS_OF, WITHIN)

    assert {
        (one.id, str(answer)): getattr(one, answer) for one in ours.result.questions for answer in Answer
    } == {(question, answer): cases for question, answer, cases in counts.iter_rows()}
    assert ours.findings == set(found.select("case", "deficiency").iter_rows())
    assert {deficiency for _, deficiency in ours.findings} == set(TWENTY)


def test_none_of_the_twenty_is_judged() -> None:
    """So nothing that assessors judged is read, nor are there levels to tell."""
    assert not [one.id for one in BOOK.active if one.judged or one.levels]
