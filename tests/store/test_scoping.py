"""Nothing that tells of cases can be asked for without saying whose areas."""

import inspect
import pkgutil
from importlib import import_module

import pytest

import aboveline.store
from aboveline.store import AreaScope

NOT_OF_CASES = {
    "caseload.extent",  # how far things have come: two numbers
    "cases.last_version",  # the same
    "judgements.last_said",  # the same
    "audits.move",  # a worker's, by the id of a job's subject
    "holding",  # work that is held, of the job that a worker has
    "jobs",  # say how far work has come
    "drafts.move",  # the same
    "impacts.save",  # the same
    "impacts.erase_cases",  # retention's, which was given a scope
    "result_rows.insert_rows",  # a part of results.save
    "results.save",  # a worker's
    "results.erase_cases",  # retention's, which was given a scope
    "retention.tombstones",  # do not say which case it was
    "sessions",  # of those who signed in
    "trail",  # names no case; those of a case are found by cases.subjects
    "turns",  # locks
    "uploads.earlier",  # one's own, by a key of one's own
    "users",  # grants are what scopes are made of
}


def functions() -> list[tuple[str, inspect.Signature]]:
    """Return every public function of the store that works in a session."""
    found = []
    for module in pkgutil.iter_modules(aboveline.store.__path__):
        if module.name == "migrations":
            continue
        loaded = import_module(f"aboveline.store.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if function.__module__ != loaded.__name__ or name.startswith("_"):
                continue
            signature = inspect.signature(function)
            if {"session", "database"} & set(signature.parameters):
                found.append((f"{module.name}.{name}", signature))
    return found


def of_cases() -> list[tuple[str, inspect.Signature]]:
    """Return those that may tell of cases."""
    return [
        (name, signature)
        for name, signature in functions()
        if name not in NOT_OF_CASES and name.split(".")[0] not in NOT_OF_CASES
    ]


@pytest.mark.parametrize(("name", "signature"), of_cases(), ids=[name for name, _ in of_cases()])
def test_a_scope_is_wanted(name: str, signature: inspect.Signature) -> None:
    """It has no default, so forgetting it is an error of types and of the call."""
    scope = signature.parameters.get("scope")

    assert scope is not None, name
    assert scope.annotation is AreaScope
    assert scope.default is inspect.Parameter.empty


def test_there_are_functions_to_look_at() -> None:
    """The walk finds them, and every exception is still one."""
    names = {name for name, _ in functions()}

    assert len(names) > 50
    assert {
        "cases.get",
        "audits.page",
        "drilldown.findings",
        "actions.page",
        "moderation.moderation",
    } <= names
    assert all(one in names or any(name.startswith(f"{one}.") for name in names) for one in NOT_OF_CASES)
