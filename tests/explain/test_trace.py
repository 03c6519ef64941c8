"""The trace says what the engine says: which parts hold, are open or do not, on which facts, for want of what."""

import datetime as dt
import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aboveline.answers import EvidenceGap
from aboveline.audit import Auditor
from aboveline.backends import Match
from aboveline.case import CaseRecord, read_record
from aboveline.explain.holds import Reading
from aboveline.explain.trace import trace
from aboveline.explain.traced import Way, not_in_source
from aboveline.rulebook import Rulebook
from aboveline.rulecases import RuleCase
from aboveline.vocabulary import record_kinds

AS_OF = dt.date(2013, 12, 2)
KINDS = sorted(
    kind for kind, _, single in record_kinds() if not single and kind not in {"judgement", "override"}
)

Bindings = set[tuple[tuple[str, str], ...]]


def of_engine(
    matches: Collection[Match], part: str, doubted: frozenset[str]
) -> tuple[Bindings, Bindings, set[EvidenceGap]]:
    """Return the facts bound in the matches that are certain and in those that are not, and what is wanting in these."""
    certain: Bindings = set()
    possible: Bindings = set()
    gaps: set[EvidenceGap] = set()
    for clause, facts in matches:
        if clause.part != part:
            continue
        bound = tuple((f.kind, f.id) for f in facts[: len(clause.parts)])
        in_doubt = {one.kind for one in clause.absent} & doubted
        (possible if clause.gaps or in_doubt else certain).add(bound)
        gaps |= {not_in_source(kind) for kind in in_doubt}
        for gap in clause.gaps:
            fact = facts[gap.position]
            reason = "code not mapped" if gap.field in fact.values else "not recorded"
            gaps.add(
                EvidenceGap.model_validate(
                    {"kind": fact.kind, "id": fact.id, "field": gap.field, "reason": reason}
                )
            )
    return certain, possible, gaps


def bound_in(ways: list[Way]) -> Bindings:
    """Return the facts bound in ways. One that binds none is about the audit."""
    return {tuple((v.fact.kind, v.fact.id) for v in way.there) or (("audit", "audit"),) for way in ways}


def agrees(record: CaseRecord, question: str, rulebook: Rulebook, as_of: dt.date) -> None:
    """Hold the trace of a question to the engine's matches."""
    alone = replace(rulebook, questions=(rulebook.question(question),))
    auditor = Auditor(alone, as_of)
    facts = auditor.facts(record)
    matches = auditor.backend.matches(facts)
    for part in trace(Reading(alone.questions[0], alone, as_of), facts):
        certain, possible, gaps = of_engine(matches, part.part, facts.incomplete)

        assert bound_in([way for _, way in part.ways(truth=True)]) == certain
        assert bound_in([way for _, way in part.ways(truth=None)]) == possible
        assert {gap for _, way in part.ways(truth=None) for gap in way.gaps} == gaps
        assert part.truth is (True if certain else None if possible or part.doubted else False)


def test_trace_of_a_rule_case_agrees(rule_case: RuleCase, shipped: Rulebook) -> None:
    """What the trace says of a shipped question's case is what the engine matches."""
    agrees(rule_case.record, rule_case.question, shipped, rule_case.as_of)


@st.composite
def disturbed(draw: st.DrawFn, record: CaseRecord) -> CaseRecord | None:
    """Return a record with fields left out, dates moved, facts repeated or left out, and kinds in doubt."""
    raw: dict[str, Any] = json.loads(record.model_dump_json(exclude_defaults=True))
    for kind, facts in list(raw.items()):
        if kind in {"case", "incomplete"}:
            continue
        many = facts if isinstance(facts, list) else [facts]
        for fact in many:
            for field, value in list(fact.items()):
                fate = draw(st.integers(0, 9))
                if fate == 0:
                    del fact[field]
                elif fate == 1 and field.endswith(("_on", "_for")):
                    days = draw(st.sampled_from([-30, -7, -3, -2, -1, 1, 2, 3, 7, 30]))
                    fact[field] = str(dt.date.fromisoformat(value) + dt.timedelta(days=days))
        if isinstance(facts, list):
            if draw(st.integers(0, 4)) == 0:
                facts.append(
                    {field: value for field, value in draw(st.sampled_from(facts)).items() if field != "id"}
                )
            if draw(st.integers(0, 4)) == 0:
                facts.pop()
    raw["incomplete"] = draw(
        st.lists(st.sampled_from(KINDS), max_size=2, unique=True) if draw(st.booleans()) else st.just([])
    )
    read = read_record(json.dumps(raw).encode(), "here")
    return read if isinstance(read, CaseRecord) else None


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_trace_of_a_disturbed_case_agrees(
    data: st.DataObject, shipped: Rulebook, rule_cases: list[RuleCase]
) -> None:
    """It is so when anything in a case is left out, moved or repeated."""
    one = data.draw(st.sampled_from(rule_cases))
    record = data.draw(disturbed(one.record))
    if record:
        agrees(record, one.question, shipped, one.as_of)


DATES = st.sampled_from(
    [
        "2013-02-28",
        "2013-03-01",
        "2013-03-02",
        "2013-03-08",
        "2013-03-09",
        "2013-04-29",
        "2013-05-02",
        "2013-11-30",
    ]
)


def maybe(what: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Leave something unrecorded now and then."""
    return st.one_of(what, st.none())


def facts_of(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return up to three facts; a field that is drawn as nothing is left out."""
    one = st.fixed_dictionaries(fields).map(lambda fact: {k: v for k, v in fact.items() if v is not None})
    return st.lists(one, max_size=3)


def one_of(*codes: Any) -> st.SearchStrategy[Any]:
    """Draw a code."""
    return st.sampled_from(codes)


DONE = {"status": one_of("complete", "open"), "completed_on": DATES}
RECORDS = st.fixed_dictionaries(
    {
        "case": st.just("A-1"),
        "incomplete": st.lists(one_of("check", "review", "rosh", "plan", "tier"), max_size=1),
        "sentence": facts_of(started_on=maybe(DATES), ended_on=maybe(DATES)).map(lambda facts: facts[0] if facts else {}),
        "concern": facts_of(kind=maybe(one_of("child_protection", "domestic_abuse")), raised_on=maybe(DATES), ended_on=maybe(DATES)),
        "check": facts_of(agency=one_of("childrens_social_care", "police"), made_on=maybe(DATES)),
        "significant_change": facts_of(raises_risk=maybe(st.booleans()), occurred_on=DATES),
        "rosh": facts_of(level=one_of("low", "high"), classified_on=DATES),
        "transfer": facts_of(direction=maybe(one_of("in", "out"))),
        "tier": facts_of(level=one_of(2, 3, 4), assigned_on=DATES),
        "review": facts_of(of=one_of("sentence_plan", "risk_management_plan"), **DONE),
        "plan": facts_of(id=st.just("p"), type=one_of("sentence_plan", "risk_management_plan"), contingency=maybe(st.booleans()), **DONE).filter(len).map(lambda plans: plans[:1]),
        "objective": facts_of(plan=maybe(st.just("p")), set_on=maybe(DATES)),
        "offence": facts_of(code=maybe(one_of("00100", "01903", "10500", "55555"))),
        "oversight": facts_of(recorded_on=DATES),
        "home_visit": facts_of(visited_on=DATES),
    }
)  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(raw=RECORDS)
def test_trace_of_any_case_agrees(raw: dict[str, Any], book: Rulebook) -> None:
    """It is so for rules that say everything a rule can, and cases that hold anything."""
    record = read_record(json.dumps(raw).encode(), "here")
    if isinstance(record, CaseRecord):
        for question in book.active:
            agrees(record, question.id, book, AS_OF)
