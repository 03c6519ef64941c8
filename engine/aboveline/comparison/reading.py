"""Read an audit from the JSON that ``aboveline audit --format json`` wrote, and trust nothing in it that does not add up."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from aboveline import __version__
from aboveline.case import SCHEMA_VERSION
from aboveline.problems import InputError, Problem, did_you_mean, shown
from aboveline.result import AuditResult

__all__ = ["read_audit"]

MAKE_ONE = "`aboveline audit INPUT --format json --output FILE` writes one"


def read_audit(path: Path) -> AuditResult:
    """Return the audit that a file holds.

    Raises:
        InputError: there is no such file, it holds no audit, another version of
            Aboveline wrote it, or its numbers do not add up.
    """
    source = shown(path)
    value = _json(path, source)
    if not isinstance(value, dict) or not isinstance(value.get("manifest"), dict):
        raise InputError([Problem(source, None, "", f"this is JSON but not of an audit; {MAKE_ONE}")])
    schema = value["manifest"].get("schema_version")
    if schema != SCHEMA_VERSION:
        raise InputError([Problem(source, None, "manifest.schema_version", _other_version(value))])
    try:
        audit = AuditResult.model_validate_json(json.dumps(value))
    except ValidationError as error:
        details = [
            Problem(
                source,
                None,
                ".".join(str(step) for step in one["loc"]),
                one["msg"][:1].lower() + one["msg"][1:],
            )
            for one in error.errors()
        ]
        raise InputError([Problem(source, None, "", _other_version(value)), *details[:MOST]]) from error
    if audit.listings:
        reason = "this audit lists its cases in a folder beside it, and they are compared too: audit without --listings"
        raise InputError([Problem(source, None, "listings", reason)])
    wrong = [Problem(source, None, place, reason) for place, reason in _amiss(audit)]
    if wrong:
        raise InputError(wrong)
    return audit


MOST = 10
"""Problems that are told of a file with another shape: the rest are like them."""


def _json(path: Path, source: str) -> Any:
    if path.is_dir():
        raise InputError(
            [Problem(source, None, "", f"this is a folder, not the file of an audit; {MAKE_ONE}")]
        )
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError as error:
        near = (
            did_you_mean(path.name, (p.name for p in path.parent.iterdir())) if path.parent.is_dir() else ""
        )
        raise InputError([Problem(source, None, "", f"there is no such file{near}")]) from error
    except OSError as error:
        raise InputError([Problem(source, None, "", f"this cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise InputError([Problem(source, None, "", f"this is not UTF-8 text; {MAKE_ONE}")]) from error
    except json.JSONDecodeError as error:
        reason = f"this is not the JSON of an audit: {error.msg}; {MAKE_ONE}"
        raise InputError([Problem(source, error.lineno, "", reason)]) from error
    except RecursionError as error:
        raise InputError([Problem(source, None, "", "this is nested too deeply to be an audit")]) from error


def _other_version(value: dict[str, Any]) -> str:
    by = value["manifest"].get("aboveline")
    written = f"Aboveline {by}" if isinstance(by, str) else "something other than Aboveline"
    return (
        f"this was written by {written} in a form that this version ({__version__}) does not read; "
        "audit the cases again with this version"
    )


def _amiss(audit: AuditResult) -> Iterator[tuple[str, str]]:
    """Yield what does not add up: a file that was cut short or changed by hand."""
    cases = [one.case for one in audit.answers]
    if cases and len(cases) != audit.cases:
        yield "answers", f"there are answers to {len(cases)} cases, and {audit.cases} were audited"
    for case in sorted(
        {case for case in cases if cases.count(case) > 1} if len(set(cases)) < len(cases) else ()
    ):
        yield "answers", f"the case {case} stands twice"
    listed = {
        name: _count(getattr(one, name) for one in audit.answers)
        for name in ("sufficient", "insufficient", "not_assessed")
    }
    for question in audit.questions:
        counts = {name: getattr(question, name) for name in listed}
        if sum(counts.values()) + question.not_applicable != audit.cases:
            yield f"questions.{question.id}", f"its answers do not add up to the {audit.cases} cases"
        if cases and any(listed[name].get(question.id, 0) != count for name, count in counts.items()):
            yield f"questions.{question.id}", "its counts are not those of the answers listed"
    asked = {question.id for question in audit.questions}
    for question_id in sorted({name for counted in listed.values() for name in counted} - asked):
        yield "answers", f"there are answers to {question_id}, which is not among the questions"


def _count(lists: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in lists:
        for name in one:
            found[name] = found.get(name, 0) + 1
    return found
