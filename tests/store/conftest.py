"""What the tests of the store share."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from aboveline.audit import audit
from aboveline.case import CaseRecord, read_cases
from aboveline.result import AuditResult
from aboveline.rulebook import Rulebook, load_rulebook
from aboveline.store import Act
from stored import act_at

ROOT = Path(__file__).parents[2]
AS_OF = dt.date(2014, 2, 28)


@pytest.fixture
def act() -> Callable[..., Act]:
    """Make acts, each a second after the other."""
    seconds = iter(range(1, 10**6))
    return lambda who="ANNA": act_at(next(seconds), who)


@pytest.fixture(scope="session")
def york() -> tuple[CaseRecord, ...]:
    """Give some cases of the invented York and North Yorkshire caseload, of more than one area."""
    paths = [ROOT / "fixtures" / "york-and-north-yorkshire-2014" / "cases.jsonl"]
    found = [one for one in read_cases(paths) if isinstance(one, CaseRecord)]
    return tuple(found[:10])


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """Give the rules that are shipped."""
    return load_rulebook()


@pytest.fixture(scope="session")
def york_result(york: tuple[CaseRecord, ...], rulebook: Rulebook) -> AuditResult:
    """Give the audit of those cases."""
    return audit(york, rulebook, AS_OF)
