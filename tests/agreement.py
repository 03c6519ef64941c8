"""Hold the engine to the oracle: every answer to a case, with its level, gaps, findings and what is due soon."""

import json
from collections import Counter
from collections.abc import Iterable

from aboveline.answers import QuestionAnswer
from aboveline.audit import Auditor
from aboveline.case import CaseRecord, read_record
from aboveline.facts import CaseFacts
from oracle import Result, evaluate
from random_cases import Json

__all__ = ["agreed", "hold_to_oracle", "recorded", "said"]


def said(one: QuestionAnswer) -> Result:
    """Put an answer into the oracle's words."""
    return Result(
        answer=one.answer,
        computed=one.computed,
        gaps=frozenset((gap.kind, gap.id, gap.field) for gap in one.gaps),
        findings=frozenset(
            (f.deficiency, f.finding, f.put_right, f.due, frozenset((e.kind, e.id) for e in f.evidence))
            for f in one.findings
        ),
        due_soon=frozenset((due.deficiency, due.due) for due in one.due_soon),
        level=one.level,
        level_gaps=frozenset((gap.kind, gap.id, gap.field) for gap in one.level_gaps),
    )


def recorded(raw: Json) -> CaseRecord:
    """Read a record, which must be one."""
    record = read_record(json.dumps(raw, default=str).encode(), "random")
    assert isinstance(record, CaseRecord), [str(problem) for problem in record.problems]
    return record


def hold_to_oracle(auditor: Auditor, facts: CaseFacts, answers: Iterable[QuestionAnswer]) -> None:
    """Hold every one of the engine's answers to a case to the oracle: the same, and nothing told twice."""
    for one in answers:
        expected = evaluate(auditor.rulebook.question(one.question), auditor.rulebook, facts)

        assert expected == said(one), one.question
        assert len(expected.findings) == len(one.findings)
        assert len(expected.due_soon) == len(one.due_soon)


def agreed(auditor: Auditor, facts: CaseFacts) -> Counter[str]:
    """Hold the answers to a case to the oracle; count what came of it."""
    answers = auditor.answer(facts)
    hold_to_oracle(auditor, facts, answers)
    seen = Counter({"cases": 1})
    for one in answers:
        seen[one.computed] += 1
        seen.update({"findings": len(one.findings), "due soon": len(one.due_soon), "gaps": len(one.gaps)})
        seen.update({"levels": one.level is not None, "level gaps": len(one.level_gaps)})
    return seen
