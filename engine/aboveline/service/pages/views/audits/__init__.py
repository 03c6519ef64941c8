"""Audits: the list, the form that starts one, one in progress, one that is done, its criteria and its questions."""

from .listing import AuditList, AuditState, AuditSummary, audit_list, state_tag
from .page import AuditPage, audit_page
from .questions import (
    CriterionPage,
    FindingShown,
    QuestionPage,
    criterion_page,
    evidence,
    question_page,
    shown_finding,
)
from .starting import AuditStart, audit_progress, audit_start

__all__ = [
    "AuditList",
    "AuditPage",
    "AuditStart",
    "AuditState",
    "AuditSummary",
    "CriterionPage",
    "FindingShown",
    "QuestionPage",
    "audit_list",
    "audit_page",
    "audit_progress",
    "audit_start",
    "criterion_page",
    "evidence",
    "question_page",
    "shown_finding",
    "state_tag",
]
