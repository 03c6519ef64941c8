"""Every operation of the API as it is asked well, and in all the ways in which what is sent can be wrong.

``WELL`` has a way to ask each operation, in an order in which each finds what
it needs. ``badly`` makes the wrong ways up from the API's own description: a
canary in each part of the address, each parameter and each place of the body.
"""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2

from aboveline.rulebook import shipped_rules
from service.api import AS_OF, all_roles, audit_of, case_key, send_cases
from service.assessed import as_the_engine, assess, mine, questions
from service.canaries import Canary
from service.office import Office
from service.planted import planted_record

__all__ = ["WELL", "Walk"]

Ask = Callable[["Walk"], httpx2.Response]
LINES = "application/x-ndjson"


@dataclass
class Walk:
    """The service with a case in it that is full of canaries, and whoever asks it everything."""

    office: Office
    canary: Canary
    names: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, Any] = field(default_factory=dict)
    """What was sent well, by operation: the bad requests change it."""

    def begin(self) -> None:
        """Upload two planted cases, audit them, and have another assessor hand in their answers to the first."""
        old = json.dumps(planted_record(self.canary, "old ")).encode()
        assert 1 == send_cases(self.office, old).json()["new"]
        self.office.clock.go_on(days=2)
        records = [
            planted_record(self.canary),
            planted_record(self.canary, "erased ") | {"incomplete": ["rosh"]},
        ]
        sent = send_cases(self.office, "\n".join(map(json.dumps, records)).encode())
        assert 2 == sent.json()["new"], sent.text
        self.names = {
            "key": case_key(self.office, records[0]["case"]),
            "erased": case_key(self.office, records[1]["case"]),
            "audit_id": audit_of(self.office),
            "before": audit_of(self.office, as_of="2013-11-01"),
            "question_id": "AS-01",
            "form": "json",
            "name": self.canary.value("user name: asked"),
        }
        self.names["after"] = self.names["audit_id"]
        assess(
            self.office,
            self.names["key"],
            "ASSESSOR_1",
            every="sufficient",
            note=self.canary.value("note: first"),
        )

    def ask(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx2.Response:
        """Ask as somebody who may do everything everywhere."""
        self.office.clock.go_on(seconds=1)
        return self.office.ask(
            method, path, headers=all_roles(self.office, "ADMIN") | (headers or {}), **more
        )

    def get(self, path: str) -> httpx2.Response:
        """Ask for something."""
        return self.ask("GET", path.format(**self.names))

    def send(self, operation: str, method: str, path: str, body: Any, **more: Any) -> httpx2.Response:
        """Send JSON, and remember what."""
        self.bodies[operation] = body
        return self.ask(method, path.format(**self.names), json=body, **more)

    def lines(self, path: str, content: bytes, **headers: str) -> httpx2.Response:
        """Send lines of records."""
        return self.ask("POST", path, content=content, headers={"content-type": LINES} | headers)

    def seen(self) -> dict[str, str]:
        """Return the head that says which assessment was seen."""
        return {"if-match": self.get(mine(self.names["key"])).headers["etag"]}

    def badly(self, described: dict[str, Any], method: str, path: str) -> Iterator[httpx2.Response]:
        """Ask an operation in every wrong way there is, with a canary in it."""
        name = described["operationId"]
        seen = (
            self.seen() if any(one["name"] == "if-match" for one in described.get("parameters", ())) else {}
        )
        good = path.format(**self.names)
        body = self.bodies.get(name)
        more: dict[str, Any] = {} if body is None else {"json": body}
        for one in described.get("parameters", ()):
            said = self.canary.value(f"sent: {name} {one['in']} {one['name']}")
            match one["in"]:
                case "path":
                    yield self.ask(
                        method, path.format(**self.names | {one["name"]: said}), headers=seen, **more
                    )
                case "query":
                    yield self.ask(method, good, params={one["name"]: said}, headers=seen, **more)
                case "header":
                    yield self.ask(method, good, headers=seen | {one["name"]: said}, **more)
        value = self.canary.value(f"sent: {name}")
        yield self.ask(
            method,
            good,
            params={value: value},
            headers=seen | {"x-correlation-id": value, "user-agent": value, "referer": value},
            **more,
        )
        if "requestBody" not in described:
            return
        kinds = list(described["requestBody"]["content"])
        for content in (
            value.encode(),
            f'{{"{value}": "{value}"'.encode(),
            b"\x1f\x8b" + value.encode(),
            f'["{value}"]'.encode(),
        ):
            yield self.ask(method, good, headers=seen | {"content-type": kinds[0]}, content=content)
        yield self.ask(method, good, headers=seen | {"content-type": f"text/{value}"}, content=b"{}")
        for place, wrong in _wrong(body, value) if body is not None else ():
            assert place
            yield self.ask(method, good, headers=seen, json=wrong)


def _wrong(body: Any, value: str) -> Iterator[tuple[str, Any]]:
    """Yield a body with the value in one place after the other: as a name beside others, as each name, as each value."""
    if isinstance(body, dict):
        yield "another name", body | {value: value}
        for name, inner in body.items():
            others = {one: it for one, it in body.items() if one != name}
            yield name, others | {value: inner}
            for place, wrong in _wrong(inner, value):
                yield f"{name}.{place}", others | {name: wrong}
    elif isinstance(body, list):
        yield "another item", [*body, value]
        yield "another item", [*body, {value: value}]
    yield "value", value
    yield "value", {value: value}
    yield "value", [value]


def _judge(walk: Walk) -> httpx2.Response:
    asked = questions(walk.office, walk.names["key"], "ADMIN")
    question = next(one for one, it in asked.items() if it["engine"]["computed"] == "insufficient")
    body = {"question": question, "answer": "sufficient", "reason": walk.canary.value("reason: judgement")}
    answer = walk.send("judgeQuestion", "POST", "/v1/cases/{key}/judgements", body)
    walk.names["judgement_id"] = answer.json()["id"]
    return answer


def _act(walk: Walk) -> httpx2.Response:
    body = {
        "text": walk.canary.value("action: text"),
        "owner": walk.canary.value("action: owner"),
        "case": walk.names["key"],
        "audit": walk.names["audit_id"],
        "areas": ["*"],
    }
    answer = walk.send("addAction", "POST", "/v1/actions", body)
    walk.names["action_id"] = answer.json()["id"]
    return answer


def _change(walk: Walk) -> httpx2.Response:
    body = {
        "version": 1,
        "text": walk.canary.value("action: text again"),
        "owner": walk.canary.value("action: owner again"),
        "state": "done",
        "note": walk.canary.value("action: note"),
    }
    return walk.send("changeAction", "PUT", "/v1/actions/{action_id}", body)


def _save(walk: Walk) -> httpx2.Response:
    key = walk.names["key"]
    answers: dict[str, dict[str, str]] = as_the_engine(questions(walk.office, key, "ADMIN"))
    answers["AS-01"] = {"answer": "not_applicable", "note": walk.canary.value("note: own")}
    seen = walk.seen()
    answer = walk.ask("PATCH", mine(key), json={"answers": answers}, headers=seen)
    walk.bodies["saveOwnAssessment"] = {"answers": {"AS-01": answers["AS-01"]}}
    return answer


def _settle(walk: Walk) -> httpx2.Response:
    settled = {"AS-01": {"answer": "sufficient", "reason": walk.canary.value("reason: settled")}}
    # From the day of the answer that the record has already: one that it would outlive is refused.
    body = {"settled": settled, "holds_from": "2026-03-04"}
    return walk.send("settleCase", "POST", "/v1/cases/{key}/moderation", body)


def _upload(walk: Walk) -> httpx2.Response:
    value = walk.canary.value
    bad = {"case": value("rejected: case"), value("unknown field: name"): value("rejected: value")}
    lines = [json.dumps(bad).encode(), value("rejected: no JSON").encode()]
    answer = walk.lines(
        "/v1/uploads",
        b"\n".join(lines),
        **{"upload-label": value("label: upload"), "idempotency-key": value("sent: key")},
    )
    walk.names["upload_id"] = answer.json()["id"]
    return answer


def _look_at(walk: Walk) -> httpx2.Response:
    """Send the planted record with a canary in place of each value, one after the other: many lines, most of them wrong."""
    value = walk.canary.value("rejected: value")
    wrong = [one for _, one in _wrong(planted_record(Canary()), value) if isinstance(one, dict)]
    lines = [json.dumps(one) for one in wrong if f'"{value}":' not in json.dumps(one)]
    return walk.lines("/v1/uploads/validate", "\n".join([*lines, value]).encode())


def _grant(walk: Walk) -> httpx2.Response:
    value = walk.canary.value
    body = {"roles": [], "areas": [value("granted area: one")], "reason": value("grant reason: one")}
    return walk.send("grantAccess", "PUT", "/v1/users/{name}", body)


def _start(walk: Walk) -> httpx2.Response:
    answer = walk.send(
        "startAudit", "POST", "/v1/audits", {"as_of": AS_OF, "areas": ["*"], "standards": "report-2014"}
    )
    walk.names["waiting"] = answer.json()["id"]
    return answer


def _live(walk: Walk) -> httpx2.Response:
    record = walk.get("/v1/cases/{key}").json()["record"]
    facts = {"contact": [record["contact"][0] | {"id": walk.canary.value("fact id: live")}]}
    return walk.send("auditCase", "POST", "/v1/cases/{key}/audit", {"facts": facts})


def _draft(walk: Walk) -> httpx2.Response:
    label = walk.canary.value("draft label: one")
    body = {"files": _drafted(walk), "base": "shipped", "as_of": AS_OF, "label": label}
    answer = walk.send("startImpact", "POST", "/v1/impact", body)
    walk.names["draft_id"] = answer.json()["id"]
    walk.office.work()
    return answer


def _packed(walk: Walk) -> httpx2.Response:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as folder:
        for path, text in _drafted(walk).items():
            folder.writestr(path, text)
    head = {"content-type": "application/zip"}
    answer = walk.ask(
        "POST", f"/v1/impact/zip?base=shipped&as_of={AS_OF}", content=out.getvalue(), headers=head
    )
    walk.names["waiting_draft"] = answer.json()["id"]
    return answer


def _drafted(walk: Walk) -> dict[str, str]:
    """Return a file of the shipped rules with another title, and a comment."""
    folder = shipped_rules()
    path = next(one for one in sorted(folder.rglob("AS-01-*.yaml")) if ".cases." not in one.name)
    text = re.sub(
        r"(?m)^title: .*$",
        f"title: {walk.canary.value('draft: title')}",
        path.read_text(encoding="utf-8"),
        count=1,
    )
    return {path.relative_to(folder).as_posix(): f"{text}# {walk.canary.value('draft: comment')}\n"}


WELL: dict[str, Ask] = {
    "listRules": lambda walk: walk.get("/v1/rules"),
    "getRule": lambda walk: walk.get("/v1/rules/{question_id}"),
    "getRulePage": lambda walk: walk.get("/v1/rules/{question_id}/page"),
    "listCases": lambda walk: walk.get("/v1/cases"),
    "getCase": lambda walk: walk.get("/v1/cases/{key}"),
    "explainAnswer": lambda walk: walk.get("/v1/cases/{key}/questions/{question_id}/explanation"),
    "judgeQuestion": _judge,
    "auditCase": _live,
    "getJudgement": lambda walk: walk.get("/v1/judgements/{judgement_id}"),
    "listJudgements": lambda walk: walk.get("/v1/judgements"),
    "listJudgementsOfCase": lambda walk: walk.get("/v1/cases/{key}/judgements"),
    "listAssessmentQuestions": lambda walk: walk.get("/v1/cases/{key}/assessments/questions"),
    "saveOwnAssessment": _save,
    "getOwnAssessment": lambda walk: walk.get("/v1/cases/{key}/assessments/mine"),
    "submitOwnAssessment": lambda walk: walk.ask(
        "POST", f"{mine(walk.names['key'])}/submit", headers=walk.seen()
    ),
    "listOwnAssessments": lambda walk: walk.get("/v1/assessments"),
    "listAssessmentsOfCase": lambda walk: walk.get("/v1/cases/{key}/assessments"),
    "getCaseModeration": lambda walk: walk.get("/v1/cases/{key}/moderation"),
    "settleCase": _settle,
    "getModeration": lambda walk: walk.get("/v1/moderation"),
    "startAudit": _start,
    "stopAudit": lambda walk: walk.ask("POST", f"/v1/audits/{walk.names['waiting']}/stop"),
    "listAudits": lambda walk: walk.get("/v1/audits"),
    "getAudit": lambda walk: walk.get("/v1/audits/{audit_id}"),
    "getAuditResult": lambda walk: walk.get("/v1/audits/{audit_id}/result"),
    "getAuditResultAs": lambda walk: walk.get("/v1/audits/{audit_id}/result.{form}"),
    "listAuditFindings": lambda walk: walk.get("/v1/audits/{audit_id}/findings"),
    "listAuditAnswers": lambda walk: walk.get("/v1/audits/{audit_id}/answers"),
    "listAuditGaps": lambda walk: walk.get("/v1/audits/{audit_id}/gaps"),
    "listAuditRecommendations": lambda walk: walk.get("/v1/audits/{audit_id}/recommendations"),
    "getSelfView": lambda walk: walk.get("/v1/audits/{audit_id}/self-view"),
    "compareAudits": lambda walk: walk.get("/v1/comparisons/{before}/{after}"),
    "addAction": _act,
    "changeAction": _change,
    "getAction": lambda walk: walk.get("/v1/actions/{action_id}"),
    "listActions": lambda walk: walk.get("/v1/actions"),
    "uploadCases": _upload,
    "validateCases": _look_at,
    "listUploads": lambda walk: walk.get("/v1/uploads"),
    "getUpload": lambda walk: walk.get("/v1/uploads/{upload_id}"),
    "listUploadProblems": lambda walk: walk.get("/v1/uploads/{upload_id}/problems"),
    "downloadUploadProblems": lambda walk: walk.get("/v1/uploads/{upload_id}/problems.csv"),
    "startImpact": _draft,
    "startZippedImpact": _packed,
    "stopImpact": lambda walk: walk.ask("POST", f"/v1/impact/{walk.names['waiting_draft']}/stop"),
    "listImpacts": lambda walk: walk.get("/v1/impact"),
    "getImpact": lambda walk: walk.get("/v1/impact/{draft_id}"),
    "getImpactFiles": lambda walk: walk.get("/v1/impact/{draft_id}/files"),
    "getImpactResult": lambda walk: walk.get("/v1/impact/{draft_id}/result"),
    "grantAccess": _grant,
    "getUser": lambda walk: walk.get("/v1/users/{name}"),
    "listUsers": lambda walk: walk.get("/v1/users"),
    "eraseCase": lambda walk: walk.ask("DELETE", f"/v1/cases/{walk.names['erased']}"),
    "countOlderCases": lambda walk: walk.get("/v1/retention?before=2026-03-04"),
    "eraseOlderCases": lambda walk: walk.send(
        "eraseOlderCases", "POST", "/v1/retention", {"before": "2026-03-04", "cases": 1}
    ),
    "listTombstones": lambda walk: walk.get("/v1/retention/tombstones"),
    "verifyTrail": lambda walk: walk.get("/v1/trail/verification"),
    "listTrail": lambda walk: walk.get("/v1/trail?limit=1000"),
}
"""How to ask each operation so that it does what it is for, in order: each by its name in the description."""
