"""The back of a report: how scores are made, what was audited, and all that is needed to make it again."""

from collections.abc import Iterator

from aboveline.answers import in_words
from aboveline.reports.words import many, names
from aboveline.result import AuditResult, Manifest, StandardsUsed
from aboveline.rulebook.thresholds import THRESHOLDS
from aboveline.scoring import Average

from .model import Block, Bullets, Pairs, Paragraph, Section
from .tables import averages, parameters, sample, stages

__all__ = ["appendices", "method_notes"]


def appendices(result: AuditResult) -> tuple[Section, ...]:
    """Return the appendices: method, sample, manifest."""
    return (
        Section(
            id="method",
            title="Appendix: how scores are made",
            blocks=(
                Bullets(items=method_notes(result)),
                averages(result.outcomes),
                stages(result.stages),
            ),
        ),
        Section(id="sample", title="Appendix: the sample", blocks=_sample(result)),
        Section(id="manifest", title="Appendix: how to make this report again", blocks=_manifest(result)),
    )


def method_notes(result: AuditResult) -> tuple[str, ...]:
    """Return how answers become scores, and which of the two averages was used."""
    used = (
        "This audit used the average over the scored questions"
        if result.manifest.average is Average.QUESTIONS
        else "This audit used the average over the criteria, each of them the average of its scored questions"
    )
    counted = "Answers that are not applicable or not assessed count for nothing."
    ranges = "every gap counted as insufficient, and every gap counted as sufficient."
    two = (
        "The inspection's published method states two averages for an outcome: over all its scored questions"
    )
    return (
        "Every question is answered for every case: sufficient, insufficient, not applicable or not assessed.",
        f"A question's score is the number of sufficient answers out of the sufficient and insufficient. {counted}",
        f"{two}, and over its criteria. {used}. Both are in the table below.",
        "A stage is the average of its criteria, over all outcomes.",
        "A question may count to more than one criterion, and so to more than one outcome.",
        f"Where evidence is missing a score has a range: {ranges}",
        "Averages are taken before rounding. Percentages are whole, and a half is rounded up.",
        *_thresholds(result.manifest),
    )


def _thresholds(manifest: Manifest) -> Iterator[str]:
    """Say by what numbers strengths, improvements and recommendations are told, where the manifest has them."""
    values = {name: used.value for name, used in manifest.parameters.items()}
    if not set(THRESHOLDS) <= set(values):
        return
    yield (
        f"A scored question is a key strength where its score is {values['strength_percent']}% or above, and a "
        f"key area for improvement where it is below {values['improvement_below_percent']}%. At least "
        f"{values['highlight_cases']} cases must be answered, and at most {values['highlights_most']} of each "
        "are listed for an outcome."
    )
    yield (
        "A recommendation is made where a question that leads to it is below "
        f"{values['recommendation_below_percent']}% and at least {values['recommendation_cases']} cases fall "
        "short on its questions."
    )


def _sample(result: AuditResult) -> tuple[Block, ...]:
    manifest = result.manifest
    unread = len({(one.source, one.line) for one in result.rejected})
    items = [f"{many(result.cases, 'case was', 'cases were')} audited as at {in_words(manifest.as_of)}."]
    if unread:
        items.append(
            f"{many(unread, 'record')} could not be read and {'was' if unread == 1 else 'were'} not audited."
        )
    if result.failed:
        items.append(
            f"{many(len(result.failed), 'case')} could not be audited, and "
            f"{'counts' if len(result.failed) == 1 else 'count'} for nothing in this report: "
            f"{names(one.case for one in result.failed)}."
        )
    if manifest.left_out:
        items.append(
            f"{many(manifest.left_out, 'entry', 'entries')} dated after that day "
            f"{'was' if manifest.left_out == 1 else 'were'} left out."
        )
    if manifest.judgements_unused:
        items.append(
            "Judgements of these questions were not used, since no rule asks for them: "
            f"{', '.join(manifest.judgements_unused)}."
        )
    return (
        Paragraph(
            text="This report is about the cases that were given to it. Whether they stand for all cases "
            "depends on how they were drawn, which this report cannot tell."
        ),
        Bullets(items=tuple(items)),
        *([sample(result.sample)] if result.sample else []),
    )


def _manifest(result: AuditResult) -> tuple[Block, ...]:
    manifest = result.manifest
    return (
        Paragraph(
            text="The same cases, rules, day and version of Aboveline give the same report, to the byte."
        ),
        Pairs(
            pairs=(
                ("Aboveline", manifest.aboveline),
                ("As at", in_words(manifest.as_of)),
                ("Average", f"over {manifest.average}"),
                ("Time standards", _standards(manifest.standards)),
                ("Engine", manifest.engine),
                ("Case record version", str(manifest.schema_version)),
                ("Rulebook (SHA-256)", manifest.rulebook),
                ("Cases (SHA-256)", manifest.cases),
            )
        ),
        *(
            [Bullets(items=manifest.standards.caveats)]
            if manifest.standards and manifest.standards.caveats
            else []
        ),
        parameters(manifest),
    )


def _standards(used: StandardsUsed | None) -> str:
    if used is None:
        return "the values of each parameter by its own date"
    until = f"until {in_words(used.end)}" if used.end else "and still in force"
    not_then = "" if used.in_force else "; not in force on the day of this audit"
    return f"{used.title}, from {in_words(used.start)} {until}{not_then}"
