"""Every address of the pages, in one place. None holds the id of a case: a case is known by an opaque key.

A form posts to the address that shows it, but for ``audit_cancel``, ``impact_cancel``,
``assessment_finish``, ``TRAIL_VERIFY`` and ``SIGN_OUT``, which are buttons on
other pages, and the two of ``RETENTION``.
"""

from urllib.parse import quote, urlencode

__all__ = [
    "ACCESSIBILITY",
    "ACTIONS",
    "ACTION_NEW",
    "ASSETS",
    "AUDITS",
    "AUDIT_START",
    "CASES",
    "COMPARE",
    "COOKIES",
    "DASHBOARD",
    "IMPACT",
    "MODERATION",
    "RETENTION",
    "RETENTION_AGE",
    "RETENTION_CASE",
    "RULES",
    "SIGNED_OUT",
    "SIGN_IN",
    "SIGN_OUT",
    "TRAIL",
    "TRAIL_VERIFY",
    "UPLOADS",
    "UPLOAD_NEW",
    "USERS",
    "action",
    "assessment",
    "assessment_finish",
    "assessment_section",
    "asset",
    "audit",
    "audit_cancel",
    "audit_case",
    "audit_case_question",
    "audit_criterion",
    "audit_export",
    "audit_judgements",
    "audit_override",
    "audit_question",
    "audit_records",
    "audit_self_view",
    "case",
    "case_facts",
    "case_facts_of",
    "case_question",
    "cases_after",
    "comparison",
    "impact",
    "impact_cancel",
    "impact_csv",
    "impact_files",
    "impact_of_rule",
    "moderation",
    "override",
    "page_of",
    "rule",
    "upload",
    "upload_problems_csv",
    "user",
]  # fmt: skip

DASHBOARD = "/"
AUDITS = "/audits"
AUDIT_START = "/audits/start"
CASES = "/cases"
UPLOADS = "/uploads"
UPLOAD_NEW = "/uploads/new"
ACTIONS = "/actions"
ACTION_NEW = "/actions/new"
MODERATION = "/moderation"
RULES = "/rules"
COMPARE = "/compare"
IMPACT = "/impact"
TRAIL = "/trail"
TRAIL_VERIFY = "/trail/verify"
RETENTION = "/retention"
RETENTION_CASE = "/retention/case"
RETENTION_AGE = "/retention/age"
USERS = "/users"
SIGN_IN = "/login"
SIGN_OUT = "/logout"
SIGNED_OUT = "/signed-out"
COOKIES = "/cookies"
ACCESSIBILITY = "/accessibility"
ASSETS = "/assets"


def _part(text: str) -> str:
    return quote(text, safe="")


def asset(name: str) -> str:
    """Return the address of a stylesheet, script or image."""
    return f"{ASSETS}/{name}"


def page_of(address: str, number: int) -> str:
    """Return the address of a page of a long list; the first has the list's own."""
    return address if number <= 1 else f"{address}?page={number}"


def audit(audit_id: str) -> str:
    """Return the address of an audit: its progress while it runs, then its result."""
    return f"{AUDITS}/{_part(audit_id)}"


def audit_cancel(audit_id: str) -> str:
    """Return where the form that stops a running audit posts to."""
    return f"{audit(audit_id)}/cancel"


def audit_export(audit_id: str, form: str) -> str:
    """Return the address of a download: ``json``, ``csv``, ``xlsx``, ``html`` or ``pdf``."""
    return f"{audit(audit_id)}/report.{_part(form)}"


def audit_criterion(audit_id: str, criterion: str) -> str:
    """Return the address of a criterion within an audit."""
    return f"{audit(audit_id)}/criteria/{_part(criterion)}"


def audit_question(audit_id: str, question: str) -> str:
    """Return the address of a question within an audit, with its cases and findings."""
    return f"{audit(audit_id)}/questions/{_part(question)}"


def audit_case(audit_id: str, key: str) -> str:
    """Return the address of a case as an audit found it."""
    return f"{audit(audit_id)}/cases/{_part(key)}"


def audit_case_question(audit_id: str, key: str, question: str) -> str:
    """Return the address of why a question has its answer for a case in an audit."""
    return f"{audit_case(audit_id, key)}/questions/{_part(question)}"


def audit_override(audit_id: str, key: str, question: str) -> str:
    """Return the address of the form that judges the answer of an audit to a question of a case."""
    return f"{audit_case_question(audit_id, key, question)}/override"


def audit_judgements(audit_id: str) -> str:
    """Return the address of what was judged of an audit's answers since, and what its scores are with that."""
    return f"{audit(audit_id)}/judgements"


def audit_records(audit_id: str) -> str:
    """Return the address of the records of an audit with all that was said of them, as JSON Lines."""
    return f"{audit(audit_id)}/records.jsonl"


def audit_self_view(audit_id: str) -> str:
    """Return the address of assessors' answers beside those of an audit."""
    return f"{audit(audit_id)}/self-view"


def case(key: str) -> str:
    """Return the address of a case as it stands today."""
    return f"{CASES}/{_part(key)}"


def case_question(key: str, question: str) -> str:
    """Return the address of why a question has its answer for a case today."""
    return f"{case(key)}/questions/{_part(question)}"


def cases_after(key: str | None, **wanted: str | None) -> str:
    """Return the address of the list of cases after one, of those that are wanted. Ids of cases stand in it as keys."""
    query = urlencode({name: value for name, value in {**wanted, "after": key}.items() if value})
    return f"{CASES}?{query}" if query else CASES


def case_facts(key: str) -> str:
    """Return the address of the form that chooses which kind of fact is tried out on a case."""
    return f"{case(key)}/facts"


def case_facts_of(key: str, kind: str) -> str:
    """Return the address of the form for a fact of a kind, tried out on a case."""
    return f"{case_facts(key)}/{_part(kind)}"


def override(key: str, question: str) -> str:
    """Return the address of the form that puts an assessor's answer in place of the computed one."""
    return f"{case_question(key, question)}/override"


def assessment(key: str) -> str:
    """Return the address of the caller's own assessment of a case: the list of its sections."""
    return f"{case(key)}/assessment"


def assessment_section(key: str, criterion: str) -> str:
    """Return the address of the questions of a criterion, in the caller's assessment of a case."""
    return f"{assessment(key)}/{_part(criterion)}"


def assessment_finish(key: str) -> str:
    """Return where the form that closes the caller's assessment of a case posts to."""
    return f"{assessment(key)}/finish"


def moderation(key: str) -> str:
    """Return the address of two assessors' answers to a case side by side."""
    return f"{MODERATION}/{_part(key)}"


def upload(upload_id: str) -> str:
    """Return the address of an upload: its progress, then what came of it."""
    return f"{UPLOADS}/{_part(upload_id)}"


def upload_problems_csv(upload_id: str) -> str:
    """Return the address of every problem of an upload as CSV."""
    return f"{upload(upload_id)}/problems.csv"


def action(item: str) -> str:
    """Return the address of the form that changes an item of the action plan."""
    return f"{ACTIONS}/{_part(item)}"


def rule(question: str) -> str:
    """Return the address of a question's rule."""
    return f"{RULES}/{_part(question)}"


def comparison(before: str, after: str) -> str:
    """Return the address of two audits side by side."""
    return f"{COMPARE}/{_part(before)}/{_part(after)}"


def impact(draft: str) -> str:
    """Return the address of what a draft of the rules would do."""
    return f"{IMPACT}/{_part(draft)}"


def impact_cancel(draft: str) -> str:
    """Return where the form that stops a draft from being tried posts to."""
    return f"{impact(draft)}/cancel"


def impact_csv(draft: str) -> str:
    """Return the address of the cases that a draft changes, as CSV."""
    return f"{impact(draft)}/cases.csv"


def impact_files(draft: str) -> str:
    """Return the address of a draft as it was sent, as a zip."""
    return f"{impact(draft)}/draft.zip"


def impact_of_rule(question: str) -> str:
    """Return the address of the form that sends a draft, with the rule of a question in it to be changed."""
    return f"{IMPACT}?question={_part(question)}"


def user(name: str) -> str:
    """Return the address of the form with a user's roles and areas."""
    return f"{USERS}/{_part(name)}"
