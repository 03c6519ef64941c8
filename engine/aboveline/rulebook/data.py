"""The rulebook's data: parameters (numbers with a date and a source), code lists, and the framework.

The framework is what questions count to: outcomes, criteria, stages, and the
recommendations that their shortfall leads to.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aboveline.problems import Problem, shown

from .language import Unit
from .lines import Node, read_yaml, yaml_files
from .reading import Reader

__all__ = [
    "Advice",
    "CodeList",
    "Framework",
    "Outcome",
    "Parameter",
    "ParameterValue",
    "read_framework",
    "read_lists",
    "read_parameters",
]

NUMBER = "number"
"""The unit of a parameter that is not a length of time."""


@dataclass(frozen=True)
class ParameterValue:
    """A value in force from a date, and where it comes from."""

    start: dt.date
    value: int
    source: str


@dataclass(frozen=True)
class Parameter:
    """A number that rules mention by name. ``unit`` is a unit of time or ``number``.

    ``pinned`` is the value of the pack of standards that was chosen: it holds on any date.
    """

    name: str
    description: str
    unit: str
    values: tuple[ParameterValue, ...]
    path: str
    line: int
    pinned: ParameterValue | None = None

    def said(self, value: int) -> str:
        """Write a value with its unit: ``5 working days``, ``1 month``, ``12``."""
        if self.unit == NUMBER:
            return str(value)
        unit = self.unit.replace("_", " ")
        return f"{value} {unit.removesuffix('s') if value == 1 else unit}"

    def at(self, date: dt.date) -> ParameterValue | None:
        """Return the value in force on a date; none before the first, where none is pinned."""
        if self.pinned:
            return self.pinned
        in_force = [value for value in self.values if value.start <= date]
        return max(in_force, key=lambda value: value.start) if in_force else None


@dataclass(frozen=True)
class CodeList:
    """Codes that share a meaning. A member that ends in ``*`` stands for every code that begins so.

    Where ``others`` are given, the list is closed: a code in neither cannot be
    told to be a member or not, and counts as not recorded.
    """

    name: str
    description: str
    source: str
    members: tuple[str, ...]
    others: tuple[str, ...]
    path: str
    line: int

    def holds(self, code: str) -> bool | None:
        """Tell whether a code is a member: true, false, or none where that cannot be told."""
        if _in(code, self.members):
            return True
        return False if not self.others or _in(code, self.others) else None


@dataclass(frozen=True)
class Outcome:
    """An outcome that the inspection scores."""

    id: str
    title: str
    criteria: tuple[str, ...]


@dataclass(frozen=True)
class Advice:
    """A recommendation that an audit can make, and the questions whose shortfall leads to it."""

    id: str
    text: str
    questions: tuple[str, ...]
    path: str
    line: int


@dataclass(frozen=True)
class Framework:
    """What questions count to."""

    outcomes: Mapping[str, Outcome]
    criteria: Mapping[str, str]
    stages: Mapping[str, tuple[str, ...]]
    recommendations: Mapping[str, Advice]


def read_parameters(folder: Path, problems: list[Problem]) -> dict[str, Parameter]:
    """Read every parameter of ``parameters/``."""
    found: dict[str, Parameter] = {}
    for path, root in yaml_files(folder / "parameters", problems):
        reader = Reader(shown(path), problems)
        if not isinstance(root.value, dict):
            reader.problem(
                root.line, "", "write parameters here, each a name with description, unit and values"
            )
            continue
        for name, node in root.value.items():
            if name in found:
                reader.problem(
                    root.keys[name], name, f"this parameter is also in {found[name].path}:{found[name].line}"
                )
                continue
            found[name] = _parameter(name, node, root.keys[name], reader)
    return found


def read_lists(folder: Path, problems: list[Problem]) -> dict[str, CodeList]:
    """Read every code list of ``lists/``, a file each."""
    found: dict[str, CodeList] = {}
    for path, root in yaml_files(folder / "lists", problems):
        reader = Reader(shown(path), problems)
        keys = {
            "name": True,
            "description": True,
            "source": True,
            "caveat": False,
            "members": True,
            "others": False,
        }
        part = reader.mapping(root, "", keys)
        name = reader.text(part.get("name"), "name")
        if name in found:
            reader.problem(root.keys["name"], "name", f"this list is also in {found[name].path}")
            continue
        found[name] = CodeList(
            name=name,
            description=reader.text(part.get("description"), "description"),
            source=reader.text(part.get("source"), "source"),
            members=reader.texts(part.get("members"), "members"),
            others=reader.texts(part.get("others"), "others"),
            path=shown(path),
            line=root.line,
        )
    return found


def read_framework(folder: Path, problems: list[Problem]) -> Framework:
    """Read ``framework.yaml``."""
    path = folder / "framework.yaml"
    reader = Reader(shown(path), problems)
    if not path.is_file():
        problems.append(
            Problem(shown(path), None, "", "this file is missing: it names the outcomes, criteria and stages")
        )
        return Framework({}, {}, {}, {})
    root = read_yaml(path, problems) or Node({}, 1)
    part = reader.mapping(
        root, "", {"outcomes": True, "criteria": True, "stages": True, "recommendations": True}
    )
    criteria = _texts(part.get("criteria"), "criteria", reader)
    outcomes = {}
    for name, node in _entries(part.get("outcomes")).items():
        of = reader.mapping(node, f"outcomes.{name}", {"title": True, "criteria": True})
        title = reader.text(of.get("title"), f"outcomes.{name}.title")
        outcomes[name] = Outcome(
            name, title, _criteria(of.get("criteria"), f"outcomes.{name}.criteria", criteria, reader)
        )
    stages = {
        name: _criteria(node, f"stages.{name}", criteria, reader)
        for name, node in _entries(part.get("stages")).items()
    }
    recommendations = {
        name: _advice(name, node, reader) for name, node in _entries(part.get("recommendations")).items()
    }
    return Framework(outcomes, criteria, stages, recommendations)


def _parameter(name: str, node: Node, line: int, reader: Reader) -> Parameter:
    part = reader.mapping(node, name, {"description": True, "unit": True, "values": True})
    unit = reader.text(part.get("unit"), f"{name}.unit")
    units = [*(str(u) for u in Unit), NUMBER]
    if unit and unit not in units:
        reader.problem(part["unit"].line, f"{name}.unit", f"'{unit}' is not one of {', '.join(units)}")
    values = reader.each(part.get("values"), f"{name}.values", lambda item, at: _value(item, at, reader))
    if "values" in part and not values:
        reader.problem(
            part["values"].line, f"{name}.values", "give at least one value with from, value and source"
        )
    return Parameter(
        name, reader.text(part.get("description"), f"{name}.description"), unit, values, reader.source, line
    )


def _value(node: Node, path: str, reader: Reader) -> ParameterValue | None:
    part = reader.mapping(node, path, {"from": True, "value": True, "source": True})
    source = reader.text(part.get("source"), f"{path}.source")
    start, value = part.get("from"), part.get("value")
    if start is None or value is None:
        return None
    if not isinstance(start.value, dt.date):
        reader.problem(start.line, f"{path}.from", "write a date here, as 2013-12-02")
        return None
    if isinstance(value.value, bool) or not isinstance(value.value, int):
        reader.problem(value.line, f"{path}.value", "write a whole number here")
        return None
    return ParameterValue(start.value, value.value, source)


def _advice(name: str, node: Node, reader: Reader) -> Advice:
    path = f"recommendations.{name}"
    part = reader.mapping(node, path, {"text": True, "questions": True})
    return Advice(
        id=name,
        text=reader.text(part.get("text"), f"{path}.text"),
        questions=reader.texts(part.get("questions"), f"{path}.questions"),
        path=reader.source,
        line=node.line,
    )


def _criteria(node: Node | None, path: str, known: Mapping[str, str], reader: Reader) -> tuple[str, ...]:
    found = reader.texts(node, path)
    for name in found:
        if name not in known and node is not None:
            reader.problem(node.line, path, f"there is no criterion {name}")
    return found


def _texts(node: Node | None, path: str, reader: Reader) -> dict[str, str]:
    return {name: reader.text(inner, f"{path}.{name}") for name, inner in _entries(node).items()}


def _entries(node: Node | None) -> dict[str, Node]:
    return node.value if node is not None and isinstance(node.value, dict) else {}


def _in(code: str, entries: tuple[str, ...]) -> bool:
    return any(code.startswith(entry[:-1]) if entry.endswith("*") else code == entry for entry in entries)
