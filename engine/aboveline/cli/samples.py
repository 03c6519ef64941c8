"""``aboveline sample``."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from aboveline.packing import read_caseload
from aboveline.problems import InputError, Problem, did_you_mean, shown
from aboveline.reports.sampling import show_sample
from aboveline.sampling import Plan, SampleManifest, draw
from aboveline.sampling.size import ByCaseload, ByMargin, ByNumber
from aboveline.sampling.strata import DEFAULT, StratifyBy

from .app import app
from .options import COULD_NOT_RUN, FINE, AsOf, Inputs, complain, day, write
from .screen import show_on

__all__ = ["sample_command"]

MANIFEST = ".manifest.json"


@app.command("sample")
def sample_command(
    inputs: Inputs,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="The .jsonl file to write.", show_default=False),
    ],
    seed: Annotated[
        str | None,
        typer.Option("--seed", help="Any word or number, chosen before you draw.", show_default=False),
    ] = None,
    as_of: AsOf = None,
    strata: Annotated[
        str | None,
        typer.Option(
            "--strata",
            metavar="LIST",
            help=f"What to stratify by, or none. Of: {', '.join(StratifyBy)}.  [default: {','.join(DEFAULT)}]",
            show_default=False,
        ),
    ] = None,
    months: Annotated[
        tuple[int, int] | None,
        typer.Option(
            "--months",
            metavar="LEAST MOST",
            help="How long ago supervision started.  [default: 8 10]",
            show_default=False,
        ),
    ] = None,
    size: Annotated[
        int | None,
        typer.Option(
            "--size",
            help="How many cases. Default: one in ten of the caseload, from 50 to 90.",
            show_default=False,
        ),
    ] = None,
    margin: Annotated[
        float | None,
        typer.Option("--margin", help="Or: as many as keep a score within these points.", show_default=False),
    ] = None,
    expected: Annotated[
        float | None,
        typer.Option(
            "--expected", help="With --margin: the score, percent.  [default: 50]", show_default=False
        ),
    ] = None,
    confidence: Annotated[
        float | None,
        typer.Option(
            "--confidence", help="With --margin: how sure, percent.  [default: 95]", show_default=False
        ),
    ] = None,
    replace: Annotated[
        list[str] | None,
        typer.Option(
            "--replace",
            metavar="CASE-ID",
            help="Draw the next of the same stratum instead of this case. May be given again.",
            show_default=False,
        ),
    ] = None,
    replay: Annotated[
        Path | None,
        typer.Option(
            "--replay",
            metavar="MANIFEST",
            help="Draw again as a manifest says, from the same frame.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Draw a sample of cases to audit, with a manifest beside it that says how: the same frame and seed, the same sample."""
    beside = _places(inputs, output)
    chosen = {
        "--seed": seed,
        "--as-of": as_of,
        "--strata": strata,
        "--months": months,
        "--size": size,
        "--margin": margin,
        "--expected": expected,
        "--confidence": confidence,
    }
    before = _manifest(replay, chosen) if replay else None
    if before:
        plan = before.plan.model_copy(
            update={"replace": _each_once([*before.plan.replace, *(replace or ())])}
        )
    elif seed is None:
        raise typer.BadParameter("choose a seed, any word or number, before you draw: --seed")
    else:
        least, most = months or (8, 10)
        plan = _plan(
            seed=seed,
            as_of=day(as_of),
            months_least=least,
            months_most=most,
            strata=_strata(strata),
            size=_size(size, margin, expected, confidence),
            replace=_each_once(replace or ()),
        )
    source = ", ".join(shown(path) for path in inputs)
    sample = draw(lambda: read_caseload(inputs), plan, source)
    if before and before.frame.hash != sample.manifest.frame.hash:
        reason = f"this is not the frame that {shown(replay or beside)} was drawn from: its records differ"
        raise InputError([Problem(source, None, "", reason)])
    if before and before.plan == plan and before.sample != sample.manifest.sample:
        reason = f"Aboveline {before.aboveline} drew another sample by this manifest than this version does"
        raise InputError([Problem(shown(replay or beside), None, "", reason)])
    write(sample.to_jsonl(), output)
    write(sample.manifest.to_json(), beside)
    show_on(show_sample(sample.manifest), None)
    complain([problem for one in sample.rejected for problem in one.problems])
    raise typer.Exit(COULD_NOT_RUN if sample.rejected else FINE)


def _places(inputs: list[Path], output: Path) -> Path:
    """Return where the manifest goes, having refused to write into the frame."""
    if output.suffix != ".jsonl":
        raise typer.BadParameter("the sample is written as JSON Lines: --output must end in .jsonl")
    if output.resolve() in {path.resolve() for path in inputs}:
        raise typer.BadParameter("the sample would be written over its frame: choose another --output")
    if output.resolve().parent in {path.resolve() for path in inputs if path.is_dir()}:
        raise typer.BadParameter(
            "the sample would lie in the folder of its frame, and be part of it the next time: choose another --output"
        )
    return output.with_name(output.stem + MANIFEST)


def _each_once(cases: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(cases)))


def _strata(text: str | None) -> tuple[StratifyBy, ...]:
    if text is None:
        return DEFAULT
    names = [name.strip() for name in text.split(",")]
    if names == ["none"]:
        return ()
    wrong = [name for name in names if name not in set(StratifyBy)]
    if wrong:
        known = [str(one) for one in StratifyBy]
        raise typer.BadParameter(
            "; ".join(
                f"'{name}' is not one of {', '.join(known)}{did_you_mean(name, known)}" for name in wrong
            )
        )
    return tuple(StratifyBy(name) for name in names)


def _size(
    size: int | None, margin: float | None, expected: float | None, confidence: float | None
) -> ByCaseload | ByMargin | ByNumber:
    if size is not None and margin is not None:
        raise typer.BadParameter("give --size or --margin, not both")
    if margin is None and (expected is not None or confidence is not None):
        raise typer.BadParameter("--expected and --confidence go with --margin")
    try:
        if size is not None:
            return ByNumber(number=size)
        if margin is not None:
            return ByMargin(
                margin=margin,
                expected=50.0 if expected is None else expected,
                confidence=95.0 if confidence is None else confidence,
            )
    except ValidationError as error:
        raise typer.BadParameter(_in_words(error)) from error
    return ByCaseload()


def _plan(**settings: object) -> Plan:
    try:
        return Plan.model_validate(settings)
    except ValidationError as error:
        raise typer.BadParameter(_in_words(error)) from error


def _in_words(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(step) for step in one['loc'])}: {one['msg']}".removeprefix(": ")
        for one in error.errors()
    )


def _manifest(path: Path, chosen: Mapping[str, object]) -> SampleManifest:
    """Read the manifest of an earlier draw, which settles all that the other options would."""
    given = [name for name, value in chosen.items() if value is not None]
    if given:
        raise typer.BadParameter(f"the manifest settles {', '.join(given)}: leave them out with --replay")
    try:
        return SampleManifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(
            [Problem(shown(path), None, "", f"this cannot be read: {error.strerror}")]
        ) from error
    except ValidationError as error:
        reason = f"this is not the manifest of a sample: `aboveline sample` writes one, FILE{MANIFEST}"
        details = [
            Problem(shown(path), None, ".".join(str(step) for step in one["loc"]), one["msg"])
            for one in error.errors()[:5]
        ]
        raise InputError([Problem(shown(path), None, "", reason), *details]) from error
