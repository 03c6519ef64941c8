"""A case record with a canary in every field that people can write in, found from the record's own schema."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aboveline.case import CaseRecord
from service.canaries import Canary
from service.office import CASES

__all__ = ["CATEGORIES", "category", "free_fields", "planted_record"]

FIXTURES = Path(__file__).parents[2] / "fixtures"
ONE_CASE = {"case", "schema_version", "incomplete", "person", "area", "sentence"}
CATEGORIES = {"case": "case id", "area.ldu": "area", "area.team": "team"}
ENDS = {"reason": "reason in a record", "assessor": "assessor in a record"}


def category(where: str) -> str:
    """Return what kind of thing is planted in a place: the first part of its name."""
    return where.partition(":")[0]


def free_fields() -> dict[str, str]:
    """Return every field that can hold a name, by its path in the record, with what kind of thing that is.

    Those are strings that are not dates, not of a closed list, and not codes of
    capital letters and digits: text, and ids that a source makes up.
    """
    schema = CaseRecord.model_json_schema()
    found = {}
    for path, field in _strings(schema, schema["$defs"], ""):
        pattern = field.get("pattern", "a-z")
        if field.get("format") == "date" or "enum" in field or "const" in field or "a-z" not in pattern:
            continue
        name = path.removeprefix(".")
        if name != "incomplete[]":  # names of kinds, and no others
            found[name] = CATEGORIES.get(name) or ENDS.get(name.rpartition(".")[2], "fact id")
    return found


def planted_record(canary: Canary, which: str = "") -> dict[str, Any]:
    """Return a record of the sample with a fact of every kind, and a canary in each field where one can be.

    Raises:
        AssertionError: a field was missed, as one that is new.
    """
    record: dict[str, Any] = json.loads(CASES.read_bytes().splitlines()[1])
    for kind in CaseRecord.model_fields.keys() - ONE_CASE:
        record[kind] = record.get(kind) or [_example(kind)]
    fields = free_fields()
    ids = {
        item["id"]: canary.value(f"fact id: {which}{kind} {n}")
        for kind in CaseRecord.model_fields.keys() - ONE_CASE
        for n, item in enumerate(record[kind])
    }
    planted = set()
    for path, kind in fields.items():
        head, _, name = path.partition("[].")
        if not name:
            part, _, last = path.rpartition(".")
            (record[part] if part else record)[last] = canary.value(f"{kind}: {which}{path}")
            planted.add(path)
            continue
        for n, item in enumerate(record[head]):
            if name in ENDS:
                item[name] = canary.value(f"{kind}: {which}{path} {n}")
            elif name == "id":
                item[name] = ids[item[name]]
            else:  # the fact that it is about
                item[name] = ids.get(item.get(name, ""), canary.value(f"fact id: {which}{name} 0"))
            planted.add(path)
    assert set(fields) == planted, set(fields) - planted
    return record


def _example(kind: str) -> dict[str, Any]:
    """Return the first fact of a kind that any fixture has, under an id of its own."""
    for file in sorted(FIXTURES.rglob("*.jsonl")):
        for line in file.read_bytes().splitlines():
            if found := json.loads(line).get(kind):
                return {**found[0], "id": f"example-{kind}"}
    raise AssertionError(f"no fixture has a fact of the kind {kind}")


def _strings(node: dict[str, Any], named: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if "$ref" in node:
        yield from _strings(named[node["$ref"].rpartition("/")[2]], named, path)
    for some in ("anyOf", "allOf", "oneOf"):
        for one in node.get(some, ()):
            yield from _strings(one, named, path)
    if "items" in node:
        yield from _strings(node["items"], named, f"{path}[]")
    for name, one in node.get("properties", {}).items():
        yield from _strings(one, named, f"{path}.{name}")
    if node.get("type") == "string":
        yield path, node
