"""The front of a report: what was audited, how it came out, and what should be done about it."""

from aboveline.answers import in_words
from aboveline.reports.words import in_cases, many, names
from aboveline.result import AuditResult, Recommendation

from .model import Block, Pairs, Paragraph, Section
from .tables import deficiencies, highlights, outcomes

__all__ = ["recommendations", "summary"]


def summary(result: AuditResult) -> Section:
    """Return what was audited and the score of every outcome."""
    return Section(
        id="summary",
        title="Summary",
        sections=(
            Section(id="audited", title="What was audited", blocks=(_audited(result),)),
            Section(
                id="scores",
                title="How well the work was done",
                blocks=(
                    Paragraph(
                        text="A score is the proportion of work judged to have been done well enough: "
                        "above the line. How scores are made is in an appendix."
                    ),
                    outcomes(result.outcomes),
                ),
            ),
        ),
    )


def recommendations(result: AuditResult) -> Section:
    """Return each recommendation with the shortfalls that call for it."""
    if not result.recommendations:
        nothing = Paragraph(text="Nothing that was found calls for a recommendation.")
        return Section(id="recommendations", title="Recommendations", blocks=(nothing,))
    return Section(
        id="recommendations",
        title="Recommendations",
        blocks=(
            Paragraph(text="Each recommendation is followed by the questions and deficiencies behind it."),
        ),
        sections=tuple(_recommendation(one) for one in result.recommendations),
    )


def _audited(result: AuditResult) -> Pairs:
    answered = sum(one.sufficient + one.insufficient for one in result.questions)
    above = sum(one.sufficient for one in result.questions)
    unread = {(one.source, one.line) for one in result.rejected}
    pairs = [
        ("Cases", str(result.cases)),
        ("As at", in_words(result.manifest.as_of)),
        ("Questions", str(len(result.questions))),
        ("Answers", f"{answered}, of which {above} above the line"),
        ("Findings", str(len(result.findings))),
        ("Answers not given", f"{len(result.not_assessed)}, for want of evidence or of a judgement"),
    ]
    if unread:
        pairs.append(("Records not read", f"{len(unread)}: these cases were not audited"))
    if result.failed:
        pairs.append(("Cases not audited", f"{len(result.failed)}: the rules could not be run on them"))
    return Pairs(pairs=tuple(pairs))


def _recommendation(one: Recommendation) -> Section:
    blocks: list[Block] = [
        Paragraph(
            text=f"{many(len(one.cases), 'case falls', 'cases fall')} short: {names(one.cases)}. "
            f"The most severe deficiency is of {one.severity} severity."
        )
    ]
    if one.questions:
        worst = one.questions[0]
        blocks.append(
            Paragraph(
                text=f"The weakest question behind it is {worst.question}: sufficient in "
                f"{in_cases(worst.sufficient, worst.insufficient, worst.score)}."
            )
        )
        blocks.append(highlights(f"Questions behind recommendation {one.id}", one.questions))
    if one.deficiencies:
        blocks.append(deficiencies(f"Deficiencies behind recommendation {one.id}", one.deficiencies))
    return Section(id=f"recommendation-{one.id}", title=f"{one.id}: {one.text}", blocks=tuple(blocks))
