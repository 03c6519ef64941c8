"""The results that reports are made of: one of the demonstration cases, one with every part filled."""

import datetime as dt
from pathlib import Path

import pytest

from aboveline.audit import audit
from aboveline.case import read_cases
from aboveline.reports.document import build
from aboveline.reports.html import to_html
from aboveline.result import AuditResult
from aboveline.rulebook import load_rulebook
from full_result import full_result

CASES = Path(__file__).parents[2] / "fixtures" / "demonstration" / "cases.jsonl"


@pytest.fixture(scope="session")
def demonstration() -> AuditResult:
    """Return the audit of the demonstration cases."""
    return audit(read_cases([CASES]), load_rulebook(), dt.date(2013, 12, 2))


@pytest.fixture(scope="session")
def full() -> AuditResult:
    """Return a result with every part filled."""
    return full_result()


@pytest.fixture(scope="session", params=["demonstration", "full"])
def result(request: pytest.FixtureRequest) -> AuditResult:
    """Return each of the two."""
    found: AuditResult = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def page(result: AuditResult) -> str:
    """Return the result's web page."""
    return to_html(build(result))
