"""The document behind every format: its shape, its words, and that it leaves nothing out in silence."""

import pytest

from aboveline.answers import DueSoon
from aboveline.reports.document import Section, Table, build, sheets
from aboveline.reports.document.following import MOST_ROWS
from aboveline.reports.document.model import Bullets, Chart, Paragraph
from aboveline.reports.words import clause, in_cases, names
from aboveline.result import AuditResult
from aboveline.scoring import Average


def test_report_has_the_shape_of_the_published_one(full: AuditResult) -> None:
    """Summary, recommendations, each outcome, factors, groups, what is left to do, appendices: in that order."""
    titles = [section.title for section in build(full).sections]

    assert [
        "Summary",
        "Recommendations",
        *(f"Outcome {place}: {one.title}" for place, one in enumerate(full.outcomes, start=1)),
        "Factors linked to offending",
        "Scores by group",
        "Work in hand and answers not given",
        "Appendix: how scores are made",
        "Appendix: the sample",
        "Appendix: how to make this report again",
    ] == titles


def test_every_outcome_has_what_the_published_one_has(full: AuditResult) -> None:
    """Expectations, score, strengths, improvements and findings, each with a heading."""
    for one in full.outcomes:
        titles = [inner.title for inner in _section(full, one.id).sections]

        assert [
            "What is expected",
            "Score",
            "Key strengths",
            "Key areas for improvement",
            "What was found",
        ] == titles[:5]


def test_every_question_is_told_in_each_outcome_it_counts_to(result: AuditResult) -> None:
    """A question is in the text of its outcomes, and in a bar wherever it has an answer."""
    for one in result.outcomes:
        mine = {q for q in result.questions if set(q.criteria) & set(one.criteria)}
        section = _section(result, one.id)
        bars = {bar.id for block in _blocks(section) if isinstance(block, Chart) for bar in block.bars}
        told = " ".join(
            item for block in _blocks(section) if isinstance(block, Bullets) for item in block.items
        )

        assert {q.id for q in mine if q.score is not None} == bars
        assert set() == {q.id for q in mine if f"({q.id})" not in told}


def test_a_question_with_levels_has_a_table_of_them(full: AuditResult) -> None:
    """Each level has its number of cases."""
    question = next(q for q in full.questions if q.levels)
    tables = [
        block
        for one in full.outcomes
        for block in _blocks(_section(full, one.id))
        if isinstance(block, Table) and block.name == f"levels-{question.id}"
    ]

    assert tables
    assert {(level.title, level.cases) for level in question.levels} == set(tables[0].rows)


def test_every_deficiency_found_is_in_its_outcome(result: AuditResult) -> None:
    """A deficiency is listed with its cases in each outcome that its question counts to."""
    for one in result.outcomes:
        ids = {q.id for q in result.questions if set(q.criteria) & set(one.criteria)}
        found = {f.deficiency for f in result.findings if f.question in ids}
        listed = {
            row[0]
            for block in _blocks(_section(result, one.id))
            if isinstance(block, Table) and block.name.startswith("shortfalls")
            for row in block.rows
        }

        assert found == listed


@pytest.mark.parametrize(
    ("average", "words"),
    [
        (Average.QUESTIONS, "This audit used the average over the scored questions"),
        (Average.CRITERIA, "This audit used the average over the criteria"),
    ],
)
def test_the_average_used_is_named(full: AuditResult, average: Average, words: str) -> None:
    """The appendix says which of the two averages was used, and shows both."""
    changed = full.model_copy(update={"manifest": full.manifest.model_copy(update={"average": average})})
    blocks = list(_blocks(_section(changed, "method")))

    assert any(words in item for block in blocks if isinstance(block, Bullets) for item in block.items)
    assert any(block.name == "averages" for block in blocks if isinstance(block, Table))


def test_a_list_cut_short_says_so(full: AuditResult) -> None:
    """A list of more rows than a report shows says how many there are and where to find them; the workbook has all."""
    due = full.due_soon[0]
    many = tuple(
        DueSoon(case=f"C-{place:04}", question=due.question, deficiency=due.deficiency, due=due.due)
        for place in range(MOST_ROWS + 1)
    )
    changed = full.model_copy(update={"due_soon": many})

    section = next(s for s in _section(changed, "following").sections if s.id == "due-soon")
    told, table = section.blocks

    assert isinstance(told, Paragraph)
    assert isinstance(table, Table)
    assert f"The first {MOST_ROWS} of {MOST_ROWS + 1} rows" in told.text
    assert MOST_ROWS == len(table.rows)
    assert MOST_ROWS + 1 == len(next(t for t in sheets(changed) if t.name == "due_soon").rows)


def test_suppressed_numbers_stay_suppressed(full: AuditResult) -> None:
    """Where a count is left out to protect people, no table of the report or the workbook has one."""
    group = full.breakdowns[0].groups[0]
    hidden = {q.id for q in group.questions if q.suppressed}
    shown = next(
        block
        for block in _blocks(_section(full, "groups"))
        if isinstance(block, Table) and block.caption == "Questions by gender"
    )
    sheet = next(t for t in sheets(full) if t.name == "Questions by gender")

    assert hidden
    assert {"too few to show"} == {row[2] for row in shown.rows if row[0] in hidden}
    assert {("[c]",) * 5} == {row[2:] for row in sheet.rows if row[0] == group.value and row[1] in hidden}


def test_ids_of_sections_are_unlike(result: AuditResult) -> None:
    """No two sections have the same id, so each link leads to one place."""
    ids = [section.id for top in build(result).sections for section in _sections(top)]

    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("title", "within"),
    [
        ("A RoSH screening was completed", "a RoSH screening was completed"),
        ("MAPPA eligibility was identified", "MAPPA eligibility was identified"),
        ("ViSOR was used effectively", "ViSOR was used effectively"),
        ("Children's services were asked", "children's services were asked"),
    ],
)
def test_titles_stand_within_a_sentence(title: str, within: str) -> None:
    """A first word loses its capital unless it is an acronym."""
    assert within == clause(title)


def test_counts_come_with_their_percentage() -> None:
    """A score says of how many cases it is; names say how many are left out."""
    assert in_cases(44, 5, 90) == "44 of 49 cases (90%)"
    assert in_cases(1, 0, 100) == "1 of 1 case (100%)"
    assert names({"b", "a", "c"}, most=2) == "a, b and 1 more"


def _section(result: AuditResult, name: str) -> Section:
    return next(section for section in build(result).sections if section.id == name)


def _sections(section: Section) -> list[Section]:
    return [section, *(deeper for inner in section.sections for deeper in _sections(inner))]


def _blocks(section: Section) -> list[object]:
    return [block for one in _sections(section) for block in one.blocks]
