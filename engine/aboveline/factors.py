"""Count offending-related factors: who has them, who had work on them, who made progress.

The inspection reports each factor over the cases it was identified in, and
scores none (inspection-report-2014, O3 1.3 and table). Where its words leave
room, this is our reading:

- A case has a factor if any ``factor`` names it. That its link to offending is
  not clear does not take it out: the report counts alcohol misuse in 32 cases
  (O3 1.3) and a clear link in 27 (O2 1.10). ``linked`` has the latter.
- Interventions were sufficient where the latest one started on the factor that
  says whether it was, says so. Of several on one day, all must.
- Progress was sufficient where the latest recorded is good or some. Of several
  on one day, the worst counts.

Percentages are of all cases with the factor. What is not recorded counts for
nothing in them, and is counted beside them.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import Literal

from aboveline.case.codes import FactorName, ProgressLevel
from aboveline.facts import CaseFacts, FlatFact
from aboveline.result import FactorScore
from aboveline.scoring import percent

__all__ = ["ENOUGH", "FactorCount", "FactorTally"]

REPORTED = frozenset(FactorName) - {FactorName.FINANCE}
"""The nine factors of the report's table, listed even where no case has them. Finance is of OASys alone."""

ENOUGH = frozenset({ProgressLevel.GOOD, ProgressLevel.SOME})

FactorCount = Literal[
    "cases",
    "cases_unknown",
    "linked",
    "interventions",
    "interventions_unknown",
    "progress",
    "progress_unknown",
]


class FactorTally:
    """Counts the factors of cases, one case at a time."""

    def __init__(self) -> None:
        self._counts: dict[FactorName, Counter[FactorCount]] = defaultdict(Counter)

    def add(self, facts: CaseFacts) -> None:
        """Count the factors of one case, as at the date of its facts."""
        by_kind: dict[str, list[FlatFact]] = defaultdict(list)
        for fact in facts.facts:
            by_kind[fact.kind].append(fact)
        for factor in FactorName:
            self._counts[factor].update(_of_case(factor, by_kind, facts.incomplete))

    def add_counts(self, counts: Iterable[tuple[FactorName, FactorCount, int]]) -> None:
        """Count what is counted already: so many cases count for something of a factor."""
        for factor, count, cases in counts:
            self._counts[factor][count] += cases

    def merge(self, other: "FactorTally") -> None:
        """Count what was counted of other cases."""
        for factor, counts in other._counts.items():  # noqa: SLF001 - one of our own
            self._counts[factor].update(counts)

    def scores(self) -> tuple[FactorScore, ...]:
        """Return every factor that is reported, the most frequent first."""
        shown = (factor for factor in FactorName if factor in REPORTED or self._counts[factor]["cases"])
        return tuple(
            _score(factor, self._counts[factor])
            for factor in sorted(shown, key=lambda factor: -self._counts[factor]["cases"])
        )


def _of_case(
    factor: FactorName, by_kind: dict[str, list[FlatFact]], incomplete: frozenset[str]
) -> Iterable[FactorCount]:
    named = [fact for fact in by_kind["factor"] if fact.values["name"] == factor]
    if not named:
        if "factor" in incomplete:
            yield "cases_unknown"
        return
    yield "cases"
    if any(fact.values.get("linked_to_offending") is True for fact in named):
        yield "linked"
    sufficient = _sufficient(factor, by_kind["intervention"], held="intervention" not in incomplete)
    if sufficient is not False:
        yield "interventions" if sufficient else "interventions_unknown"
    progress = _progress(factor, by_kind["progress"])
    if progress is not False:
        yield "progress" if progress else "progress_unknown"


def _sufficient(factor: FactorName, interventions: list[FlatFact], *, held: bool) -> bool | None:
    """Tell whether work on a factor was sufficient; none where work was done and nobody recorded whether it was."""
    started = [fact for fact in interventions if "started_on" in fact.values]
    on_it = [fact for fact in started if fact.values.get("factor") == factor]
    said = _latest([fact for fact in on_it if "sufficient" in fact.values], "started_on")
    if said:
        return all(fact.values["sufficient"] for fact in said)
    unclear = on_it or any("factor" not in fact.values for fact in started)
    return None if unclear or not held else False


def _progress(factor: FactorName, entries: list[FlatFact]) -> bool | None:
    """Tell whether progress on a factor was sufficient; none where none is recorded."""
    on_it = [fact for fact in entries if fact.values.get("factor") == factor and "level" in fact.values]
    latest = _latest(on_it, "recorded_on")
    return all(fact.values["level"] in ENOUGH for fact in latest) if latest else None


def _latest(facts: list[FlatFact], field: str) -> list[FlatFact]:
    """Return the facts of the last day on which there is one."""
    days = [day for fact in facts if isinstance(day := fact.values[field], dt.date)]
    return [fact for fact in facts if fact.values[field] == max(days)]


def _score(factor: FactorName, counts: Counter[FactorCount]) -> FactorScore:
    cases = counts["cases"]

    def of_cases(count: int) -> int | None:
        return percent(Fraction(count, cases)) if cases else None

    return FactorScore(
        factor=factor,
        cases=cases,
        cases_unknown=counts["cases_unknown"],
        linked=counts["linked"],
        interventions=counts["interventions"],
        interventions_percent=of_cases(counts["interventions"]),
        interventions_unknown=counts["interventions_unknown"],
        progress=counts["progress"],
        progress_percent=of_cases(counts["progress"]),
        progress_unknown=counts["progress_unknown"],
    )
