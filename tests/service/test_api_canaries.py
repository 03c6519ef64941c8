"""What is uploaded, written and sent by the API comes out of those operations that are there to tell it, and of nothing else.

The walk goes over the operations of the API's description, so one that is new
fails here until it has a way to be asked (``walking.WELL``) and, if it may tell
what people wrote, a line in ``MAY_TELL`` that says what, and why.
"""

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pypdf import PdfReader

from aboveline.reports import TableName
from aboveline.service.observing.tracing import OpenTelemetry
from aboveline.store import Database, trail
from service.canaries import Canary, Log, watched
from service.office import Office
from service.planted import category, free_fields
from service.walking import WELL, Walk

FACTS = {"case id", "fact id"}
SAID = {"assessor in a record", "reason in a record"}
PLAN = ({"action", "area", "sent"}, "the action plan, to those with its areas")
LABEL = ({"label"}, "an upload's label, to its uploader and to those with all areas")
REJECTED = (
    {"unknown field"},
    "the names of fields that no record has, to the uploader, who is to put them right",
)
JUDGED = ({"case id", "reason", "sent"}, "what assessors said of a case and why, to those with its area")
OWN = ({"case id", "note", "sent"}, "the caller's own answers and notes")
WHO = ({"case id"}, "whose assessment of which case there is, to those who judge in its area")
BOTH = (
    FACTS | {"note", "reason", "sent"},
    "two assessments handed in, beside the engine's answers, to those who judge in the case's area",
)
RESULT = (
    SAID | {"fact id", "area"},
    "what an audit found, to those with all its areas: ids of facts, and overrides with their reasons; never a case's id",
)
ACCESS = ({"user name", "granted area", "sent"}, "who may do what, to administrators")
DRAFT = ({"draft label", "sent"}, "what a draft of the rules is called, to administrators with all its areas")
MAY_TELL: dict[str, tuple[set[str], str]] = {
    "listCases": ({"case id", "area"}, "the cases of the caller's areas"),
    "getCase": (FACTS | SAID | {"area", "team"}, "the record itself, to those with its area"),
    "auditCase": (
        FACTS | SAID | {"reason", "sent"},
        "a case answered, with the facts that were sent, to those with its area",
    ),
    "explainAnswer": (FACTS | {"reason"}, "why a case has an answer, to those with its area"),
    "judgeQuestion": JUDGED,
    "getJudgement": JUDGED,
    "listJudgements": JUDGED,
    "listJudgementsOfCase": JUDGED,
    "listAssessmentQuestions": (
        FACTS | {"note", "sent"},
        "the engine's answers with their evidence beside the caller's own, to those who judge in the case's area",
    ),
    "saveOwnAssessment": OWN,
    "getOwnAssessment": OWN,
    "submitOwnAssessment": OWN,
    "listOwnAssessments": WHO,
    "listAssessmentsOfCase": WHO,
    "getModeration": WHO,
    "getCaseModeration": BOTH,
    "settleCase": BOTH,
    "getAuditResult": RESULT,
    "getAuditResultAs": RESULT,
    "listAuditFindings": (FACTS, "findings with their evidence, to those with all areas of the audit"),
    "listAuditAnswers": ({"case id"}, "which case has which answer, to those with all areas of the audit"),
    "listAuditGaps": ({"case id"}, "what a case's record lacks, to those with all areas of the audit"),
    "addAction": PLAN,
    "changeAction": PLAN,
    "getAction": PLAN,
    "listActions": PLAN,
    "uploadCases": LABEL,
    "listUploads": LABEL,
    "getUpload": LABEL,
    "listUploadProblems": REJECTED,
    "downloadUploadProblems": REJECTED,
    "startImpact": DRAFT,
    "listImpacts": DRAFT,
    "getImpact": DRAFT,
    "getImpactResult": ({"draft"}, "what the draft would do, with its titles, to the same"),
    "getImpactFiles": ({"draft"}, "the draft itself, to administrators with all its areas"),
    "grantAccess": ACCESS,
    "getUser": ACCESS,
    "listUsers": ACCESS,
    "listTrail": (ACCESS[0] | {"grant reason"}, "who changed whose access and why, to administrators"),
}
"""What an operation may tell of what people wrote, by the kinds of the places where it was planted, and why."""

FORMS = ("json", "csv", "xlsx", "html", "pdf")


@dataclass
class Walked:
    """What came of asking everything, well and badly."""

    canary: Canary
    operations: dict[str, tuple[str, str, dict[str, Any]]]
    well: dict[str, httpx2.Response]
    badly: list[tuple[str, httpx2.Response]]
    files: dict[str, httpx2.Response]
    log: Log
    metrics: str
    spans: str
    trail: str

    @property
    def answers(self) -> list[tuple[str, httpx2.Response]]:
        """Return every answer with the name of its operation."""
        return [*self.well.items(), *self.badly]

    def kinds_in(self, text: str) -> set[str]:
        """Return what kinds of planted values stand in a text."""
        return {category(where) for where in self.canary.found_in(text)}


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    """Ask every operation well, take every file, and ask every operation badly."""
    exporter = InMemorySpanExporter()
    with Database.open(f"sqlite:///{tmp_path_factory.mktemp('walked') / 'aboveline.db'}") as database:
        database.migrate()
        with watched() as log:
            with Office(database, tracing=OpenTelemetry(exporter, "1")) as office:
                walk = Walk(office, Canary())
                walk.begin()
                well = {name: ask(walk) for name, ask in WELL.items()}
                files = _files(walk)
                described = office.get("/v3/api-docs").json()["paths"]
                operations = {
                    one["operationId"]: (method.upper(), path, one)
                    for path, item in described.items()
                    for method, one in item.items()
                    if path.startswith("/v1/")
                }
                badly = [
                    (name, answer)
                    for name in WELL
                    if name in operations
                    for answer in walk.badly(operations[name][2], *operations[name][:2])
                ]
                metrics = office.get("/metrics").text
                with database.reading() as session:
                    entries = repr(trail.entries(session, limit=10_000))
            spans = "".join(one.to_json() for one in exporter.get_finished_spans())
        yield Walked(walk.canary, operations, well, badly, files, log, metrics, spans, entries)


def _files(walk: Walk) -> dict[str, httpx2.Response]:
    """Return every form of an audit's result, and every table of it, with pseudonyms and with ids."""
    wanted = [(form, "findings") for form in FORMS] + [("csv", str(table)) for table in TableName]
    return {
        f"{form} {table} {cases}": walk.get(
            f"/v1/audits/{{audit_id}}/result.{form}?cases={cases}&table={table}"
        )
        for form, table in wanted
        for cases in ("pseudonyms", "ids")
    }


def _text(form: str, content: bytes) -> str:
    """Return the words of a file."""
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    if form == "pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return content.decode()


def test_every_operation_is_walked_and_does_what_it_is_for(walked: Walked) -> None:
    """None is left out, none is made up, and each that may tell something is one that there is, with a reason."""
    assert set(walked.operations) == set(WELL) == set(walked.well)
    assert set(MAY_TELL) <= set(WELL)
    assert all(why and kinds for kinds, why in MAY_TELL.values())
    assert {} == {name: one.text for name, one in walked.well.items() if one.is_error}


def test_every_field_that_people_write_in_is_planted(walked: Walked) -> None:
    """Of a record all; of what is sent, each that is text; and every kind of place that is named below is one."""
    kinds = {category(where) for where in walked.canary.planted}

    assert set(free_fields().values()) <= kinds
    assert {kind for some, _ in MAY_TELL.values() for kind in some} <= kinds
    assert 200 < len(walked.canary.planted)


def test_operation_tells_what_it_is_there_to_tell_and_nothing_else(walked: Walked) -> None:
    """Asked well, and asked badly where it answered all the same: what stands in the table, all of it and no more."""
    told: dict[str, set[str]] = defaultdict(set)
    for name, answer in walked.answers:
        if not answer.is_error:
            told[name] |= walked.kinds_in(answer.text)

    assert {} == {
        name: (more, less)
        for name in WELL
        if (more := told[name] - MAY_TELL.get(name, (set(), ""))[0])
        | (less := MAY_TELL.get(name, (set(), ""))[0] - told[name] - {"sent"})
    }


def test_no_error_and_no_head_tells_anything(walked: Walked) -> None:
    """Every operation was asked in many wrong ways: none is an error of the server, none repeats what was sent or is kept."""
    by = defaultdict(set)
    for name, answer in walked.badly:
        by[name].add(answer.status_code)
    errors = [(name, one) for name, one in walked.badly if one.is_error]

    assert set(WELL) == set(by)
    assert 300 < len(errors)
    assert {400, 404, 412, 415, 422} <= {one.status_code for _, one in errors}
    assert [] == [name for name, one in errors if one.status_code >= 500]
    assert [] == [(name, found) for name, one in errors if (found := walked.canary.found_in(one.text))]
    assert [] == [
        (name, found)
        for name, one in [*walked.answers, *walked.files.items()]
        if (found := walked.canary.found_in(repr(one.headers.multi_items())))
    ]


def test_log_metrics_and_traces_tell_nothing(walked: Walked) -> None:
    """Though each request is in all three of them."""
    assert len(walked.answers) < len(walked.log.named("request"))
    assert "/v1/cases/{key}/assessments/mine" in walked.log.text
    assert "/v1/cases/{key}/assessments/mine" in walked.metrics
    assert "/v1/cases/{key}/assessments/mine" in walked.spans
    assert ([], [], []) == tuple(map(walked.canary.found_in, (walked.log.text, walked.metrics, walked.spans)))


def test_trail_tells_who_may_do_what_and_nothing_of_cases(walked: Walked) -> None:
    """Names of users, their areas and why they were granted; no case, no text that was written of one."""
    assert {"user name", "granted area", "grant reason", "sent"} == walked.kinds_in(walked.trail)
    assert {"grantAccess"} == {
        where.split()[1] for where in walked.canary.found_in(walked.trail) if category(where) == "sent"
    }
    assert "assessment_saved" in walked.trail
    assert "case_erased" in walked.trail


@pytest.mark.parametrize("form", FORMS)
def test_file_with_pseudonyms_has_no_id_of_a_case(walked: Walked, form: str) -> None:
    """In no form and no table; where ids are asked for they are in it, so they would be found."""
    found = {
        name: walked.kinds_in(_text(form, one.content))
        for name, one in walked.files.items()
        if name.startswith(form)
    }
    named = {name: kinds for name, kinds in found.items() if name.endswith("ids")}
    hidden = {name: kinds for name, kinds in found.items() if not name.endswith("ids")}

    assert all(one.status_code == 200 for one in walked.files.values())
    assert any("case id" in kinds for kinds in named.values())
    assert {} == {name: kinds for name, kinds in hidden.items() if not kinds <= RESULT[0]}
