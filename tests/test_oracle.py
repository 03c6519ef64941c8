"""durable_rules gives what a naive evaluator gives: on random rulebooks, and on the shipped rules."""

import datetime as dt
import json
import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from aboveline.audit import Auditor
from aboveline.case import CaseRecord, read_record
from aboveline.problems import InputError, Problem
from aboveline.rulebook import load_rulebook
from aboveline.rulecases import read_rule_cases
from agreement import hold_to_oracle
from strategies import AS_OF, WORLDS, facts, rulebook_files, write

QUIET = settings(
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
    phases=[Phase.generate],  # shrinking a rulebook takes longer than reading it
)
CASES_A_BOOK = 8
RULES = load_rulebook()


def agree(auditor: Auditor, raw: dict[str, Any]) -> bool:
    """Hold every answer to a case to the oracle. False where the random facts make no record."""
    record = read_record(json.dumps(raw).encode(), "random")
    if not isinstance(record, CaseRecord):
        return False
    flat = auditor.facts(record)
    hold_to_oracle(auditor, flat, auditor.answer(flat))
    return True


@pytest.mark.parametrize("part", range(8))
def test_random_rules_on_random_cases(part: int) -> None:
    """On a rulebook nobody thought of, every answer, gap, finding and due date is the oracle's."""
    kinds = WORLDS[part % len(WORLDS)]
    done = 0

    @seed(part)
    @settings(QUIET, max_examples=50)
    @given(
        files=rulebook_files(kinds),
        cases=st.lists(facts(kinds), min_size=CASES_A_BOOK, max_size=CASES_A_BOOK),
    )
    def hold(files: dict[str, str], cases: list[dict[str, Any]]) -> None:
        nonlocal done
        with tempfile.TemporaryDirectory() as folder:
            rulebook = load_rulebook(write(Path(folder), files))
        try:
            auditor = Auditor(rulebook, AS_OF)
        except InputError as error:
            assert all("split it" in problem.reason for problem in error.problems)  # noqa: PT017 - the only way to fail
            return
        done += sum(agree(auditor, raw) for raw in cases)

    hold()

    assert done >= 150


def _pool() -> list[dict[str, Any]]:
    problems: list[Problem] = []
    cases = [
        json.loads(case.record.model_dump_json(exclude_defaults=True))
        for case in read_rule_cases(RULES, problems)
    ]
    demonstration = Path(__file__).parents[1] / "fixtures" / "demonstration" / "cases.jsonl"
    return cases + [json.loads(line) for line in demonstration.read_text(encoding="utf-8").splitlines()]


POOL = _pool()
DAYS = [
    dt.date(2013, 3, 11),
    dt.date(2013, 4, 2),
    dt.date(2013, 7, 1),
    dt.date(2013, 12, 2),
    dt.date(2014, 1, 1),
]
SHIFTS = [-30, -7, -3, -2, -1, 1, 2, 3, 7, 30]
LINKS = {"objective": ("plan", "plan"), "review": ("registration", "registration")}


def mixed(r: random.Random) -> dict[str, Any]:
    """Mix the facts of a few cases, move some dates by a little, and forget some fields."""
    record = _merged(r.sample(POOL, r.randint(1, 3)), r)
    for value in record.values():
        if isinstance(value, list):
            r.shuffle(value)
            del value[5:]
    for kind, (field, to) in LINKS.items():
        for fact in record.get(kind, ()):
            if record.get(to) and r.random() < 0.7:
                fact[field] = f"{to}-{r.randint(1, len(record[to]))}"
    if r.random() < 0.1:
        record["incomplete"] = r.sample(["check", "plan", "review", "registration", "mappa"], 2)
    return record


def _merged(sources: list[dict[str, Any]], r: random.Random) -> dict[str, Any]:
    record: dict[str, Any] = {"case": "R-1"}
    for source in sources:
        for kind, value in source.items():
            if isinstance(value, dict):
                record[kind] = record.get(kind, {}) | _jittered(value, r)
            elif isinstance(value, list) and kind != "incomplete":
                record.setdefault(kind, []).extend(_jittered(fact, r) for fact in value)
    return record


def _jittered(fact: dict[str, Any], r: random.Random) -> dict[str, Any]:
    kept = {k: v for k, v in fact.items() if k not in {"id", "plan", "registration"} and r.random() > 0.06}
    for name, value in kept.items():
        if name.endswith("_on") and r.random() < 0.25:
            kept[name] = (dt.date.fromisoformat(value) + dt.timedelta(days=r.choice(SHIFTS))).isoformat()
    return kept


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_shipped_rules_on_random_cases(as_of: dt.date) -> None:
    """On the shipped rules, every answer to cases mixed, moved and forgotten at random is the oracle's."""
    auditor = Auditor(RULES, as_of)
    done = 0

    @seed(as_of.toordinal())
    @settings(QUIET, max_examples=90)
    @given(number=st.integers(0, 2**32))
    def hold(number: int) -> None:
        nonlocal done
        r = random.Random(number)
        wanted = done + 5
        while done < wanted:
            done += agree(auditor, mixed(r))

    hold()

    assert done >= 420


@settings(QUIET, max_examples=25, derandomize=True)
@given(number=st.integers(0, 2**32))
def test_order_of_facts_does_not_matter(number: int) -> None:
    """The same facts in another order give the same answers."""
    r = random.Random(number)
    raw = mixed(r)
    for kind, value in raw.items():
        if isinstance(value, list) and kind not in LINKS and kind != "incomplete":
            for n, fact in enumerate(value, 1):
                fact.setdefault("id", f"{kind}-{n}")
    for kind, (field, _) in LINKS.items():
        for fact in raw.get(kind, ()):
            fact.pop(field, None)
    other = {
        k: (r.sample(v, len(v)) if isinstance(v, list) and k not in {"judgement", "override", *LINKS} else v)
        for k, v in raw.items()
    }
    auditor = Auditor(RULES, DAYS[3])
    first, second = (read_record(json.dumps(one).encode(), "random") for one in (raw, other))
    if not isinstance(first, CaseRecord) or not isinstance(second, CaseRecord):
        return

    assert auditor.answer(auditor.facts(first)) == auditor.answer(auditor.facts(second))
