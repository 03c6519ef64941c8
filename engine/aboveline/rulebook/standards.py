"""Packs of time standards: values that stand in place of parameters' own, chosen for a whole audit.

A pack is a file of ``standards/``. It names the document it follows, when that
was in force, what is wrong with it, and a value for each parameter that the
document gives a number for. What it does not name keeps its own dated value.
A pack is chosen by a person, so it holds whatever the date of the audit.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from aboveline.problems import Problem, did_you_mean, shown

from .data import Parameter, ParameterValue
from .lines import Node, yaml_files
from .reading import Reader

__all__ = ["DEFAULT_STANDARDS", "Backing", "Standards", "read_standards", "under"]

DEFAULT_STANDARDS = "report-2014"
"""The pack that is used where none is asked for. A rulebook may be without it."""


class Backing(StrEnum):
    """How far a value's source was seen."""

    SOURCED = "sourced"  # read in full, or the words were in what was read
    EXCERPT = "excerpt"  # the number was in an excerpt, and the whole was not read
    OUR_READING = "our_reading"  # nobody but us has said so; the source says what from


@dataclass(frozen=True)
class Standards:
    """A pack. ``end`` is the last day that it was in force, none where it still is."""

    name: str
    title: str
    description: str
    start: dt.date
    end: dt.date | None
    caveats: tuple[str, ...]
    values: Mapping[str, ParameterValue]
    path: str

    def in_force(self, date: dt.date) -> bool:
        """Tell whether the standards were in force on a date."""
        return self.start <= date and (self.end is None or date <= self.end)


def read_standards(
    folder: Path, parameters: Mapping[str, Parameter], problems: list[Problem]
) -> dict[str, Standards]:
    """Read every pack of ``standards/``, held to the parameters that there are."""
    return {
        path.stem: _pack(path.stem, root, parameters, Reader(shown(path), problems))
        for path, root in yaml_files(folder / "standards", problems)
    }


def under(pack: Standards, parameters: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """Return the parameters with the values of a pack in place of their own."""
    return {name: replace(one, pinned=pack.values.get(name)) for name, one in parameters.items()}


def _pack(name: str, root: Node, parameters: Mapping[str, Parameter], reader: Reader) -> Standards:
    keys = {"title": True, "description": True, "in_force": True, "caveats": True, "values": True}
    part = reader.mapping(root, "", keys)
    start, end = _in_force(part.get("in_force"), reader)
    return Standards(
        name=name,
        title=reader.text(part.get("title"), "title"),
        description=reader.text(part.get("description"), "description"),
        start=start,
        end=end,
        caveats=reader.texts(part.get("caveats"), "caveats"),
        values=_values(part.get("values"), parameters, start, reader),
        path=reader.source,
    )


def _values(
    node: Node | None, parameters: Mapping[str, Parameter], start: dt.date, reader: Reader
) -> dict[str, ParameterValue]:
    if node is None:
        return {}
    if not isinstance(node.value, dict):
        reader.problem(
            node.line, "values", "write values here, each under a parameter's name; write {} for none"
        )
        return {}
    found: dict[str, ParameterValue] = {}
    for name, entry in node.value.items():
        if name not in parameters:
            near = did_you_mean(name, parameters)
            reader.problem(node.keys[name], f"values.{name}", f"there is no parameter '{name}'{near}")
        value = _value(name, entry, parameters.get(name), start, reader)
        if value is not None:
            found[name] = value
    return found


def _in_force(node: Node | None, reader: Reader) -> tuple[dt.date, dt.date | None]:
    part = reader.mapping(node, "in_force", {"from": True, "to": False}) if node else {}
    start, end = (reader.date(part.get(key), f"in_force.{key}") for key in ("from", "to"))
    if start and end and end < start:
        reader.problem(part["to"].line, "in_force.to", "this is before 'from'")
    return start or dt.date.min, end


def _value(
    name: str, node: Node, parameter: Parameter | None, start: dt.date, reader: Reader
) -> ParameterValue | None:
    path = f"values.{name}"
    part = reader.mapping(node, path, {"value": True, "unit": True, "source": True, "backing": True})
    unit = reader.text(part.get("unit"), f"{path}.unit")
    if parameter and unit and unit != parameter.unit:
        reader.problem(
            part["unit"].line, f"{path}.unit", f"the parameter {name} is in {parameter.unit}, not {unit}"
        )
    source = reader.text(part.get("source"), f"{path}.source")
    backing = reader.member(part.get("backing"), f"{path}.backing", Backing, Backing.OUR_READING)
    value = part.get("value")
    if value is None:
        return None
    if isinstance(value.value, bool) or not isinstance(value.value, int) or value.value < 0:
        reader.problem(value.line, f"{path}.value", "write a whole number here, 0 or more")
        return None
    return ParameterValue(start, value.value, _said(source, backing))


def _said(source: str, backing: Backing) -> str:
    """Put in words how far a source was seen."""
    match backing:
        case Backing.SOURCED:
            return source
        case Backing.EXCERPT:
            return f"{source}; seen in an excerpt only"
        case Backing.OUR_READING:
            return f"our reading: {source}"
