"""Draw a sample by a plan: once through the frame to know it, once more to fetch what was drawn."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from aboveline import __version__
from aboveline.case import CaseRecord, Rejected, digest_of, hash_of
from aboveline.problems import InputError, Problem, did_you_mean

from .allocation import allocate
from .eligibility import Reason, Window, excluded, supervised
from .model import Exclusion, Frame, Plan, Replacement, Sample, SampleManifest, Shortfall, Stratum
from .order import Drawn, draw_stratum
from .size import wanted
from .strata import stratum

__all__ = ["draw"]

Key = tuple[str, ...]
Records = Callable[[], Iterable[CaseRecord | Rejected]]


class _Known:
    """What one reading of the frame has told: ids and digests, and no record."""

    def __init__(self, records: Iterable[CaseRecord | Rejected], plan: Plan, window: Window) -> None:
        self.digests: dict[str, bytes] = {}
        self.strata: dict[Key, list[str]] = defaultdict(list)
        self.excluded: dict[Reason, list[str]] = defaultdict(list)
        self.rejected: list[Rejected] = []
        self.caseload = 0
        for record in records:
            if isinstance(record, Rejected):
                self.rejected.append(record)
                continue
            self.digests[record.case] = digest_of(record)
            self.caseload += supervised(record, plan.as_of)
            reason = excluded(record, window)
            if reason:
                self.excluded[reason].append(record.case)
            else:
                self.strata[stratum(record, plan.strata, plan.as_of)].append(record.case)

    @property
    def eligible(self) -> int:
        """How many cases may be drawn."""
        return sum(len(cases) for cases in self.strata.values())


def draw(records: Records, plan: Plan, source: str) -> Sample:
    """Draw a sample.

    Args:
        records: reads the frame; called twice, so that no more than the sample is held.
        plan: what settles the draw.
        source: the frame as a person would name it.

    Raises:
        InputError: no case is eligible; a case to be replaced was not drawn; or
            the frame was not the same the second time.
    """
    window = Window(plan.as_of, plan.months_least, plan.months_most)
    known = _Known(records(), plan, window)
    if not known.eligible:
        raise InputError([Problem(source, None, "", _nobody(known, window))])
    want, how = wanted(plan.size, caseload=known.caseload, eligible=known.eligible)
    size = min(want, known.eligible)
    places = allocate({key: len(cases) for key, cases in known.strata.items()}, size)
    drawn = {
        key: draw_stratum(cases, places[key], plan.seed, plan.replace) for key, cases in known.strata.items()
    }
    _check_replaced(plan, drawn, known, source)
    chosen = _fetch(records, {case for one in drawn.values() for case in one.cases}, known, source)
    strata = tuple(_strata(plan, known, places, drawn, size))
    return Sample(
        records=chosen,
        rejected=tuple(known.rejected),
        manifest=SampleManifest(
            aboveline=__version__,
            plan=plan,
            frame=Frame(
                hash=hash_of(known.digests.values()),
                cases=len(known.digests),
                rejected=len(known.rejected),
                caseload=known.caseload,
                eligible=known.eligible,
                started_from=window.first,
                started_to=window.last,
            ),
            wanted=want,
            size=size,
            size_how=how,
            drawn=len(chosen),
            sample=hash_of(known.digests[record.case] for record in chosen),
            strata=strata,
            replaced=tuple(
                Replacement(case=case, by=by) for key in sorted(drawn) for case, by in drawn[key].replaced
            ),
            exclusions=tuple(
                Exclusion(reason=reason, count=len(cases), cases=tuple(sorted(cases)))
                for reason in Reason
                if (cases := known.excluded[reason])
            ),
            shortfalls=tuple(_shortfalls(want, len(chosen), strata)),
        ),
    )


def _strata(
    plan: Plan, known: _Known, places: Mapping[Key, int], drawn: Mapping[Key, Drawn], size: int
) -> Iterator[Stratum]:
    for key in sorted(known.strata):
        eligible = len(known.strata[key])
        yield Stratum(
            values=dict(zip(plan.strata, key, strict=True)),
            eligible=eligible,
            exact=round(size * eligible / known.eligible, 2),
            wanted=places[key],
            drawn=len(drawn[key].cases),
            cases=drawn[key].cases,
        )


def _shortfalls(want: int, drawn: int, strata: Iterable[Stratum]) -> Iterator[Shortfall]:
    """Yield where the sample falls short: as a whole, where a stratum ran out, and strata without a place."""
    if drawn < want:
        yield Shortfall(what="the sample", wanted=want, drawn=drawn)
    for one in strata:
        name = ", ".join(f"{by} {value}" for by, value in one.values.items()) or "all cases"
        if one.drawn < one.wanted:
            yield Shortfall(
                what=f"stratum {name}: no case is left to replace one", wanted=one.wanted, drawn=one.drawn
            )
        elif not one.wanted:
            yield Shortfall(what=f"stratum {name}: more strata than places", wanted=1, drawn=0)


def _nobody(known: _Known, window: Window) -> str:
    counts = ", ".join(
        f"{len(known.excluded[reason])} {reason}" for reason in Reason if known.excluded[reason]
    )
    return (
        f"no case is eligible: supervision must have started between {window.first} and {window.last} "
        f"and not have ended by {window.as_of} ({counts or 'there is no case'})"
    )


def _check_replaced(plan: Plan, drawn: Mapping[Key, Drawn], known: _Known, source: str) -> None:
    replaced = {case for one in drawn.values() for case, _ in one.replaced}
    in_sample = sorted({case for one in drawn.values() for case in one.cases} | replaced)
    wrong = [case for case in plan.replace if case not in replaced]
    if wrong:
        reasons = {
            case: "is not in the sample, so it cannot be replaced"
            if case in known.digests
            else "is not in the frame"
            for case in wrong
        }
        raise InputError(
            Problem(source, None, "--replace", f"the case {case} {reason}{did_you_mean(case, in_sample)}")
            for case, reason in reasons.items()
        )


def _fetch(records: Records, wanted_cases: set[str], known: _Known, source: str) -> tuple[CaseRecord, ...]:
    chosen = {
        record.case: record
        for record in records()
        if isinstance(record, CaseRecord) and record.case in wanted_cases
    }
    if chosen.keys() != wanted_cases or any(
        digest_of(r) != known.digests[case] for case, r in chosen.items()
    ):
        reason = "the case records changed while they were being read: try again"
        raise InputError([Problem(source, None, "", reason)])
    return tuple(chosen[case] for case in sorted(chosen))
