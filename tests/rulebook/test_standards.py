"""Packs of time standards: what they put in place of a parameter's value, and what is wrong with one."""

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from aboveline.audit import Auditor, audit
from aboveline.case import CaseRecord, read_record
from aboveline.lint import lint
from aboveline.problems import InputError
from aboveline.rulebook import Rulebook, load_rulebook, read_rulebook, shipped_rules
from books import book, deficiency

AS_OF = dt.date(2013, 12, 2)
STARTED = "2013-03-01"  # a Friday
RULE = f"""\
applies: []
needs: [sentence.started_on, check.made_on]
deficiencies:
  - {
    deficiency(
        "PP-01.1",
        "when: [{sentence: {as: s}}], "
        "without: [{check: {'made_on|at_most': s.started_on + few working_days}}], "
        "due: s.started_on + few working_days",
        "None by {{due}}, {{few}} after.".replace("{{", "{").replace("}}", "}"),
    )
}
"""
PACK = """\
title: Stricter
description: d
in_force: {from: 2007-01-01, to: 2011-04-04}
caveats: [c]
values:
  few: {value: 2, unit: working_days, source: an old circular, backing: excerpt}
"""


def record(**facts: Any) -> CaseRecord:
    """Make a record of facts."""
    made = read_record(json.dumps({"case": "A-1", **facts}).encode(), "test")
    assert isinstance(made, CaseRecord)
    return made


def answer(rulebook: Rulebook, question: str, **facts: Any) -> str:
    """Return the answer to a question for a case."""
    auditor = Auditor(rulebook, AS_OF)
    answers = auditor.answer(auditor.facts(record(**facts)))
    return next(str(one.answer) for one in answers if one.question == question)


def small(folder: Path, **packs: str) -> Path:
    """Write a rulebook of one question, with packs."""
    (folder / "standards").mkdir(parents=True)
    for name, text in packs.items():
        (folder / "standards" / f"{name}.yaml").write_text(text, encoding="utf-8")
    book(folder, {"PP-01": RULE})
    return folder


def checked(day: str) -> dict[str, Any]:
    """Return a case that started on 1 March 2013 and has a check."""
    return {"sentence": {"started_on": STARTED}, "check": [{"agency": "police", "made_on": day}]}


@pytest.mark.parametrize(
    ("day", "by_own_value", "by_pack"),
    [
        ("2013-03-05", "sufficient", "sufficient"),
        ("2013-03-06", "sufficient", "insufficient"),
        ("2013-03-08", "sufficient", "insufficient"),
        ("2013-03-09", "insufficient", "insufficient"),
    ],
)
def test_pack_moves_the_boundary(tmp_path: Path, day: str, by_own_value: str, by_pack: str) -> None:
    """Five working days are the parameter's own, two the pack's: each has its last day and the day after."""
    folder = small(tmp_path, strict=PACK)

    own, strict = load_rulebook(folder), load_rulebook(folder, "strict")

    assert by_own_value == answer(own, "PP-01", **checked(day))
    assert by_pack == answer(strict, "PP-01", **checked(day))


def test_finding_and_manifest_have_the_packs_value(tmp_path: Path) -> None:
    """What a person reads, and what the result says it was made of, are the value that was used."""
    folder = small(tmp_path, strict=PACK)

    result = audit([record(sentence={"started_on": STARTED})], load_rulebook(folder, "strict"), AS_OF)

    assert ["None by 5 March 2013, 2 working days after."] == [one.finding for one in result.findings]
    few = result.manifest.parameters["few"]
    assert (2, "an old circular; seen in an excerpt only") == (few.value, few.source)
    used = result.manifest.standards
    assert used is not None
    assert ("strict", "Stricter", False, ("few",)) == (used.name, used.title, used.in_force, used.values)


@pytest.mark.parametrize(
    ("day", "in_force"),
    [
        ("2006-12-31", False),
        ("2007-01-01", True),
        ("2011-04-04", True),
        ("2011-04-05", False),
    ],
)
def test_pack_is_in_force_from_its_first_day_to_its_last(tmp_path: Path, day: str, in_force: bool) -> None:
    """Whether it was in force is told; it holds all the same, since somebody chose it."""
    pack = load_rulebook(small(tmp_path, strict=PACK)).packs["strict"]

    assert in_force is pack.in_force(dt.date.fromisoformat(day))


def test_pack_holds_on_any_date(tmp_path: Path) -> None:
    """A value of a pack stands where the parameter itself has none yet."""
    strict = load_rulebook(small(tmp_path, strict=PACK), "strict")

    in_force = strict.parameters["few"].at(dt.date(1980, 1, 1))

    assert in_force is not None
    assert in_force.value == 2
    assert strict.parameters["some"].at(dt.date(1980, 1, 1)) is None


def test_pack_can_be_changed_for_another(tmp_path: Path) -> None:
    """Of two packs, only the last chosen counts, also where it names less."""
    folder = small(tmp_path, strict=PACK, empty=PACK.partition("values:")[0] + "values: {}\n")
    rulebook = load_rulebook(folder, "strict").under("empty")

    in_force = rulebook.parameters["few"].at(AS_OF)

    assert in_force is not None
    assert (5, "empty") == (in_force.value, rulebook.standards and rulebook.standards.name)


def test_pack_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    """A misspelt pack stops the audit: the default in its place would be a wrong answer in silence."""
    folder = small(tmp_path, strict=PACK)

    with pytest.raises(InputError, match=r"there are no standards 'strikt' - did you mean 'strict'\?"):
        load_rulebook(folder, "strikt")


def test_rulebook_may_have_no_packs(tmp_path: Path) -> None:
    """A rulebook without packs is audited by its own values, and the manifest names no standards."""
    rulebook = book(tmp_path, {"PP-01": RULE})

    assert audit([record()], rulebook, AS_OF).manifest.standards is None
    with pytest.raises(InputError, match="there are: none"):
        rulebook.under("ns2007")


@pytest.mark.parametrize(
    ("text", "replaced", "line", "reason"),
    [
        ("few:", "fow:", 6, "there is no parameter 'fow' - did you mean 'few'?"),
        ("unit: working_days", "unit: days", 6, "the parameter few is in working_days, not days"),
        (", source: an old circular", "", 6, "'source' is missing"),
        (", backing: excerpt", "", 6, "'backing' is missing"),
        ("backing: excerpt", "backing: exerpt", 6, "did you mean 'excerpt'?"),
        ("value: 2", "value: two", 6, "write a whole number here, 0 or more"),
        ("value: 2", "value: -2", 6, "write a whole number here, 0 or more"),
        ("value: 2", "value: true", 6, "write a whole number here, 0 or more"),
        ("from: 2007-01-01, ", "", 3, "'from' is missing"),
        ("from: 2007-01-01", "from: soon", 3, "write a date here, as 2013-12-02"),
        ("to: 2011-04-04", "to: 2006-04-04", 3, "this is before 'from'"),
        ("caveats: [c]", "caveat: [c]", 4, "did you mean 'caveats'?"),
        ("title: Stricter", "title: ''", 1, "write a text here"),
    ],
)
def test_what_is_wrong_with_a_pack(tmp_path: Path, text: str, replaced: str, line: int, reason: str) -> None:
    """Every mistake has its line and what to do, and the rulebook is refused by whatever pack."""
    assert text in PACK
    folder = small(tmp_path, good=PACK)
    (folder / "standards" / "strict.yaml").write_text(PACK.replace(text, replaced), encoding="utf-8")

    _, problems = read_rulebook(folder)

    assert [(line, True)] == [
        (one.line, one.source.endswith("strict.yaml")) for one in problems if reason in one.reason
    ]
    with pytest.raises(InputError):
        load_rulebook(folder)


def test_values_that_are_no_mapping(tmp_path: Path) -> None:
    """A list of values says no names."""
    folder = small(tmp_path, good=PACK)
    broken = PACK.partition("values:")[0] + "values: [few]\n"
    (folder / "standards" / "strict.yaml").write_text(broken, encoding="utf-8")

    assert ["values"] == [one.path for one in read_rulebook(folder)[1]]


def test_hash_covers_the_packs(tmp_path: Path) -> None:
    """A number changed in a pack is another rulebook."""
    one = load_rulebook(small(tmp_path / "one", strict=PACK)).hash
    same = load_rulebook(small(tmp_path / "same", strict=PACK), "strict").hash
    other = load_rulebook(small(tmp_path / "other", strict=PACK.replace("value: 2", "value: 3"))).hash

    assert one == same != other


def test_default_pack_changes_nothing() -> None:
    """report-2014 names no number: every parameter has its own dated value, as before there were packs."""
    rulebook = load_rulebook()

    assert rulebook.standards is rulebook.packs["report-2014"]
    assert {} == rulebook.packs["report-2014"].values
    assert all(parameter.pinned is None for parameter in rulebook.parameters.values())


@pytest.mark.parametrize(
    ("day", "by_default", "by_modern"),
    [
        ("2013-03-16", "sufficient", "sufficient"),
        ("2013-03-17", "sufficient", "insufficient"),
        ("2013-03-22", "sufficient", "insufficient"),
        ("2013-03-23", "insufficient", "insufficient"),
    ],
)
def test_modern_wants_a_home_visit_sooner(day: str, by_default: str, by_modern: str) -> None:
    """21 days are the default of 2013, 15 the modern pack's: each has its last day and the day after."""
    case = {
        "sentence": {"started_on": STARTED, "sentenced_on": STARTED},
        "rosh": [{"level": "high", "classified_on": STARTED}],
        "home_visit": [{"visited_on": day, "purposeful": True}],
    }

    assert by_default == answer(load_rulebook(), "PP-26", **case)
    assert by_modern == answer(load_rulebook(None, "modern"), "PP-26", **case)


@pytest.mark.parametrize(
    ("day", "by_default", "by_ns2007"),
    [
        ("2013-03-08", "sufficient", "sufficient"),
        ("2013-03-09", "sufficient", "insufficient"),
        ("2013-03-15", "sufficient", "insufficient"),
        ("2013-03-16", "insufficient", "insufficient"),
    ],
)
def test_ns2007_stays_where_a_default_moves_on(
    tmp_path: Path, day: str, by_default: str, by_ns2007: str
) -> None:
    """Were ten working days for a first appointment the default from 2011, ns2007 would still want five."""
    copy = tmp_path / "rules"
    shutil.copytree(shipped_rules(), copy, ignore=shutil.ignore_patterns("__pycache__"))
    parameters = copy / "parameters" / "time-standards.yaml"
    own = '- {from: 2007-01-01, value: 5, source: "National Standards 2007, minimum requirements: first contact, community"}'
    text = parameters.read_text(encoding="utf-8")
    assert own in text
    later = own + "\n    - {from: 2011-04-05, value: 10, source: our reading}"
    parameters.write_text(text.replace(own, later), encoding="utf-8")
    case = {
        "sentence": {"started_on": STARTED, "sentenced_on": STARTED},
        "tier": [{"level": 2, "assigned_on": STARTED}],
        "appointment": [
            {
                "type": "initial",
                "planned_for": day,
                "with_offender_manager": True,
                "outcome": "attended_and_complied",
            }
        ],
    }

    assert by_default == answer(load_rulebook(copy), "DS-02", **case)
    assert by_ns2007 == answer(load_rulebook(copy, "ns2007"), "DS-02", **case)


@pytest.mark.parametrize("name", ["ns2007", "modern"])
def test_shipped_packs_say_where_each_number_is_from(name: str) -> None:
    """Each number of a shipped pack has a source and is mentioned by an active question; each pack has caveats."""
    rulebook = load_rulebook(None, name)
    mentioned = {n for question in rulebook.active for n in rulebook.mentions[question.id].parameters}

    pack = rulebook.packs[name]

    assert pack.values.keys() <= mentioned
    assert all(len(value.source) > len("our reading: ") for value in pack.values.values())
    assert pack.caveats


def test_lint_names_what_is_wrong_in_a_pack(tmp_path: Path) -> None:
    """A pack is held to the rulebook as a rule is."""
    folder = small(tmp_path, strict=PACK)
    (folder / "standards" / "strict.yaml").write_text(PACK.replace("few:", "fow:"), encoding="utf-8")

    assert ["there is no parameter 'fow' - did you mean 'few'?"] == [
        one.reason for one in lint(folder) if one.source.endswith("strict.yaml")
    ]
