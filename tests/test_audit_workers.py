"""An audit in several processes is the same audit, and what cannot be audited is named while the others go on."""

import datetime as dt
import json
import multiprocessing
import random
import re
from collections.abc import Collection
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aboveline.audit import audit
from aboveline.backends import BackendError, DurableBackend, Match
from aboveline.breakdowns import Characteristic
from aboveline.case import CaseRecord, Rejected, read_cases
from aboveline.cli import app
from aboveline.facts import CaseFacts
from aboveline.impact import assess, assessing
from aboveline.problems import InputError, Problem
from aboveline.reports import ReportFormat, TableName, write_csv, write_report
from aboveline.result import AuditResult, FailedCase
from aboveline.rulebook import Rulebook, load_rulebook
from breaking import ALWAYS, FOLDER, Answering, Breaking
from command import run

FIXTURES = Path(__file__).parents[1] / "fixtures"
DEMONSTRATION = FIXTURES / "demonstration" / "cases.jsonl"
SAMPLE = FIXTURES / "york-and-north-yorkshire-2014" / "cases.jsonl"
AS_OF = dt.date(2013, 12, 2)
BY = (Characteristic.GENDER, Characteristic.SENTENCE)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """Return the shipped rules."""
    return load_rulebook()


@pytest.fixture(scope="module")
def records() -> list[CaseRecord | Rejected]:
    """Return the cases of two fixtures in an order of no meaning, and two records that could not be read among them."""
    found: list[CaseRecord | Rejected] = list(read_cases([DEMONSTRATION, SAMPLE]))
    found += [Rejected([Problem("c.jsonl", line, "", "this is not JSON")]) for line in (3, 9)]
    random.Random(1).shuffle(found)
    return found


@pytest.fixture(scope="module")
def whole(rulebook: Rulebook, records: list[CaseRecord | Rejected]) -> AuditResult:
    """Return the audit in one process."""
    return audit(records, rulebook, AS_OF, by=BY)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that says which cases are to break."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    return tmp_path


def without(records: list[CaseRecord | Rejected], *cases: str) -> list[CaseRecord | Rejected]:
    """Return the records but for some cases."""
    return [one for one in records if isinstance(one, Rejected) or one.case not in cases]


def names(records: list[CaseRecord | Rejected]) -> list[str]:
    """Return the ids of the cases, in order."""
    return sorted(one.case for one in records if isinstance(one, CaseRecord))


@pytest.mark.parametrize("workers", [2, 3])
def test_several_processes_give_the_same_bytes(
    rulebook: Rulebook, records: list[CaseRecord | Rejected], whole: AuditResult, workers: int
) -> None:
    """Whatever finished first: counts, breakdowns, findings, and records that could not be read; each is counted once."""
    counted = 0

    def each() -> None:
        nonlocal counted
        counted += 1

    result = audit(records, rulebook, AS_OF, by=BY, workers=workers, each=each)

    assert whole.to_json() == result.to_json()
    assert len(records) == counted


def test_answers_can_be_left_out_likewise(
    rulebook: Rulebook, records: list[CaseRecord | Rejected], whole: AuditResult
) -> None:
    """What is not wanted is not sent back."""
    result = audit(records, rulebook, AS_OF, by=BY, workers=2, keep_answers=False)

    assert whole.model_copy(update={"answers": ()}).to_json() == result.to_json()


def test_case_that_kills_its_process_once_is_audited_all_the_same(
    rulebook: Rulebook, records: list[CaseRecord | Rejected], whole: AuditResult, folder: Path
) -> None:
    """Nothing is lost, and nobody could tell from the result."""
    for case in (names(records)[0], names(records)[40]):
        (folder / case).write_text("1", encoding="ascii")

    assert whole.to_json() == audit(records, rulebook, AS_OF, by=BY, workers=2, backend=Breaking).to_json()
    assert {"0"} == {file.read_text(encoding="ascii") for file in folder.iterdir()}


def test_case_that_kills_its_process_twice_is_named_and_the_others_are_audited(
    rulebook: Rulebook, records: list[CaseRecord | Rejected], folder: Path
) -> None:
    """All but what failed is as if that case had never been there."""
    bad = [names(records)[0], names(records)[40]]
    for case in bad:
        (folder / case).write_text(str(ALWAYS), encoding="ascii")

    result = audit(records, rulebook, AS_OF, by=BY, workers=2, backend=Breaking)

    assert bad == [one.case for one in result.failed]
    assert all("ended by SIGKILL, and so did the one before it" in one.reason for one in result.failed)
    expected = audit(without(records, *bad), rulebook, AS_OF, by=BY)
    assert expected.to_json() == result.model_copy(update={"failed": ()}).to_json()
    assert "failed" in result.to_json()
    assert result.failed == AuditResult.model_validate_json(result.to_json()).failed


def test_process_that_is_killed_from_outside_loses_nothing(
    rulebook: Rulebook, records: list[CaseRecord | Rejected], whole: AuditResult
) -> None:
    """As where the system is short of memory in the middle of a run."""
    killed = 0

    def each() -> None:
        nonlocal killed
        children = multiprocessing.active_children()
        if children and not killed:
            children[0].kill()
            killed += 1

    result = audit(records, rulebook, AS_OF, by=BY, workers=2, each=each)

    assert 1 == killed
    assert whole.to_json() == result.to_json()


@pytest.mark.parametrize("workers", [1, 2])
def test_case_that_the_engine_cannot_answer_is_named_and_the_others_are_audited(
    rulebook: Rulebook, records: list[CaseRecord | Rejected], folder: Path, workers: int
) -> None:
    """An engine that fails is no reason to stop, and never an empty answer."""
    case = names(records)[3]
    (folder / case).write_text(str(ALWAYS), encoding="ascii")

    result = audit(records, rulebook, AS_OF, by=BY, workers=workers, backend=Answering)

    assert (FailedCase(case=case, reason="it failed"),) == result.failed
    expected = audit(without(records, case), rulebook, AS_OF, by=BY)
    assert expected.to_json() == result.model_copy(update={"failed": ()}).to_json()


def test_what_is_wrong_with_the_rules_is_told_before_any_process_starts(rulebook: Rulebook) -> None:
    """A parameter without a value stops an audit in several processes as it does in one."""
    with pytest.raises(InputError, match="has no value on 1999-01-01"):
        audit([], rulebook, dt.date(1999, 1, 1), workers=2)


def test_impact_of_rules_on_a_case_that_failed_is_not_told(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """Where one of two audits lacks a case, what differs does not come of the rules."""
    case = names(list(read_cases([DEMONSTRATION])))[2]
    (folder / case).write_text("1", encoding="ascii")
    monkeypatch.setattr(assessing, "audit", partial(audit, backend=Answering))
    with pytest.raises(BackendError, match=f"case {case} could not be audited: it failed"):
        assess(lambda: read_cases([DEMONSTRATION]), rulebook, rulebook, AS_OF)


# What is told


def test_failed_cases_are_told_in_every_report(whole: AuditResult) -> None:
    """Their number and their ids; where there are none, nothing is said of them."""
    result = whole.model_copy(update={"failed": (FailedCase(case="X-77", reason="the engine failed"),)})

    assert "case,reason\r\nX-77,the engine failed\r\n" == write_csv(result, TableName.FAILED)
    page = re.sub("</?span[^>]*>", "", write_report(result, ReportFormat.HTML).decode())
    assert "Cases not audited" in page
    assert "1 case could not be audited, and counts for nothing in this report: X-77." in page
    assert "Not audited" in page
    assert "the engine failed" in page
    assert (
        "ot audited"
        not in write_report(whole.model_copy(update={"rejected": ()}), ReportFormat.HTML).decode()
    )


def test_command_names_the_case_and_gives_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Like a record that could not be read: on standard error beside a result in JSON, in the table otherwise."""
    case = names(list(read_cases([DEMONSTRATION])))[2]
    matches = DurableBackend.matches

    def fail(self: DurableBackend, facts: CaseFacts) -> Collection[Match]:
        if facts.case == case:
            raise BackendError(case, "it failed")
        return matches(self, facts)

    monkeypatch.setattr(DurableBackend, "matches", fail)
    arguments = ["audit", str(DEMONSTRATION), "--as-of", "2013-12-02"]

    done = CliRunner().invoke(app, [*arguments, "--format", "json"])
    table = CliRunner().invoke(app, arguments)

    assert (2, 2) == (done.exit_code, table.exit_code)
    assert f"case {case}: not audited: it failed" in done.stderr
    assert [{"case": case, "reason": "it failed"}] == json.loads(done.stdout)["failed"]
    assert "1 case could not be audited" in table.stdout
    assert case in table.stdout


def test_command_takes_workers() -> None:
    """The same bytes with as many as there are cores as with one."""
    arguments = ("audit", DEMONSTRATION, "--as-of", "2013-12-02", "--format", "json")
    one, auto = run(*arguments), run(*arguments, "--workers", "auto")

    assert (0, one.stdout, "") == (auto.returncode, auto.stdout, auto.stderr)


@pytest.mark.parametrize("workers", ["0", "-1", "many", "1.5", ""])
def test_command_asks_for_a_number_of_workers(workers: str) -> None:
    """Anything else is refused in words."""
    done = run("audit", DEMONSTRATION, f"--workers={workers}")

    assert 2 == done.returncode
    assert "--workers takes a whole number from 1, or auto" in " ".join(done.stderr.replace("│", "").split())
