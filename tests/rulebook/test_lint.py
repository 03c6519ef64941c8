"""The rulebook checker: everything wrong at once, each with its file, its line and the nearest valid name."""

import shutil
from pathlib import Path

import pytest

from aboveline.lint import lint
from aboveline.problems import InputError
from aboveline.rulebook import load_rulebook, read_rulebook, shipped_rules
from books import THRESHOLDS

FRAMEWORK = """\
outcomes:
  protecting-the-public: {title: Protecting the public, criteria: ["4.1"]}
criteria: {"4.1": Assessment}
stages: {assessment-and-planning: ["4.1"]}
recommendations: {R1: {text: Ask in all cases, questions: [PP-39]}}
"""
PARAMETERS = """\
check_days:
  description: Days to ask
  unit: working_days
  values:
    - {from: 2007-01-01, value: 5, source: our reading}
"""
RULE = """\
id: PP-39
title: The police were asked
criteria: ["4.1"]
status: active
sources: [{document: report, paragraph: O4 3.2}]
applies:
  - concern: {kind: domestic_abuse}
needs: [concern.kind, sentence.started_on, check.made_on]
deficiencies:
  - id: PP-39.1
    severity: high
    when:
      - sentence: {as: order}
    without:
      - check: {agency: police, made_on|at_most: order.started_on + check_days working_days}
    due: order.started_on + check_days working_days
    finding: The police were not asked by {due}.
    put_right: Ask the police.
    recommendation: R1
"""
CASES = """\
question: PP-39
as_of: 2013-12-02
given:
  - sentence: {started_on: 2013-03-01}
  - concern: {kind: domestic_abuse}
cases:
  - name: asked in time
    with: [check: {agency: police, made_on: 2013-03-08}]
    expect: sufficient
  - name: never asked
    expect: insufficient
    deficiencies: [PP-39.1]
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return a small rulebook in which nothing is wrong."""
    for name, text in {
        "framework.yaml": FRAMEWORK,
        "parameters/standards.yaml": PARAMETERS,
        "parameters/what-stands-out.yaml": THRESHOLDS,
        "protecting-the-public/PP-39-police.yaml": RULE,
        "protecting-the-public/PP-39.cases.yaml": CASES,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def problems(book: Path) -> list[str]:
    """Return what the checker says, less the folder."""
    return [f"{Path(p.source).name}:{p.line}: {p.path}: {p.reason}" for p in lint(book)]


def with_rule(book: Path, old: str, new: str, *, cases: bool = False) -> list[str]:
    """Change one thing in the rule (or its cases) and return what the checker says."""
    path = book / "protecting-the-public" / ("PP-39.cases.yaml" if cases else "PP-39-police.yaml")
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return problems(book)


def test_sound_rulebook_has_no_problems(book: Path) -> None:
    """Nothing is said of a rulebook in which nothing is wrong."""
    assert [] == problems(book)


def test_shipped_rules_are_clean() -> None:
    """The rules that come with Aboveline have no problems, and their cases come out."""
    assert [] == [str(problem) for problem in lint(shipped_rules())]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("made_on|at_most", "mad_on|at_most", 15, "check has no field 'mad_on' - did you mean 'made_on'?"),
        ("- check:", "- chek:", 15, "there is no kind of fact 'chek' - did you mean 'check'?"),
        ("agency: police", "agency: polise", 15, "did you mean 'police'?"),
        ("check_days working_days}", "chek_days working_days}", 15, "there is no parameter 'chek_days' - did you mean 'check_days'?"),
        ("made_on|at_most", "made_on|at_mots", 15, "there is no modifier 'at_mots' - did you mean 'at_most'?"),
        ("at_most: order.", "at_most: ordre.", 15, "no pattern before this is called 'ordre' - did you mean 'order'?"),
        ("due: order.started_on", "due: order.startd_on", 16, "sentence has no field 'startd_on' - did you mean 'started_on'?"),
        ("working_days}\n", "working_day}\n", 15, "did you mean 'working_days'?"),
        ("working_days}\n", "days}\n", 15, "the parameter check_days is in working_days, not days"),
        ("agency: police", "agency: 5", 15, "write one of"),
        ("agency: police", "agency: yes", 15, "'yes' is not one of"),
        ("made_on|at_most: order.started_on + check_days working_days", "made_on|at_most: 5", 15, "write a date"),
        ("severity: high", "severity: hihg", 11, "did you mean 'high'?"),
        ("severity: high", "severty: high", 11, "there is no such key - did you mean 'severity'?"),
        ("status: active", "status: yes", 4, "'yes' is not one of draft, active, retired"),
        ("    put_right: Ask the police.\n", "", 10, "'put_right' is missing"),
        ("recommendation: R1", "recommendation: R9", 10, "there is no recommendation R9"),
        ('["4.1"]', '["4.2"]', 1, "there is no criterion 4.2"),
        ("by {due}", "by {order.startd_on}", 10, "sentence has no field 'startd_on'"),
        ("by {due}", "by {due", 10, "the braces do not pair up"),
        (", check.made_on]", "]", 15, "check.made_on may not be recorded: add it to needs"),
        ("needs: [", "needs: [person.gender, ", 8, "no pattern reads person.gender: take it out"),
        ("needs: [", "needs: [concern.kindd, ", 8, "concern has no field 'kindd' - did you mean 'kind'?"),
        ("as: order", "as: order, as: order2", 13, "this key stands twice"),
        ("agency: police", "agency: {a: b}", 15, "write a value here"),
        ("agency: police", "agency: null", 15, "for what is not recorded use |unknown: true"),
        ("agency: police", "agency: [police, health]", 15, "a list goes with |in or |not"),
        ("agency: police", "agency|in: police_agencies", 15, "there is no list 'police_agencies'"),
        ("agency: police", "agency|before: police", 15, "|before does not go with a field of type enum"),
        ("agency: police", "agency|known: false", 15, "for the opposite use unknown"),
        ("agency: police", "agency: &p police, id: *p", 15, "aliases"),
        ("sources: [{document: report, paragraph: O4 3.2}]", "sources: []", 1, "no source"),
        ("id: PP-39\n", "id: PP-40\n", 1, "the file of PP-40 is called PP-40-and-some-words.yaml"),
    ],
)  # fmt: skip
def test_mistake_is_named_with_its_line(book: Path, old: str, new: str, line: int, said: str) -> None:
    """A mistake in a rule is reported with its line and, where one is near, the valid name."""
    found = with_rule(book, old, new)

    assert any(f"PP-39-police.yaml:{line}:" in problem and said in problem for problem in found), found


def test_what_is_never_mentioned_is_reported(book: Path) -> None:
    """A parameter or list that no rule mentions is a problem."""
    (book / "lists").mkdir()
    (book / "lists" / "x.yaml").write_text(
        "{name: x, description: d, source: s, members: [a]}", encoding="utf-8"
    )
    (book / "parameters" / "y.yaml").write_text(PARAMETERS.replace("check_days", "y_days"), encoding="utf-8")

    found = problems(book)

    assert any("no rule mentions this list" in problem for problem in found)
    assert any("y_days: no rule mentions this parameter" in problem for problem in found)


def test_value_without_source_is_reported(book: Path) -> None:
    """A number has a source, if only 'our reading'."""
    path = book / "parameters" / "standards.yaml"
    path.write_text(PARAMETERS.replace(", source: our reading", ""), encoding="utf-8")

    assert any("'source' is missing" in problem for problem in problems(book))


def test_same_id_and_title_are_reported(book: Path) -> None:
    """No two questions share an id, a title or a deficiency's id."""
    folder = book / "protecting-the-public"
    (folder / "PP-39-again.yaml").write_text(RULE, encoding="utf-8")
    (folder / "PP-40-other.yaml").write_text(RULE.replace("PP-39", "PP-40"), encoding="utf-8")

    found = problems(book)

    assert any("the id PP-39 is also in" in problem for problem in found)
    assert any("has the same title" in problem for problem in found)


def test_deficiency_needs_cases_on_both_sides(book: Path) -> None:
    """A deficiency that no case shows, or that every case shows, is reported."""
    path = book / "protecting-the-public" / "PP-39.cases.yaml"
    path.write_text(CASES.partition("  - name: never asked")[0], encoding="utf-8")

    assert any("no case shows this deficiency" in problem for problem in problems(book))

    before, _, _ = CASES.partition("  - name: asked in time")
    _, name, never = CASES.partition("  - name: never asked")
    path.write_text(before + name + never, encoding="utf-8")

    assert any("no case shows work without this deficiency" in problem for problem in problems(book))


def test_case_that_does_not_come_out_is_reported(book: Path) -> None:
    """The checker runs the cases, and names one that gives another answer with both answers."""
    found = with_rule(book, "made_on: 2013-03-08", "made_on: 2013-03-09", cases=True)

    assert any(
        "PP-39.cases.yaml:7: asked in time: the answer is insufficient, and must be sufficient" in p
        for p in found
    )


def test_mistake_in_a_case_is_named(book: Path) -> None:
    """A case is held to the case record, with the nearest valid name."""
    found = with_rule(book, "made_on: 2013-03-08", "mad_on: 2013-03-08", cases=True)

    assert any("did you mean 'made_on'?" in problem for problem in found)


def test_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A missing folder, or one without rules, cannot be checked."""
    with pytest.raises(InputError, match="no such folder"):
        lint(tmp_path / "nowhere")
    with pytest.raises(InputError, match="no question"):
        lint(tmp_path)


def test_broken_rulebook_does_not_load(book: Path) -> None:
    """An audit never runs on a rulebook with problems; all of them are in the error."""
    with_rule(book, "agency: police", "agency: polise")
    with_rule(book, "severity: high", "severity: hihg")

    with pytest.raises(InputError) as caught:
        load_rulebook(book)

    assert len(caught.value.problems) == 2


def test_yes_and_no_are_words(book: Path) -> None:
    """A bare yes or no never becomes a truth."""
    found = with_rule(book, "recommendation: R1\n", "recommendation: R1\njudged: yes\n")

    assert any("write true or false here" in problem for problem in found)


def test_ten_planted_mistakes_are_all_found(tmp_path: Path) -> None:
    """On a copy of the shipped rules with ten mistakes in one rule and its neighbour, one run names all ten by line."""
    copy = tmp_path / "rules"
    shutil.copytree(shipped_rules(), copy, ignore=shutil.ignore_patterns("__pycache__"))
    folder = copy / "protecting-the-public"
    rule = next(folder.glob("PP-39-*.yaml"))
    title = next(q.title for q in load_rulebook().questions if q.id == "PP-39")
    planted = (
        RULE.replace("The police were asked", title)
        .replace("check_days", "csc_check_days")
        .replace('["4.1"]', '["4.3", "5.3"]')
    )
    planted = (
        planted.replace("sources: [{document: report, paragraph: O4 3.2}]", "sources: []")  # missing source
        .replace("kind: domestic_abuse", "kind: domestic_abus")  # enum member
        .replace("    severity: high\n", "    severity: high\n    severity: low\n")  # duplicate key
        .replace(
            "- sentence: {as: order}",
            "- sentence: {startd_on|known: true, as: order}\n      - tierr: {as: tier}",
        )  # field, kind
        .replace("agency: police", "agency|nott: police, replied_on: 5")  # modifier, wrong type
        .replace(
            "due: order.started_on + csc_check_days", "due: ordr.started_on + csc_chek_days"
        )  # alias (parameter below)
        .replace(
            "at_most: order.started_on + csc_check_days", "at_most: order.started_on + csc_chek_days"
        )  # parameter
    )
    rule.write_text(planted, encoding="utf-8")
    (folder / "PP-38-again.yaml").write_text(
        next(folder.glob("PP-38-*.yaml")).read_text(encoding="utf-8"), encoding="utf-8"
    )

    found = [(Path(p.source).name, p.line, p.reason) for p in lint(copy)]

    wanted = [
        (rule.name, 1, "no source"),
        (rule.name, 7, "'domestic_abus' is not one of"),
        (rule.name, 12, "this key stands twice"),
        (rule.name, 14, "sentence has no field 'startd_on' - did you mean 'started_on'?"),
        (rule.name, 15, "there is no kind of fact 'tierr' - did you mean 'tier'?"),
        (rule.name, 17, "there is no modifier 'nott' - did you mean 'not'?"),
        (rule.name, 17, "write a date"),
        (rule.name, 17, "there is no parameter 'csc_chek_days' - did you mean 'csc_check_days'?"),
        (rule.name, 18, "no pattern before this is called 'ordr' - did you mean 'order'?"),
        ("PP-38", 1, "the id PP-38 is also in"),
    ]
    for name, line, reason in wanted:
        assert any(n.startswith(name) and at == line and reason in said for n, at, said in found), (
            name,
            line,
            reason,
            found,
        )


def test_reading_goes_on_past_a_broken_file(book: Path) -> None:
    """A file that is not YAML is reported with its line, and the others are still checked."""
    (book / "protecting-the-public" / "PP-41-broken.yaml").write_text(
        "id: [PP-41\ntitle: x", encoding="utf-8"
    )

    rulebook, found = read_rulebook(book)

    assert [question.id for question in rulebook.questions] == ["PP-39"]
    assert any("this is not YAML" in problem.reason and problem.line for problem in found)


LEVELS = """\
levels:
  soon: {title: Asked at once, when: [check: {agency: police, made_on|at_most: 2013-03-04}]}
  later: {title: Asked later, when: [check: {agency: police}]}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("agency: police}]", "agency: polise}]", "levels.later.check.agency: 'polise' is not one of"),
        ("- {title", "- {title", "no case shows this level"),
        (
            "{title: Asked later, when",
            "{titel: Asked later, when",
            "there is no such key - did you mean 'title'?",
        ),
        ("title: Asked later", "title: Asked at once", "levels.later: the level soon has the same title"),
        ("when: [check: {agency: police}]", "when: []", "levels.later: say when a case is at this level"),
        ("  later:", "  none:", "levels.none: a level is small letters, digits and _, and not 'none'"),
        ("  later:", "  La-ter:", "levels.La-ter: a level is small letters"),
        ("  later: {title: Asked later, when: [check: {agency: police}]}\n", "", "give at least two levels"),
        ("made_on|at_most: 2013-03-04", "reply|at_most: 2013-03-04", "check has no field 'reply'"),
    ],
)
def test_levels_are_checked(book: Path, old: str, new: str, said: str) -> None:
    """A level is held to the vocabulary like any part of a question, and a case has to show it."""
    path = book / "protecting-the-public" / "PP-39-police.yaml"
    path.write_text(RULE + LEVELS.replace(old, new), encoding="utf-8")

    assert said in " ".join(problems(book))


def test_level_that_is_not_a_mapping_is_refused(book: Path) -> None:
    """Levels have names."""
    path = book / "protecting-the-public" / "PP-39-police.yaml"
    path.write_text(RULE + "levels: [soon]\n", encoding="utf-8")

    assert "write levels here, each a name with title and when" in " ".join(problems(book))


def test_cases_show_levels(book: Path) -> None:
    """A case names its level, or none; it fails where another comes out, and a level that is not there is named."""
    (book / "protecting-the-public" / "PP-39-police.yaml").write_text(RULE + LEVELS, encoding="utf-8")
    path = book / "protecting-the-public" / "PP-39.cases.yaml"
    asked = "expect: sufficient\n    level: {}\n  - name: asked at once\n    with: [check: {{agency: police, made_on: 2013-03-04}}]\n    expect: sufficient\n    level: {}\n"
    never = "deficiencies: [PP-39.1]\n    level: none"

    def said(*levels: str) -> list[str]:
        cases = CASES.replace("expect: sufficient\n", asked.format(*levels))
        path.write_text(cases.replace("deficiencies: [PP-39.1]", never), encoding="utf-8")
        return [problem.rpartition(": ")[2] for problem in problems(book)]

    assert [] == said("later", "soon")
    assert ["the level is later, and must be soon"] == said("soon", "soon")[1:]
    assert "PP-39 has no level latr - did you mean 'later'?" in said("latr", "soon")
    assert "the level is soon, and must be none" in said("later", "none")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("framework.yaml", "[PP-39]", "[PP-39, PP-93]", "there is no question PP-93 - did you mean 'PP-39'?"),
        ("framework.yaml", "[PP-39]", "[PP-39, PP-39]", "PP-39 stands here twice"),
        ("framework.yaml", "[PP-39]", "[]", "no question leads to this"),
        ("framework.yaml", "questions: [PP-39]", "question: [PP-39]", "did you mean 'questions'?"),
        (
            "framework.yaml",
            "{text: Ask in all cases, questions: [PP-39]}",
            "Ask",
            "write keys and values here: text, questions",
        ),
        ("framework.yaml", "[PP-39]", "[]", "R1 does not list PP-39: add it in framework.yaml"),
        (
            "parameters/what-stands-out.yaml",
            "strength_percent",
            "strength_per_cent",
            "strength_percent: every audit reads this parameter",
        ),
        (
            "parameters/what-stands-out.yaml",
            "strength_percent",
            "strength_per_cent",
            "strength_per_cent: no rule mentions this parameter",
        ),
        (
            "parameters/what-stands-out.yaml",
            "unit: number",
            "unit: days",
            "recommendation_below_percent: every audit reads this parameter: its unit is number",
        ),
    ],
)
def test_recommendations_are_checked(book: Path, file: str, old: str, new: str, said: str) -> None:
    """A recommendation that could not be made, and a threshold that could not be read, are named."""
    path = book / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    assert said in " ".join(problems(book))


def test_recommendation_does_not_rest_on_a_retired_question(book: Path) -> None:
    """A retired question has no answers: the one that replaced it is to be named."""
    said = " ".join(with_rule(book, "status: active", "status: retired\nreplaced_by: PP-39"))

    assert "PP-39 is retired: name the one that replaced it" in said
