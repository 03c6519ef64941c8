"""Show in a terminal how a sample was drawn."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from aboveline.answers import in_words
from aboveline.sampling import SampleManifest

from .parts import heading, many, table

__all__ = ["show_sample"]


def show_sample(manifest: SampleManifest) -> RenderableType:
    """Return what was drawn, of whom, and where it falls short."""
    return Group(*_parts(manifest))


def _parts(manifest: SampleManifest) -> Iterator[RenderableType]:
    frame, plan = manifest.frame, manifest.plan
    yield heading(
        f"{many(manifest.drawn, 'case')} drawn of {frame.eligible} eligible, of {frame.cases} in the frame"
    )
    yield Text(
        f"As at {in_words(plan.as_of)}: supervision started between {in_words(frame.started_from)} "
        f"and {in_words(frame.started_to)}, and not ended."
    )
    yield Text(f"Wanted: {manifest.wanted}, {manifest.size_how}. Seed: {plan.seed}\n")
    for short in manifest.shortfalls:
        yield Text(f"Short: {short.what}: {short.drawn} drawn, {short.wanted} wanted.")
    found = table(
        "Strata",
        *(in_words(by).capitalize() for by in plan.strata),
        "Eligible",
        "Exact share",
        "Wanted",
        "Drawn",
    )
    for one in manifest.strata:
        counts = (str(one.eligible), f"{one.exact:.2f}", str(one.wanted), str(one.drawn))
        found.add_row(*(in_words(value) for value in one.values.values()), *counts)
    yield found
    for pair in manifest.replaced:
        yield Text(f"{pair.case} replaced by {pair.by or 'nobody: no case of its stratum is left'}.")
    if manifest.exclusions:
        found = table("Not eligible", "Why", "Cases")
        for exclusion in manifest.exclusions:
            found.add_row(exclusion.reason, str(exclusion.count))
        yield found
    if frame.rejected:
        yield Text(
            f"Warning: {many(frame.rejected, 'record')} could not be read, so the frame is not whole.",
            style="bold",
        )
