"""The results that reports are made of: of the demonstration cases, of the sample, and one with every part filled."""

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

FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.fixture(scope="session")
def demonstration() -> AuditResult:
    """Return the audit of the demonstration cases."""
    return _audited("demonstration")


@pytest.fixture(scope="session")
def sample() -> AuditResult:
    """Return the audit of the sample made to the published figures."""
    return _audited("york-and-north-yorkshire-2014")


@pytest.fixture(scope="session")
def full() -> AuditResult:
    """Return a result with every part filled."""
    return full_result()


@pytest.fixture(scope="session", params=["demonstration", "sample", "full"])
def result(request: pytest.FixtureRequest) -> AuditResult:
    """Return each of the three."""
    found: AuditResult = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def page(result: AuditResult) -> str:
    """Return the result's web page."""
    return to_html(build(result))


def _audited(fixture: str) -> AuditResult:
    cases = FIXTURES / fixture / "cases.jsonl"
    return audit(read_cases([cases]), load_rulebook(), dt.date(2013, 12, 2))
