"""Make changes to a copy of a case record. The copy is validated as any record is."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from aboveline.case import CaseRecord
from aboveline.case.base import Record
from aboveline.facts import Scalar

from .model import Addition, Edit

__all__ = ["changed", "recorded_value"]


def changed(
    record: CaseRecord, edits: Iterable[Edit] = (), additions: Iterable[Addition] = ()
) -> CaseRecord | None:
    """Return a copy of a record with changes made; none where no record could hold them."""
    raw: dict[str, Any] = json.loads(record.model_dump_json(exclude_defaults=True))
    for edit in edits:
        _place(raw, record, edit.kind, edit.id)[edit.field] = _plain(edit.value)
    for one in additions:
        raw.setdefault(one.kind, []).append({name: _plain(value) for name, value in one.fields.items()})
    try:
        return CaseRecord.model_validate_json(json.dumps(raw))
    except ValidationError:
        return None


def recorded_value(record: CaseRecord, kind: str, identifier: str, field: str) -> Scalar | None:
    """Return what a record holds in a field, whether or not it had happened by the date of the audit."""
    fact = next(fact for i, fact in _facts(record, kind) if i == identifier)
    value: Scalar | None = getattr(fact, field)
    return str(value) if isinstance(value, str) else value


def _facts(record: CaseRecord, kind: str) -> tuple[tuple[str, Record], ...]:
    return next(facts for of, facts in record.facts_by_kind() if of == kind)


def _place(raw: dict[str, Any], record: CaseRecord, kind: str, identifier: str) -> dict[str, Any]:
    """Return the raw fact to change. A fact without an id is known by its place."""
    if identifier == kind and not isinstance(getattr(record, kind), tuple):
        single: dict[str, Any] = raw.setdefault(kind, {})
        return single
    place = [i for i, _ in _facts(record, kind)].index(identifier)
    fact: dict[str, Any] = raw[kind][place]
    return fact


def _plain(value: Scalar) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
