"""An outcome in full: what is expected, its score, what stands out, and what was found question by question.

Every sentence about a question is written from the question's own counts, so
that prose and charts cannot disagree.
"""

from collections.abc import Iterable

from aboveline.reports.words import clause, in_cases, many, percent, percent_range
from aboveline.result import AuditResult, Highlight
from aboveline.scoring import Average, CriterionScore, OutcomeScore, QuestionScore

from .model import Block, Bullets, Chart, Paragraph, Section
from .tables import chart, criteria, levels, shortfalls

__all__ = ["outcome", "sentence"]


def outcome(result: AuditResult, one: OutcomeScore, place: int) -> Section:
    """Return the section of one outcome; ``place`` is its number in the report."""
    mine = [q for q in result.questions if set(q.criteria) & set(one.criteria)]
    ids = {question.id for question in mine}
    of_outcome = [criterion for criterion in result.criteria if criterion.id in one.criteria]
    sections = [
        Section(
            id=f"{one.id}-expected",
            title="What is expected",
            blocks=(criteria(f"Criteria of this outcome: {one.title}", of_outcome),),
        ),
        Section(
            id=f"{one.id}-score",
            title="Score",
            blocks=(Paragraph(text=_score(result.manifest.average, one)),),
        ),
        _standing_out(
            f"{one.id}-strengths",
            "Key strengths",
            [found for found in result.strengths if found.outcome == one.id],
            "No question stands out as a strength.",
        ),
        _standing_out(
            f"{one.id}-improvements",
            "Key areas for improvement",
            [found for found in result.improvements if found.outcome == one.id],
            "No question stands out as an area for improvement.",
        ),
        Section(
            id=f"{one.id}-findings",
            title="What was found",
            blocks=(Paragraph(text=_HOW_TO_READ),)
            if mine
            else (Paragraph(text="No question counts to it."),),
            sections=tuple(_criterion(result, one, criterion, mine) for criterion in of_outcome),
        ),
    ]
    found = [finding for finding in result.findings if finding.question in ids]
    if found:
        table = shortfalls(f"shortfalls-{one.id}", f"Where work fell short: {one.title}", found)
        sections.append(
            Section(id=f"{one.id}-shortfalls", title="Where work fell short, and what to do", blocks=(table,))
        )
    return Section(id=one.id, title=f"Outcome {place}: {one.title}", sections=tuple(sections))


def sentence(one: QuestionScore | Highlight) -> str:
    """Return what was found of a question, from its counts."""
    name = one.id if isinstance(one, QuestionScore) else one.question
    return f"In {in_cases(one.sufficient, one.insufficient, one.score)} {clause(one.title)} ({name})."


_HOW_TO_READ = (
    "Each statement gives the cases in which the work was sufficient, out of those that the question is "
    "about and that could be answered. Where a case could not be answered, it counts for nothing."
)


def _score(average: Average, one: OutcomeScore) -> str:
    if one.score is None:
        return "No question of this outcome could be answered, so it has no score."
    over = "its scored questions" if average is Average.QUESTIONS else "its criteria"
    text = (
        f"Overall, {percent(one.score)} of this work was done well enough: the average over {over}, "
        f"of which {many(one.questions, 'question has', 'questions have')} an answer."
    )
    across = percent_range(one.score, one.score_range)
    return f"{text} If every gap in the evidence were resolved it would be {across}." if across else text


def _standing_out(name: str, title: str, found: list[Highlight], nothing: str) -> Section:
    block = (
        Bullets(items=tuple(sentence(one) for one in found), numbered=True)
        if found
        else Paragraph(text=nothing)
    )
    return Section(id=name, title=title, blocks=(block,))


def _criterion(
    result: AuditResult, one: OutcomeScore, criterion: CriterionScore, questions: Iterable[QuestionScore]
) -> Section:
    mine = [question for question in questions if criterion.id in question.criteria]
    answered = [question for question in mine if question.sufficient + question.insufficient]
    unanswered = [question for question in mine if not question.sufficient + question.insufficient]
    blocks: list[Block] = []
    if answered:
        blocks.append(Bullets(items=tuple(_told(question) for question in answered)))
        blocks.append(_chart(criterion, answered, result.cases))
        blocks.extend(levels(question) for question in answered if question.levels)
    if unanswered:
        blocks.append(Paragraph(text="Not answered in any case:"))
        blocks.append(Bullets(items=tuple(_untold(question) for question in unanswered)))
    if not mine:
        blocks.append(Paragraph(text="No question counts to this criterion yet."))
    return Section(
        id=f"{one.id}-{criterion.id}", title=f"{criterion.id} {criterion.title}", blocks=tuple(blocks)
    )


def _chart(criterion: CriterionScore, questions: list[QuestionScore], cases: int) -> Chart:
    return chart(f"{criterion.title}: cases in which the work was sufficient", questions, cases)


def _told(question: QuestionScore) -> str:
    text = sentence(question)
    if question.not_assessed:
        across = percent_range(question.score, question.score_range)
        more = many(question.not_assessed, "more case", "more cases")
        text += f" {more} could not be answered" + (f", which could make it {across}." if across else ".")
    return text if question.scored else f"{text} This question is reported and not scored."


def _untold(question: QuestionScore) -> str:
    why = (
        f"{many(question.not_assessed, 'case', 'cases')} could not be answered"
        if question.not_assessed
        else "it is about none of these cases"
    )
    return f"{question.title} ({question.id}): {why}."
