"""durable_rules is used so that it finds everything, and so that a session that goes wrong is an error."""

import datetime as dt
import gc
import itertools
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from aboveline.answers import Answer, QuestionAnswer, answer_case
from aboveline.backends import BackendError, DurableBackend, shares
from aboveline.backends.ruleset import Fired, Ruleset
from aboveline.backends.shares import MOST_CLAUSES, MOST_PATTERNS, Share, share_out
from aboveline.backends.wire import Columns
from aboveline.case import CaseRecord, read_record
from aboveline.facts import CaseFacts, flatten
from aboveline.rulebook import Rulebook, load_rulebook, lower
from books import book, deficiency

AS_OF = dt.date(2013, 12, 2)
VISITS = {
    "PP-01": f"deficiencies: [{deficiency('PP-01.1', 'when: [home_visit: {purposeful|known: true, purposeful: false, as: v}]', '{v.id}')}]"
}


def flat(**facts: Any) -> CaseFacts:
    """Return the facts of a record."""
    record = read_record(json.dumps({"case": "A-1", **facts}).encode(), "test")
    assert isinstance(record, CaseRecord), record.problems
    return flatten(record, AS_OF)


def visits(many: int, *, purposeful: bool = False, first: int = 1) -> list[dict[str, Any]]:
    """Return visits to the home, a day each."""
    start = dt.date(2010, 1, 1)
    return [
        {
            "id": f"v{n}",
            "visited_on": str(start + n % 1000 * dt.timedelta(days=1)),
            "purposeful": purposeful,
        }
        for n in range(first, first + many)
    ]


def answered(rulebook: Rulebook, facts: CaseFacts, backend: DurableBackend | None = None) -> QuestionAnswer:
    """Answer the first question for a case."""
    backend = backend or DurableBackend(lower(rulebook, AS_OF))
    return answer_case(facts, backend.matches(facts), rulebook)[0]


def bound(backend: DurableBackend, facts: CaseFacts) -> set[tuple[str, tuple[str, ...]]]:
    """Return every match: the part of a question, and the ids of what it bound."""
    return {(match.clause.part, tuple(fact.id for fact in match.facts)) for match in backend.matches(facts)}


def patterns(share: Share) -> Counter[str]:
    """Count the patterns of a share of the clauses by the kind that each reads."""
    bodies = [body for _, wire in share for pattern in wire["all"] for body in pattern.values()]
    return Counter(body["$and"][0]["kind"] if "$and" in body else body["kind"] for body in bodies)


@pytest.fixture
def visit_rules(tmp_path: Path) -> Rulebook:
    """Return a rulebook of one question, which every visit without a purpose is a finding of."""
    return book(tmp_path, VISITS)


@pytest.fixture
def many_rules(tmp_path: Path) -> Rulebook:
    """Return a rulebook of a hundred deficiencies, each of which asks something else of a visit."""
    days = [dt.date(2000, 1, 1) + n * dt.timedelta(days=1) for n in range(1, 101)]
    found = [
        deficiency(f"PP-01.{n}", f"when: [home_visit: {{visited_on|after: {day}}}]")
        for n, day in enumerate(days, 1)
    ]
    return book(tmp_path, {"PP-01": f"deficiencies: [{', '.join(found)}]"})


# Rulesets


@pytest.mark.parametrize("most", [MOST_CLAUSES, 1000])
def test_no_fact_meets_more_patterns_than_the_engine_takes(
    many_rules: Rulebook, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Clauses are shared out so that no kind has more than 48 patterns in one ruleset, the closing fact included."""
    monkeypatch.setattr(shares, "MOST_CLAUSES", most)
    clauses = lower(many_rules, AS_OF)
    shared = share_out(clauses, Columns.empty())

    assert 48 == MOST_PATTERNS
    assert Counter(clauses) == Counter(clause for share in shared for clause, _ in share)
    for share in shared:
        counted = patterns(share)
        counted["subject.close"] += 1  # the rule that shows that the session closed
        assert MOST_PATTERNS >= max(counted.values())
        assert most >= len(share)
    assert -(-len(clauses) // min(most, MOST_PATTERNS - 1)) == len(shared) == DurableBackend(clauses).rulesets


def test_shipped_rules_are_shared_out_likewise() -> None:
    """No ruleset of the shipped rules has more than 48 patterns of a kind, and each clause is in one."""
    clauses = lower(load_rulebook(), AS_OF)
    shared = share_out(clauses, Columns.empty())

    assert Counter(clauses) == Counter(clause for share in shared for clause, _ in share)
    assert MOST_PATTERNS >= max(
        max((patterns(share) + Counter({"subject.close": 1})).values()) for share in shared
    )


def test_clause_that_takes_up_a_ruleset_alone_still_has_its_place() -> None:
    """Nothing is lost where there is nothing to share out, and one ruleset is enough for one clause."""
    assert 0 == DurableBackend(()).rulesets
    assert [] == list(DurableBackend(()).matches(flat()))


def test_case_with_a_hundred_deficiencies_has_a_hundred_findings(many_rules: Rulebook) -> None:
    """A fact that meets far more patterns than the engine's stack holds still gives every finding."""
    answer = answered(many_rules, flat(home_visit=visits(1)))

    assert {f"PP-01.{n}" for n in range(1, 101)} == {finding.deficiency for finding in answer.findings}


def test_thousand_facts_of_a_kind_are_a_thousand_findings(visit_rules: Rulebook) -> None:
    """There is no limit to the facts of a kind."""
    answer = answered(visit_rules, flat(home_visit=visits(1000)))

    assert {f"v{n}" for n in range(1, 1001)} == {finding.finding for finding in answer.findings}


def test_one_fact_among_a_thousand_under_without_is_seen(tmp_path: Path) -> None:
    """Of a thousand facts that do not match and one that does, the one is enough; without it there is a finding."""
    when = "when: [mappa: {as: m}], without: [home_visit: {visited_on|at_least: m.identified_on, purposeful|known: true, purposeful: true}]"
    rulebook = book(tmp_path, {"PP-01": f"deficiencies: [{deficiency('PP-01.1', when)}]"})
    mappa = [{"identified_on": "2010-01-01"}]
    backend = DurableBackend(lower(rulebook, AS_OF))
    with_one = visits(600) + visits(1, purposeful=True, first=601) + visits(400, first=602)

    assert Answer.SUFFICIENT is answered(rulebook, flat(mappa=mappa, home_visit=with_one), backend).answer
    assert (
        Answer.INSUFFICIENT is answered(rulebook, flat(mappa=mappa, home_visit=visits(1000)), backend).answer
    )


def test_rulesets_are_freed_with_their_backend(visit_rules: Rulebook) -> None:
    """What the engine holds of a ruleset is given back when its backend is gone: making many keeps memory flat."""
    clauses = lower(visit_rules, AS_OF)
    facts = flat(home_visit=visits(2))

    def make(many: int) -> float:
        for _ in range(many):
            DurableBackend(clauses).matches(facts)
        gc.collect()
        return _megabytes()

    before = make(20)

    assert before + 60 > make(300)


def test_five_thousand_sessions_keep_memory_flat(visit_rules: Rulebook) -> None:
    """A case leaves nothing behind in the engine."""
    backend = DurableBackend(lower(visit_rules, AS_OF))
    facts = flat(home_visit=visits(3), sentence={"started_on": "2013-03-01"})

    def run(many: int) -> float:
        assert all(3 == sum(m.clause.part == "PP-01.1" for m in backend.matches(facts)) for _ in range(many))
        return _megabytes()

    before = run(500)

    assert before + 30 > run(5000)


def _megabytes() -> float:
    """Return the memory that this process takes up now."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096 / 1e6


# Values


TEXTS = [
    *("N01", "n01", "N01 ", "", " ", "6", "06", "6.0", "true", "null", "[]", "{}", "É", "E\u0301", "☃", "\U0001d518"),
    *('"', "'", "\\", '\\"', "a\\nb", "a\nb", "\t", "\u0000", "\u2028", "a" * 5000, "{due}", "%s", "$and", "one"),
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_text_of_any_sort_is_itself_and_nothing_else(tmp_path: Path, text: str) -> None:
    """Quotes, escapes, other scripts and what looks like a number: equal to itself in a constant, different from the rest."""
    rulebook = book(
        tmp_path,
        {
            "PP-01": "needs: [area.team]\ndeficiencies: ["
            + deficiency("PP-01.1", "when: [area: {team|in: [" + json.dumps(text, ensure_ascii=False) + "]}]")
            + "]"
        },
    )
    backend = DurableBackend(lower(rulebook, AS_OF))
    found = [one for one in TEXTS if answered(rulebook, flat(area={"team": one}), backend).findings]

    assert [text] == found


@pytest.mark.parametrize("text", [text for text in TEXTS if "." not in text])
def test_text_is_equal_across_facts_only_to_itself(tmp_path: Path, text: str) -> None:
    """A team and a unit of one name are equal, of two names not."""
    rulebook = book(
        tmp_path,
        {
            "PP-01": "needs: [area.team, area.ldu]\ndeficiencies: ["
            + deficiency("PP-01.1", "when: [area: {as: a}], without: [area: {ldu: a.team}]")
            + "]"
        },
    )
    backend = DurableBackend(lower(rulebook, AS_OF))
    found = [
        one
        for one in TEXTS
        if not answered(rulebook, flat(area={"team": text, "ldu": one}), backend).findings
    ]

    assert [text] == found


def test_zero_is_recorded_and_no_is_recorded(tmp_path: Path) -> None:
    """Zero and no are values as others are, and not the want of one."""
    recorded = deficiency("PP-01.1", "when: [sentence: {custodial_months|known: true}]")
    unrecorded = deficiency("PP-01.2", "when: [allocation: {delivery_maintained|unknown: true}]")
    rulebook = book(tmp_path, {"PP-01": f"deficiencies: [{recorded}, {unrecorded}]"})
    facts = flat(
        sentence={"custodial_months": 0},
        allocation=[{"allocated_on": "2013-03-01", "delivery_maintained": False}],
    )

    assert ["PP-01.1"] == [finding.deficiency for finding in answered(rulebook, facts).findings]


# Ids


def fnv1a(text: str) -> int:
    """Hash a text as the engine hashes the ids of facts."""
    found = 0x811C9DC5
    for byte in text.encode():
        found = (found ^ byte) * 16777619 & 0xFFFFFFFF
    return found


def colliding() -> tuple[int, int]:
    """Return two numbers of facts whose ids have one hash."""
    seen: dict[int, int] = {}
    for n in itertools.count():
        other = seen.setdefault(fnv1a(f"subject.{n}"), n)
        if other != n:
            return other, n
    raise AssertionError


def colliding_in_the_engine(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Let the second and the third fact go by ids of which the engine's hash is one, and return a list of what each told comes to."""
    first, second = (f"subject.{n}" for n in colliding())
    there = {"subject.1": first, "subject.2": second}
    back = {first: "subject.1", second: "subject.2"}
    told: list[bool] = []
    tell, fired = Ruleset.tell, Ruleset.fired

    def tell_renamed(self: Ruleset, fact: str) -> bool:
        renamed = json.loads(fact)
        name, tilde, attempt = renamed["id"].partition("~")
        told.append(tell(self, json.dumps({**renamed, "id": there.get(name, name) + tilde + attempt})))
        return told[-1]

    def fired_renamed(self: Ruleset) -> list[Fired]:
        def renamed(fact: Mapping[str, Any]) -> dict[str, Any]:
            name, tilde, attempt = fact["id"].partition("~")
            return {**fact, "id": back.get(name, name) + tilde + attempt}

        return [
            (rule, {alias: renamed(fact) for alias, fact in facts.items()}) for rule, facts in fired(self)
        ]

    monkeypatch.setattr(Ruleset, "tell", tell_renamed)
    monkeypatch.setattr(Ruleset, "fired", fired_renamed)
    return told


def test_facts_whose_ids_collide_are_both_told(
    visit_rules: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two ids with one 32-bit hash are two facts: the second goes by another id, and is found under its own number."""
    facts = flat(home_visit=visits(3))
    backend = DurableBackend(lower(visit_rules, AS_OF))
    expected = bound(backend, facts)
    told = colliding_in_the_engine(monkeypatch)
    found = bound(backend, facts)

    assert {("PP-01.1", ("v1",)), ("PP-01.1", ("v2",)), ("PP-01.1", ("v3",))} <= expected
    assert expected == found
    assert 1 == told.count(False)


def test_the_engine_tells_ids_apart_by_their_hash(visit_rules: Rulebook) -> None:
    """What the retry is for: under the same session the engine takes the second of two such ids for the first."""
    (rules,) = DurableBackend(lower(visit_rules, AS_OF))._rules
    told = [
        rules.ruleset.tell(
            f'{{"id":"subject.{n}","sid":"1","kind":"subject.home_visit","f_purposeful":false}}'
        )
        for n in (*colliding(), 0)
    ]

    assert [True, False, True] == told


def test_every_id_may_be_taken_a_few_times(visit_rules: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the first ids of every fact are taken, all facts are found all the same."""
    tell = Ruleset.tell
    monkeypatch.setattr(Ruleset, "tell", lambda self, fact: '~3","sid"' in fact and tell(self, fact))

    assert 3 == len(answered(visit_rules, flat(home_visit=visits(3))).findings)


def test_where_no_id_is_free_there_is_no_answer(
    visit_rules: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fact that cannot be told is an error, and never left out."""
    monkeypatch.setattr(Ruleset, "tell", lambda _self, _fact: False)

    with pytest.raises(BackendError, match="case A-1 could not be audited: no id was free for open"):
        answered(visit_rules, flat(home_visit=visits(3)))


# Failures


@pytest.fixture
def broken(visit_rules: Rulebook) -> Iterator[DurableBackend]:
    """Return a backend for a test to break; it answers again once the test has put it right."""
    backend = DurableBackend(lower(visit_rules, AS_OF))
    yield backend
    assert 2 == len(answered(visit_rules, flat(home_visit=visits(2)), backend).findings)


def fails(backend: DurableBackend, match: str) -> None:
    """Expect an error that names the case, and nothing found."""
    with pytest.raises(BackendError, match=match) as raised:
        backend.matches(flat(home_visit=visits(3)))

    assert "A-1" == raised.value.case
    assert "case A-1 could not be audited" in str(raised.value)


@pytest.mark.parametrize("at", ["open", "subject.1", "subject.2", "close"])
def test_engine_that_fails_is_an_error(
    broken: DurableBackend, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """Wherever in a session the engine fails, there is no answer, and the next case has one."""
    tell = Ruleset.tell

    def fail(self: Ruleset, fact: str) -> bool:
        if f'"id":"{at}"' in fact:
            raise MemoryError("error code: 1")
        return tell(self, fact)

    with monkeypatch.context() as patch:
        patch.setattr(Ruleset, "tell", fail)
        fails(broken, f"the engine failed on {at}: error code: 1")


@pytest.mark.parametrize("calls", [0, 1])
def test_engine_that_cannot_tell_what_fired_is_an_error(
    broken: DurableBackend, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    """Whether at the opening or at the close, what fired must be told."""
    fired = Ruleset.fired
    counted = itertools.count()

    def fail(self: Ruleset) -> list[Fired]:
        if next(counted) == calls:
            raise RuntimeError("error code: 1")
        return fired(self)

    with monkeypatch.context() as patch:
        patch.setattr(Ruleset, "fired", fail)
        fails(broken, "the engine failed in telling what fired: error code: 1")


def test_engine_whose_stack_is_too_small_is_an_error(
    many_rules: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the sharing out, a fact that meets a hundred patterns makes the engine fail; that is no empty result."""
    monkeypatch.setattr(shares, "MOST_PATTERNS", 1000)
    monkeypatch.setattr(shares, "MOST_CLAUSES", 1000)
    backend = DurableBackend(lower(many_rules, AS_OF))

    assert 1 == backend.rulesets
    with pytest.raises(BackendError, match=r"A-1.*error code: 303"):
        backend.matches(flat(home_visit=visits(1)))


@pytest.mark.parametrize("lost", ["open", "close"])
def test_session_that_loses_its_opening_or_its_close_is_an_error(
    broken: DurableBackend, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    """Where the opening or the closing rule did not fire, what else fired proves nothing."""
    fired = Ruleset.fired
    with monkeypatch.context() as patch:
        patch.setattr(Ruleset, "fired", lambda self: [one for one in fired(self) if one[0] != lost])
        fails(broken, "the session did not run from its opening to its close")


@pytest.mark.parametrize("twice", ["open", "close"])
def test_session_that_opens_or_closes_twice_is_an_error(
    broken: DurableBackend, monkeypatch: pytest.MonkeyPatch, twice: str
) -> None:
    """Nor does a session that closed twice prove anything."""
    fired = Ruleset.fired
    with monkeypatch.context() as patch:
        patch.setattr(
            Ruleset,
            "fired",
            lambda self: [one for one in fired(self) for _ in range(1 + (one[0] == twice))],
        )
        fails(broken, "the session did not run from its opening to its close")


def test_rule_that_fires_before_the_close_is_an_error(
    broken: DurableBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every rule waits for the closing fact: one that fired at the opening has not seen the evidence."""
    fired = Ruleset.fired
    with monkeypatch.context() as patch:
        patch.setattr(Ruleset, "fired", lambda self: [*fired(self), ("r0", {})])
        fails(broken, "the session did not run from its opening to its close")


def test_session_whose_closing_fact_nothing_took_is_an_error(
    broken: DurableBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fact that no rule takes is no news; the closing fact must be taken."""
    tell = Ruleset.tell
    with monkeypatch.context() as patch:
        patch.setattr(Ruleset, "tell", lambda self, fact: "subject.close" in fact or tell(self, fact))
        fails(broken, "the session did not run from its opening to its close")


def test_session_that_cannot_be_ended_is_an_error(
    broken: DurableBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the engine will not forget a session, that is an error that names the case."""

    def fail(_self: Ruleset, sid: str) -> None:
        raise RuntimeError(f"error code: 1 in {sid}")

    with monkeypatch.context() as patch:
        patch.setattr(Ruleset, "forget", fail)
        fails(broken, "could not forget the session: error code: 1")


def test_cases_do_not_see_each_other(visit_rules: Rulebook) -> None:
    """A case is answered the same alone, after another, and after one that failed."""
    backend = DurableBackend(lower(visit_rules, AS_OF))
    one, none = flat(home_visit=visits(1)), flat()

    assert [1, 0, 1, 0, 0, 1] == [
        len(answered(visit_rules, facts, backend).findings) for facts in (one, none, one, none, none, one)
    ]
