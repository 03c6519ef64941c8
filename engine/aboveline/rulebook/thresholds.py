"""The numbers by which an audit tells what stands out: parameters that no rule mentions, and every audit reads."""

import datetime as dt
from dataclasses import dataclass, fields

from aboveline.problems import InputError, Problem, shown

from .book import Rulebook

__all__ = ["THRESHOLDS", "Thresholds", "missing", "thresholds"]


@dataclass(frozen=True)
class Thresholds:
    """Each is a parameter of the same name. A percentage is compared as it is shown: whole, and rounded half up."""

    recommendation_below_percent: int  # a question below this leads to its recommendations
    recommendation_cases: int  # so many cases must fall short
    strength_percent: int  # a question at or above this is a strength
    improvement_below_percent: int  # a question below this is an area for improvement
    highlight_cases: int  # so many cases must have an answer for a question to be either
    highlights_most: int  # so many of each are listed for an outcome


THRESHOLDS = tuple(field.name for field in fields(Thresholds))
"""The names of the parameters."""


def thresholds(rulebook: Rulebook, as_of: dt.date) -> Thresholds:
    """Return the thresholds in force on a date.

    Raises:
        InputError: one is not in the rulebook, or has no value on that date.
    """
    problems: list[Problem] = []
    values: dict[str, int] = {}
    for name in THRESHOLDS:
        parameter = rulebook.parameters.get(name)
        in_force = parameter.at(as_of) if parameter else None
        if in_force:
            values[name] = in_force.value
        elif parameter:
            reason = (
                f"{name} has no value on {as_of}: its first is from {min(v.start for v in parameter.values)}"
            )
            problems.append(Problem(parameter.path, parameter.line, name, reason))
        else:
            problems.append(missing(rulebook, name))
    if problems:
        raise InputError(problems)
    return Thresholds(**values)


def missing(rulebook: Rulebook, name: str) -> Problem:
    """Return the problem that a rulebook lacks one of the parameters."""
    reason = "every audit reads this parameter, to tell what stands out: give it with unit number"
    return Problem(shown(rulebook.folder / "parameters"), None, name, reason)
