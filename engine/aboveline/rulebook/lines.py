"""Read YAML with the line of everything in it.

It is YAML 1.2, in which ``yes`` and ``no`` are words. A key that stands twice
is a problem, as are anchors, aliases and tags: a rule says what it says, once.
"""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from aboveline.problems import Problem, shown

__all__ = ["Node", "read_yaml", "yaml_files"]

LARGEST_FILE = 4 * 1024 * 1024
"""Bytes that one rulebook file may take."""


@dataclass(frozen=True)
class Node:
    """A value and the line it starts on. Mappings and lists hold nodes; ``keys`` has the line of each key."""

    value: Any
    line: int
    keys: dict[str, int] = field(default_factory=dict)


def read_yaml(path: Path, problems: list[Problem]) -> Node | None:
    """Return what a YAML file holds; add to ``problems`` what is wrong with it. None where nothing can be read."""
    source = shown(path)
    try:
        if path.stat().st_size > LARGEST_FILE:
            problems.append(
                Problem(source, None, "", f"this file is larger than {LARGEST_FILE // 1024 // 1024} MiB")
            )
            return None
        text = path.read_text(encoding="utf-8")
        root = YAML(typ="safe", pure=True).compose(text)
    except UnicodeDecodeError:
        problems.append(Problem(source, None, "", "this is not UTF-8 text"))
        return None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.append(
            Problem(
                source,
                mark.line + 1 if mark else None,
                "",
                f"this is not YAML: {error.problem or error.context}",
            )
        )
        return None
    except (OSError, YAMLError, RecursionError, ValueError) as error:
        problems.append(Problem(source, None, "", f"this cannot be read as YAML: {type(error).__name__}"))
        return None
    return None if root is None else _Nodes(source, problems).node(root)


def yaml_files(folder: Path, problems: list[Problem]) -> list[tuple[Path, Node]]:
    """Return the YAML files right in a folder, by name, with what each holds; none where there is no folder."""
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    return [(path, root) for path in files if (root := read_yaml(path, problems)) is not None]


class _Nodes:
    """Turns the parser's nodes of one file into ours."""

    def __init__(self, source: str, problems: list[Problem]) -> None:
        self.source = source
        self.problems = problems
        self.seen: set[int] = set()

    def node(self, node: Any) -> Node:
        line = node.start_mark.line + 1
        if id(node) in self.seen:
            # An alias is the very node it stands for. It is not followed, so a file cannot grow by them.
            self._problem(line, "", "aliases (*name) are not used here: write it out")
            return Node(None, line)
        self.seen.add(id(node))
        if isinstance(node, MappingNode):
            return self._mapping(node)
        if isinstance(node, SequenceNode):
            return Node([self.node(item) for item in node.value], line)
        return Node(self._scalar(node), line)

    def _mapping(self, node: MappingNode) -> Node:
        found: dict[str, Node] = {}
        keys: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = str(key_node.value) if isinstance(key_node, ScalarNode) else "?"
            value = self.node(value_node)
            if key in keys:
                self._problem(line, key, f"this key stands twice; it was first on line {keys[key]}")
                continue
            keys[key] = line
            found[key] = value
        return Node(found, node.start_mark.line + 1, keys)

    def _scalar(self, node: ScalarNode) -> bool | int | float | str | dt.date | None:
        text: str = node.value
        line: int = node.start_mark.line + 1
        match str(node.tag).rsplit(":", 1)[-1]:
            case "str":
                return text
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int":
                return self._number(text, int, line)
            case "float":
                return self._number(text, float, line)
            case "timestamp":
                return self._date(text, line)
            case tag:
                self._problem(line, "", f"the tag '{tag}' is not used here")
                return None

    def _number(self, text: str, kind: type[int | float], line: int) -> int | float | None:
        try:
            return kind(text.replace("_", ""))
        except ValueError:
            self._problem(line, "", f"'{text}' is not a plain number; put it in quotes if it is a code")
            return None

    def _date(self, text: str, line: int) -> dt.date | None:
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            self._problem(line, "", f"'{text}' is not a date, as 2013-12-02")
            return None

    def _problem(self, line: int, path: str, reason: str) -> None:
        self.problems.append(Problem(self.source, line, path, reason))
