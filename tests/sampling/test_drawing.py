"""A sample: who may be drawn, how many, which, and that anybody can draw it again."""

import datetime as dt
import json
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aboveline.audit import audit
from aboveline.case import CaseRecord, Rejected, read_record
from aboveline.problems import InputError, Problem
from aboveline.rulebook import load_rulebook
from aboveline.sampling import Plan, Sample, SampleManifest, draw
from aboveline.sampling.allocation import allocate
from aboveline.sampling.order import in_drawing_order
from aboveline.sampling.size import ByCaseload, ByMargin, ByNumber, wanted
from aboveline.sampling.strata import StratifyBy

AS_OF = dt.date(2013, 12, 2)
IN_WINDOW = "2013-03-04"


def case(identifier: str, started: str | None = IN_WINDOW, **facts: Any) -> CaseRecord:
    """Make a case of a community order."""
    sentence = {"type": "community_order", **({"started_on": started} if started else {})}
    sentence |= facts.pop("sentence", {})
    made = read_record(json.dumps({"case": identifier, "sentence": sentence, **facts}).encode(), "test")
    assert isinstance(made, CaseRecord), made.problems
    return made


def plan(**settings: Any) -> Plan:
    """Make a plan."""
    return Plan(**{"seed": "spring", "as_of": AS_OF, "size": ByNumber(number=3), **settings})


def drawn(frame: list[CaseRecord], plan_: Plan) -> Sample:
    """Draw from a frame."""
    return draw(lambda: frame, plan_, "frame.jsonl")


def ids(sample: Sample) -> list[str]:
    """Return the cases that were drawn."""
    return [record.case for record in sample.records]


@st.composite
def frames(draw_: st.DrawFn) -> list[CaseRecord]:
    """Return frames of cases, most of them eligible."""
    count = draw_(st.integers(1, 30))
    frame = []
    for number in range(count):
        person = {"gender": draw_(st.sampled_from(["female", "male"]))} if draw_(st.integers(0, 4)) else {}
        rosh = draw_(st.sampled_from([None, "low", "medium", "high"]))
        frame.append(
            case(
                f"F-{number}",
                draw_(st.sampled_from([IN_WINDOW, IN_WINDOW, IN_WINDOW, "2012-03-04", "2013-11-04"])),
                person=person,
                rosh=[{"level": rosh, "classified_on": IN_WINDOW}] if rosh else [],
                area={"ldu": draw_(st.sampled_from(["EAST", "WEST"]))},
            )
        )
    return [*frame, case("F-always")]


@given(frames(), st.integers(1, 40), st.text(min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_sample_is_of_the_frame_each_case_once_whatever_the_order(
    frame: list[CaseRecord], size: int, seed: str, shuffle: random.Random
) -> None:
    """No case twice, none from outside, none that is excluded; the order of records changes no byte."""
    plan_ = plan(seed=seed, size=ByNumber(number=size))

    sample = drawn(frame, plan_)
    turned = list(frame)
    shuffle.shuffle(turned)
    again = drawn(turned, plan_)

    eligible = {record.case for record in frame if str(record.sentence.started_on) == IN_WINDOW}
    assert len(set(ids(sample))) == len(ids(sample)) == min(size, len(eligible))
    assert set(ids(sample)) <= eligible
    assert {record.case for record in frame} - eligible == {
        name for one in sample.manifest.exclusions for name in one.cases
    }
    assert (sample.to_jsonl(), sample.manifest.to_json()) == (again.to_jsonl(), again.manifest.to_json())
    assert ids(sample) == sorted(name for one in sample.manifest.strata for name in one.cases)


@given(frames(), st.integers(1, 12))
def test_manifest_draws_the_same_sample_again(frame: list[CaseRecord], size: int) -> None:
    """The plan in a manifest, read back from its JSON, gives the same sample and the same manifest."""
    first = drawn(frame, plan(size=ByNumber(number=size)))

    read = SampleManifest.model_validate_json(first.manifest.to_json())
    again = drawn(frame, read.plan)

    assert first.manifest == again.manifest == read
    assert first.to_jsonl() == again.to_jsonl()


@given(
    st.dictionaries(st.tuples(st.sampled_from("abcdefgh")), st.integers(1, 60), min_size=1),
    st.integers(1, 300),
)
def test_allocation_is_in_proportion(strata: dict[tuple[str, ...], int], asked: int) -> None:
    """Places add up to the size, nobody gets more than there are, each at least one where there is room.

    Where the minimum lifts nobody, each differs from its exact share by less than one.
    """
    population = sum(strata.values())
    size = min(asked, population)

    given_ = allocate(strata, size)

    assert size == sum(given_.values())
    assert all(0 <= given_[key] <= strata[key] for key in strata)
    if size >= len(strata):
        assert all(given_.values())
    if all(size * n >= population for n in strata.values()) or size < len(strata):
        assert all(abs(given_[key] - size * n / population) < 1 for key, n in strata.items())


def test_largest_remainders_get_the_rest_and_the_minimum_is_taken_from_the_best_served() -> None:
    """By hand: ten places over 60, 30 and 10; and over 97, 2 and 1, where two would get none."""
    assert {("a",): 6, ("b",): 3, ("c",): 1} == allocate({("a",): 60, ("b",): 30, ("c",): 10}, 10)
    assert {("a",): 4, ("b",): 2, ("c",): 1} == allocate({("a",): 53, ("b",): 33, ("c",): 14}, 7)
    assert {("a",): 8, ("b",): 1, ("c",): 1} == allocate({("a",): 97, ("b",): 2, ("c",): 1}, 10)
    assert {("a",): 1, ("b",): 1, ("c",): 0} == allocate({("a",): 50, ("b",): 50, ("c",): 1}, 2)


def test_sample_for_a_margin_is_the_golden_one() -> None:
    """Of 300 cases, a score of 70% within 5 points at 95%: 155.7, so 156. Without an end to them: 323."""
    rule = ByMargin(margin=5.0, expected=70.0)

    assert 156 == wanted(rule, caseload=0, eligible=300)[0]
    assert 323 == wanted(rule, caseload=0, eligible=10**9)[0]
    assert 385 == wanted(ByMargin(margin=5.0), caseload=0, eligible=10**9)[0]
    assert 1 == wanted(rule, caseload=0, eligible=1)[0]


@given(st.floats(0.5, 50), st.floats(1, 99), st.floats(50, 99.9), st.integers(1, 5000))
def test_sample_for_a_margin_is_never_more_than_there_are(
    margin: float, expected: float, confidence: float, eligible: int
) -> None:
    """A finite population bounds the sample."""
    rule = ByMargin(margin=margin, expected=expected, confidence=confidence)

    assert 1 <= wanted(rule, caseload=0, eligible=eligible)[0] <= eligible


@pytest.mark.parametrize(
    ("caseload", "size"),
    [(0, 50), (499, 50), (504, 50), (505, 51), (700, 70), (899, 90), (900, 90), (5000, 90)],
)
def test_size_goes_with_the_caseload_between_fifty_and_ninety(caseload: int, size: int) -> None:
    """One in ten, and the inspection's own limits."""
    assert size == wanted(ByCaseload(), caseload=caseload, eligible=1)[0]


@pytest.mark.parametrize(
    ("started", "facts", "reason"),
    [
        ("2013-02-02", {}, None),
        ("2013-04-02", {}, None),
        ("2013-02-01", {}, "too old"),
        ("2013-04-03", {}, "too new"),
        ("2013-12-03", {}, "not started"),
        (None, {}, "start of supervision not recorded"),
        (IN_WINDOW, {"sentence": {"ended_on": "2013-12-02"}}, "ended"),
        (IN_WINDOW, {"sentence": {"ended_on": "2013-12-03"}}, None),
        (IN_WINDOW, {"sentence": {"type": "hospital_order"}}, "not an order or a licence"),
        (IN_WINDOW, {"sentence": {"type": "determinate_custody"}}, None),
        (IN_WINDOW, {"sentence": {"type": None}}, None),
    ],
)
def test_who_is_eligible(started: str | None, facts: dict[str, Any], reason: str | None) -> None:
    """Both ends of the window count; an order that has ended does not; what is not recorded is no reason but for the start."""
    sample = drawn([case("A-1", started, **facts), case("A-2")], plan())

    assert (
        {reason: ("A-1",)} if reason else {} == {one.reason: one.cases for one in sample.manifest.exclusions}
    )
    assert ("A-1" in ids(sample)) is (reason is None)
    assert [(one.reason, one.count) for one in sample.manifest.exclusions] == (
        [(reason, 1)] if reason else []
    )


def test_strata_are_those_of_the_day() -> None:
    """The last classification by the day counts, the higher of one day; what is not recorded is a stratum of its own."""
    frame = [
        case(
            "A-1",
            person={"gender": "female"},
            area={"ldu": "EAST"},
            rosh=[
                {"level": "high", "classified_on": "2013-05-01"},
                {"level": "low", "classified_on": "2013-03-04"},
                {"level": "medium", "classified_on": "2013-05-01"},
                {"level": "very_high", "classified_on": "2013-12-03"},
            ],
        ),
        case("A-2", sentence={"type": None}),
        case("A-3", sentence={"type": "extended_custody"}),
    ]

    sample = drawn(frame, plan())

    unrecorded = {"gender": "unrecorded", "rosh": "unrecorded", "ldu": "unrecorded"}
    assert [
        {"order": "licence", **unrecorded},
        {"order": "order", "gender": "female", "rosh": "high", "ldu": "EAST"},
        {"order": "unrecorded", **unrecorded},
    ] == [one.values for one in sample.manifest.strata]


def test_replacement_is_the_next_of_the_same_stratum() -> None:
    """Only the case replaced changes, and its replacement can be replaced in turn; in any order, the same sample."""
    frame = [case(f"A-{n}", person={"gender": "female" if n < 10 else "male"}) for n in range(20)]
    by = (StratifyBy.GENDER,)
    first = drawn(frame, plan(strata=by, size=ByNumber(number=6)))
    gone = first.manifest.strata[0].cases[1]
    women = in_drawing_order([f"A-{n}" for n in range(10)], "spring")

    second = drawn(frame, plan(strata=by, size=ByNumber(number=6), replace=(gone,)))
    third = drawn(frame, plan(strata=by, size=ByNumber(number=6), replace=(women[3], gone)))

    assert set(ids(first)) - set(ids(second)) == {gone}
    assert set(ids(second)) - set(ids(first)) == {women[3]}
    assert [(gone, women[3])] == [(one.case, one.by) for one in second.manifest.replaced]
    assert [(gone, women[3]), (women[3], women[4])] == [(one.case, one.by) for one in third.manifest.replaced]
    assert len(ids(third)) == 6


def test_stratum_that_runs_out_is_a_shortfall() -> None:
    """Where nobody is left the sample is one short, and says so."""
    frame = [case("A-1"), case("A-2")]

    sample = drawn(frame, plan(size=ByNumber(number=2), replace=("A-1",)))

    assert ["A-2"] == ids(sample)
    assert [("A-1", None)] == [(one.case, one.by) for one in sample.manifest.replaced]
    assert {("the sample", 2, 1)} < {(one.what, one.wanted, one.drawn) for one in sample.manifest.shortfalls}


def test_fewer_than_wanted_is_a_shortfall() -> None:
    """Where the caseload calls for fifty and three are eligible, all three are drawn and 47 are short."""
    sample = drawn([case(f"A-{n}") for n in range(3)], plan(size=ByCaseload()))

    assert (50, 3, 3) == (sample.manifest.wanted, sample.manifest.size, sample.manifest.drawn)
    assert [("the sample", 50, 3)] == [(s.what, s.wanted, s.drawn) for s in sample.manifest.shortfalls]


def test_stratum_without_a_place_is_told() -> None:
    """With more strata than places, those without a case in the sample are named."""
    frame = [case(f"A-{n}", area={"ldu": f"L{n}"}) for n in range(4)]

    sample = drawn(frame, plan(strata=(StratifyBy.LDU,), size=ByNumber(number=3)))

    assert 1 == len(sample.manifest.shortfalls)
    assert "more strata than places" in sample.manifest.shortfalls[0].what


@pytest.mark.parametrize(
    ("identifier", "said"),
    [("A-99", "is not in the frame"), ("A-0", "is not in the sample, so it cannot be replaced")],
)
def test_only_a_case_of_the_sample_can_be_replaced(identifier: str, said: str) -> None:
    """A slip in a case's id does not pass for a replacement."""
    frame = [case(f"A-{n}") for n in range(9)]
    seed = next(s for s in "abcdefghijkl" if "A-0" not in in_drawing_order([r.case for r in frame], s)[:3])

    with pytest.raises(InputError, match=said):
        drawn(frame, plan(seed=seed, replace=(identifier,)))


def test_frame_without_an_eligible_case_says_why() -> None:
    """No sample of nobody: the counts of the reasons are told."""
    with pytest.raises(
        InputError, match=r"no case is eligible.*1 start of supervision not recorded, 1 too old"
    ):
        drawn([case("A-1", "2011-01-01"), case("A-2", None)], plan())


def test_frame_that_changes_meanwhile_is_refused() -> None:
    """A record that differs the second time it is read is not drawn."""
    passes = iter([[case("A-1")], [case("A-1", person={"gender": "male"})]])

    with pytest.raises(InputError, match="changed while they were being read"):
        draw(lambda: next(passes), plan(), "frame.jsonl")


def test_hashes_are_those_that_an_audit_gives() -> None:
    """The manifest's hash of the sample is what an audit of the sample says its cases are; a rejected record is counted."""
    frame: list[CaseRecord | Rejected] = [case(f"A-{n}") for n in range(9)]
    bad = Rejected([Problem("frame.jsonl", 10, "chek", "there is no such field")])

    sample = draw(lambda: [*frame, bad], plan(), "frame.jsonl")

    rulebook = load_rulebook()
    assert sample.manifest.sample == audit(sample.records, rulebook, AS_OF).manifest.cases
    assert sample.manifest.frame.hash == audit(frame, rulebook, AS_OF).manifest.cases
    assert (9, 1, 1) == (sample.manifest.frame.cases, sample.manifest.frame.rejected, len(sample.rejected))


def test_another_seed_draws_another_sample() -> None:
    """Over many seeds every case has its turn, about as often as any other."""
    frame = [case(f"A-{n}") for n in range(12)]

    often = Counter(name for seed in range(200) for name in ids(drawn(frame, plan(seed=str(seed)))))

    assert len(often) == 12
    assert all(25 < count < 75 for count in often.values())  # 50 expected, standard deviation 6
