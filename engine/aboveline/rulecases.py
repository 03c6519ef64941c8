"""Cases of a rule: invented situations beside the rule, each with the answer it must give.

``PP-39.cases.yaml`` names its question, the date it stands at, the facts that
every case starts from (``given``), and the cases. A case adds facts (``with``;
the fields of the person, the area or the sentence are put over the given
ones), or starts from none of the given (``facts``).
"""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from aboveline.answers import Answer, QuestionAnswer
from aboveline.audit import Auditor, MakeBackend
from aboveline.backends import DurableBackend
from aboveline.case import CaseRecord, read_record
from aboveline.problems import Problem, did_you_mean, shown
from aboveline.rulebook import Rulebook
from aboveline.rulebook.book import CASES
from aboveline.rulebook.lines import Node, read_yaml
from aboveline.rulebook.reading import NO_LEVEL, Reader
from aboveline.vocabulary import record_kinds

__all__ = ["RuleCase", "RuleCaseRunner", "read_rule_cases"]

_SINGLE = frozenset(kind for kind, _, single in record_kinds() if single)


@dataclass(frozen=True)
class RuleCase:
    """One situation and what must come of it.

    ``deficiencies`` are the ids found; ``gaps`` the fields named, as
    ``check.made_on``; ``due_soon`` the ids due soon and ``level`` the level (or the
    word ``none``), or none where the case does not say.
    """

    question: str
    name: str
    as_of: dt.date
    record: CaseRecord
    answer: Answer
    deficiencies: frozenset[str]
    gaps: frozenset[str]
    due_soon: frozenset[str] | None
    level: str | None
    path: str
    line: int


def read_rule_cases(rulebook: Rulebook, problems: list[Problem]) -> list[RuleCase]:
    """Read the cases of every question of a rulebook; add to ``problems`` what is wrong with them."""
    found: list[RuleCase] = []
    known = {question.id for question in rulebook.questions}
    for path in sorted(rulebook.folder.rglob(f"*{CASES}")):
        root = read_yaml(path, problems)
        reader = Reader(shown(path), problems)
        if root is None:
            reader.problem(1, "", "there are no cases in this file")
            continue
        part = reader.mapping(root, "", {"question": True, "as_of": True, "given": False, "cases": True})
        question = reader.text(part.get("question"), "question")
        as_of = reader.date(part.get("as_of"), "as_of")
        if question and question not in known:
            reader.problem(
                part["question"].line,
                "question",
                f"there is no question {question}{did_you_mean(question, known)}",
            )
        elif question and path.name != question + CASES:
            reader.problem(
                part["question"].line, "question", f"the cases of {question} are called {question}{CASES}"
            )
        names: set[str] = set()
        for n, node in enumerate(reader.items(part.get("cases"), "cases")):
            case = _case(node, f"cases[{n}]", question, as_of, part.get("given"), reader)
            if case and case.name in names:
                reader.problem(node.line, f"cases[{n}].name", "another case has this name")
            if case:
                names.add(case.name)
                found.append(case)
    return found


class RuleCaseRunner:
    """Runs cases, each through its question alone. Rules compiled for one case serve the next of the same question and date."""

    def __init__(self, rulebook: Rulebook, backend: MakeBackend = DurableBackend) -> None:
        self._rulebook = rulebook
        self._backend = backend
        self._auditors: dict[tuple[str, dt.date], Auditor] = {}

    def run(self, case: RuleCase) -> list[str]:
        """Return how the outcome of a case differs from what it must be."""
        key = (case.question, case.as_of)
        if key not in self._auditors:
            alone = replace(self._rulebook, questions=(self._rulebook.question(case.question),))
            self._auditors[key] = Auditor(alone, case.as_of, self._backend)
        auditor = self._auditors[key]
        return _differences(case, auditor.answer(auditor.facts(case.record)))


def _differences(case: RuleCase, answers: tuple[QuestionAnswer, ...]) -> list[str]:
    if not answers:
        return [f"{case.question} is not active"]
    (answer,) = answers
    gaps = frozenset(f"{gap.kind}.{gap.field}" if gap.field else gap.kind for gap in answer.gaps)
    found = frozenset(finding.deficiency for finding in answer.findings)
    soon = frozenset(due.deficiency for due in answer.due_soon)
    wrong = (
        [] if answer.answer is case.answer else [f"the answer is {answer.answer}, and must be {case.answer}"]
    )
    if found != case.deficiencies:
        wrong.append(f"the deficiencies are {_names(found)}, and must be {_names(case.deficiencies)}")
    if gaps != case.gaps:
        wrong.append(f"the gaps are {_names(gaps)}, and must be {_names(case.gaps)}")
    if case.due_soon is not None and soon != case.due_soon:
        wrong.append(f"due soon is {_names(soon)}, and must be {_names(case.due_soon)}")
    level = answer.level or NO_LEVEL
    if case.level is not None and level != case.level:
        wrong.append(f"the level is {level}, and must be {case.level}")
    return wrong


def _case(
    node: Node, path: str, question: str, as_of: dt.date | None, given: Node | None, reader: Reader
) -> RuleCase | None:
    keys = {
        "name": True,
        "with": False,
        "facts": False,
        "as_of": False,
        "expect": True,
        "deficiencies": False,
        "gaps": False,
        "due_soon": False,
        "level": False,
    }
    part = reader.mapping(node, path, keys)
    name = reader.text(part.get("name"), f"{path}.name")
    answer = reader.member(part.get("expect"), f"{path}.expect", Answer, Answer.NOT_ASSESSED)
    day = reader.date(part["as_of"], f"{path}.as_of") if "as_of" in part else as_of
    if "facts" in part and "with" in part:
        reader.problem(
            node.line, path, "write 'with' (added to the given facts) or 'facts' (in their place), not both"
        )
    facts = [part.get("facts")] if "facts" in part else [given, part.get("with")]
    raw: dict[str, Any] = {"case": question or "case"}
    for kind, fields in _facts(facts, path, reader):
        if kind in _SINGLE:
            raw[kind] = {**raw.get(kind, {}), **fields}
        else:
            raw.setdefault(kind, []).append(fields)
    record = read_record(json.dumps(raw, default=str).encode(), reader.source, node.line)
    if not isinstance(record, CaseRecord):
        for problem in record.problems:
            reader.problem(node.line, f"{path}.{problem.path}", problem.reason)
        return None
    if day is None:
        return None
    return RuleCase(
        question=question,
        name=name,
        as_of=day,
        record=record,
        answer=answer,
        deficiencies=_ids(part.get("deficiencies"), f"{path}.deficiencies", reader),
        gaps=_ids(part.get("gaps"), f"{path}.gaps", reader),
        due_soon=_ids(part["due_soon"], f"{path}.due_soon", reader) if "due_soon" in part else None,
        level=reader.text(part.get("level"), f"{path}.level") or None,
        path=reader.source,
        line=node.line,
    )


def _facts(lists: list[Node | None], path: str, reader: Reader) -> Iterator[tuple[str, dict[str, Any]]]:
    for node in lists:
        for item in reader.items(node, path):
            if not isinstance(item.value, dict) or len(item.value) != 1:
                reader.problem(item.line, path, "write one kind of fact here, as check: {agency: police}")
                continue
            ((kind, body),) = item.value.items()
            if body.value is not None and not isinstance(body.value, dict):
                reader.problem(
                    body.line, f"{path}.{kind}", "write the fact's fields here, as {agency: police}"
                )
                continue
            yield kind, {name: _plain(value) for name, value in (body.value or {}).items()}


def _plain(node: Node) -> Any:
    if isinstance(node.value, list):
        return [_plain(item) for item in node.value]
    if isinstance(node.value, dict):
        return {name: _plain(value) for name, value in node.value.items()}
    return node.value


def _ids(node: Node | None, path: str, reader: Reader) -> frozenset[str]:
    return frozenset(reader.texts(node, path))


def _names(ids: frozenset[str]) -> str:
    return ", ".join(sorted(ids)) or "none"
