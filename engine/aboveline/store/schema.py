"""The tables.

Most are only ever added to: what holds now is the latest of what was said.
``APPEND_ONLY`` names them, and triggers of the database refuse to change a row
of theirs, whoever asks. A row that tells of a case may be deleted while that
case stands in ``erasing``, which only ``retention`` writes, within its own
transaction. The trail can never be deleted from.

What is updated in place is machinery: jobs, and sessions of those who signed in.
"""

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, MetaData, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from .types import Moment, Words

__all__ = [
    "APPEND_ONLY",
    "ActionAreaRow",
    "ActionChangeRow",
    "ActionRow",
    "AssessmentEntryRow",
    "AssessmentRow",
    "AssessmentStateRow",
    "AuditAnswerRow",
    "AuditAreaRow",
    "AuditFindingRow",
    "AuditGapRow",
    "AuditOutcomeRow",
    "AuditQuestionRow",
    "AuditResultRow",
    "AuditRow",
    "AuditStateRow",
    "Base",
    "CaseVersionRow",
    "DraftAreaRow",
    "DraftImpactRow",
    "DraftRow",
    "DraftStateRow",
    "ErasingRow",
    "GrantRow",
    "IdempotencyRow",
    "JobRow",
    "JudgementRow",
    "ModerationRow",
    "SessionRow",
    "TombstoneRow",
    "TrailRow",
    "UploadProblemRow",
    "UploadRow",
]

Sequence = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts up by itself only what it calls INTEGER."""

CASE, ID, USER, HASH = Words(64), Words(36), Words(255), Words(64)


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {dt.datetime: Moment(), str: Words()}  # noqa: RUF012 - SQLAlchemy reads it so


class TrailRow(Base):
    """An entry of the audit trail, chained to the one before."""

    __tablename__ = "trail"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime]
    who: Mapped[str] = mapped_column(USER)
    what: Mapped[str] = mapped_column(Words(64))
    subject: Mapped[str] = mapped_column(USER, index=True)
    correlation: Mapped[str] = mapped_column(Words(128))
    details: Mapped[str]
    previous: Mapped[str] = mapped_column(HASH)
    hash: Mapped[str] = mapped_column(HASH, unique=True)


class UploadRow(Base):
    """Records that came in together."""

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    at: Mapped[dt.datetime]
    who: Mapped[str] = mapped_column(USER)
    label: Mapped[str]
    digest: Mapped[str | None] = mapped_column(HASH)
    new: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]
    rejected: Mapped[int]


class UploadProblemRow(Base):
    """What was wrong with a line of an upload."""

    __tablename__ = "upload_problems"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    upload_id: Mapped[str] = mapped_column(
        ForeignKey("uploads.id", deferrable=True, initially="DEFERRED"), index=True
    )
    line: Mapped[int | None]
    path: Mapped[str]
    reason: Mapped[str]


class IdempotencyRow(Base):
    """A key that somebody sent with an upload, and what came of it."""

    __tablename__ = "idempotency"

    who: Mapped[str] = mapped_column(USER, primary_key=True)
    key: Mapped[str] = mapped_column(USER, primary_key=True)
    at: Mapped[dt.datetime]
    body: Mapped[str] = mapped_column(HASH)
    upload_id: Mapped[str] = mapped_column(ForeignKey("uploads.id", deferrable=True, initially="DEFERRED"))


class CaseVersionRow(Base):
    """A case record as it was uploaded."""

    __tablename__ = "case_versions"
    __table_args__ = (UniqueConstraint("case_id", "version"), Index("ix_case_versions_area", "area"))

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    case_id: Mapped[str] = mapped_column(CASE)
    version: Mapped[int]
    area: Mapped[str | None]
    record: Mapped[str]
    digest: Mapped[str] = mapped_column(HASH)
    upload_id: Mapped[str] = mapped_column(
        ForeignKey("uploads.id", deferrable=True, initially="DEFERRED"), index=True
    )
    at: Mapped[dt.datetime]


class AuditRow(Base):
    """An audit that somebody asked for: over what, as at when, how.

    ``upto`` and ``said_upto`` are the last case version and the last judgement
    there was then, so that it is done over the same records whenever it is done.
    """

    __tablename__ = "audits"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    at: Mapped[dt.datetime]
    who: Mapped[str] = mapped_column(USER)
    label: Mapped[str]
    as_of: Mapped[dt.date]
    options: Mapped[str]
    upto: Mapped[int] = mapped_column(BigInteger)
    said_upto: Mapped[int] = mapped_column(BigInteger)


class AuditAreaRow(Base):
    """An area that an audit is over."""

    __tablename__ = "audit_areas"

    audit_id: Mapped[str] = mapped_column(ForeignKey("audits.id"), primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)


class AuditStateRow(Base):
    """What became of an audit. The latest holds."""

    __tablename__ = "audit_states"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    audit_id: Mapped[str] = mapped_column(ForeignKey("audits.id"), index=True)
    at: Mapped[dt.datetime]
    state: Mapped[str] = mapped_column(Words(16))
    reason: Mapped[str | None]


class AuditResultRow(Base):
    """The result of an audit, as its JSON, gzipped. ``erased`` counts cases whose listing was taken out since."""

    __tablename__ = "audit_results"

    audit_id: Mapped[str] = mapped_column(ForeignKey("audits.id"), primary_key=True)
    at: Mapped[dt.datetime]
    result: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(HASH)
    rulebook: Mapped[str] = mapped_column(HASH)
    cases_hash: Mapped[str] = mapped_column(HASH)
    cases: Mapped[int]
    erased: Mapped[int]


class AuditOutcomeRow(Base):
    """The score of an outcome in an audit, over so many answers."""

    __tablename__ = "audit_outcomes"

    audit_id: Mapped[str] = mapped_column(ForeignKey("audits.id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(Words(64), primary_key=True)
    title: Mapped[str]
    place: Mapped[int]
    score: Mapped[int | None]
    low: Mapped[int | None]
    high: Mapped[int | None]
    sufficient: Mapped[int]
    n: Mapped[int]


class AuditQuestionRow(Base):
    """Where a question of an audit belongs."""

    __tablename__ = "audit_questions"

    audit_id: Mapped[str] = mapped_column(ForeignKey("audits.id"), primary_key=True)
    question: Mapped[str] = mapped_column(Words(16), primary_key=True)
    criterion: Mapped[str] = mapped_column(Words(64), primary_key=True)
    outcome: Mapped[str] = mapped_column(Words(64), primary_key=True)


class AuditAnswerRow(Base):
    """The answer to a question for a case. Not applicable is not listed."""

    __tablename__ = "audit_answers"
    __table_args__ = (
        Index("ix_audit_answers_question", "audit_id", "question", "answer", "case_id"),
        {"sqlite_with_rowid": False},  # there are many, and the key says nearly all
    )

    audit_id: Mapped[str] = mapped_column(ForeignKey("audits.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(CASE, primary_key=True)
    question: Mapped[str] = mapped_column(Words(16), primary_key=True)
    answer: Mapped[str] = mapped_column(Words(16))
    level: Mapped[str | None]


class AuditFindingRow(Base):
    """A deficiency that an audit found in a case; ``finding`` is its JSON, with the evidence."""

    __tablename__ = "audit_findings"
    __table_args__ = (
        Index("ix_audit_findings_question", "audit_id", "question"),
        Index("ix_audit_findings_deficiency", "audit_id", "deficiency"),
    )

    audit_id: Mapped[str] = mapped_column(ForeignKey("audits.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(CASE, index=True)
    question: Mapped[str] = mapped_column(Words(16))
    deficiency: Mapped[str] = mapped_column(Words(64))
    severity: Mapped[str] = mapped_column(Words(16))
    finding: Mapped[str]


class AuditGapRow(Base):
    """A question that could not be answered for a case, and what would decide it."""

    __tablename__ = "audit_gaps"
    __table_args__ = (Index("ix_audit_gaps_question", "audit_id", "question"),)

    audit_id: Mapped[str] = mapped_column(ForeignKey("audits.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(CASE, index=True)
    question: Mapped[str] = mapped_column(Words(16))
    gap: Mapped[str]


class DraftRow(Base):
    """A draft of the rules that somebody sent; ``files`` is the JSON of its files by their paths, gzipped.

    Which cases it is tried on is written down as for an audit.
    """

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    at: Mapped[dt.datetime]
    who: Mapped[str] = mapped_column(USER)
    label: Mapped[str]
    as_of: Mapped[dt.date]
    options: Mapped[str]
    upto: Mapped[int] = mapped_column(BigInteger)
    said_upto: Mapped[int] = mapped_column(BigInteger)
    files: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(HASH)


class DraftAreaRow(Base):
    """An area whose cases a draft is tried on."""

    __tablename__ = "draft_areas"

    draft_id: Mapped[str] = mapped_column(ForeignKey("drafts.id"), primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)


class DraftStateRow(Base):
    """What became of a draft. The latest holds."""

    __tablename__ = "draft_states"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    draft_id: Mapped[str] = mapped_column(ForeignKey("drafts.id"), index=True)
    at: Mapped[dt.datetime]
    state: Mapped[str] = mapped_column(Words(16))
    reason: Mapped[str | None]


class DraftImpactRow(Base):
    """What a draft would do, as its JSON, gzipped. ``erased`` counts cases whose listing was taken out since."""

    __tablename__ = "draft_impacts"

    draft_id: Mapped[str] = mapped_column(ForeignKey("drafts.id"), primary_key=True)
    at: Mapped[dt.datetime]
    impact: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(HASH)
    findings: Mapped[str]
    rulebook: Mapped[str] = mapped_column(HASH)
    cases: Mapped[int]
    erased: Mapped[int]


class JudgementRow(Base):
    """What an assessor said of a question for a case: a judgement, or an override of the computed answer.

    ``made_on`` is the day from which it holds, ``at`` when it was said, and
    ``audit_id`` the audit whose answer was judged, where it was one.
    """

    __tablename__ = "judgements"
    __table_args__ = (Index("ix_judgements_case", "case_id", "seq"),)

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    id: Mapped[str] = mapped_column(ID, unique=True)
    case_id: Mapped[str] = mapped_column(CASE)
    kind: Mapped[str] = mapped_column(Words(16))
    question: Mapped[str] = mapped_column(Words(16))
    answer: Mapped[str] = mapped_column(Words(16))
    made_on: Mapped[dt.date]
    assessor: Mapped[str] = mapped_column(USER)
    reason: Mapped[str]
    at: Mapped[dt.datetime]
    audit_id: Mapped[str | None] = mapped_column(ForeignKey("audits.id"))


class AssessmentRow(Base):
    """An assessor's own assessment of a case."""

    __tablename__ = "assessments"
    __table_args__ = (UniqueConstraint("case_id", "assessor"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str] = mapped_column(CASE)
    assessor: Mapped[str] = mapped_column(USER, index=True)
    at: Mapped[dt.datetime]


class AssessmentEntryRow(Base):
    """What an assessor put down for a question. The latest holds; without an answer it was taken back."""

    __tablename__ = "assessment_entries"
    __table_args__ = (Index("ix_assessment_entries_assessment", "assessment_id", "question", "seq"),)

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    assessment_id: Mapped[str] = mapped_column(ForeignKey("assessments.id"))
    case_id: Mapped[str] = mapped_column(CASE, index=True)
    question: Mapped[str] = mapped_column(Words(16))
    answer: Mapped[str | None] = mapped_column(Words(16))
    note: Mapped[str]
    at: Mapped[dt.datetime]


class AssessmentStateRow(Base):
    """Whether an assessment is a draft or handed in. The latest holds."""

    __tablename__ = "assessment_states"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    assessment_id: Mapped[str] = mapped_column(ForeignKey("assessments.id"), index=True)
    case_id: Mapped[str] = mapped_column(CASE, index=True)
    state: Mapped[str] = mapped_column(Words(16))
    at: Mapped[dt.datetime]


class ModerationRow(Base):
    """What was settled where two assessors differed. The latest holds."""

    __tablename__ = "moderations"
    __table_args__ = (Index("ix_moderations_case", "case_id", "question", "seq"),)

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    id: Mapped[str] = mapped_column(ID, unique=True)
    case_id: Mapped[str] = mapped_column(CASE)
    question: Mapped[str] = mapped_column(Words(16))
    answer: Mapped[str] = mapped_column(Words(16))
    reason: Mapped[str]
    moderator: Mapped[str] = mapped_column(USER)
    at: Mapped[dt.datetime]


class ActionRow(Base):
    """Something to be done: of an audit, of one case, or by itself."""

    __tablename__ = "actions"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    at: Mapped[dt.datetime]
    who: Mapped[str] = mapped_column(USER)
    audit_id: Mapped[str | None] = mapped_column(ForeignKey("audits.id"), index=True)
    recommendation: Mapped[str | None] = mapped_column(Words(64))
    case_id: Mapped[str | None] = mapped_column(CASE, index=True)


class ActionAreaRow(Base):
    """An area that an action belongs to."""

    __tablename__ = "action_areas"

    action_id: Mapped[str] = mapped_column(ForeignKey("actions.id"), primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str | None] = mapped_column(CASE, index=True)


class ActionChangeRow(Base):
    """An action as it was put, or changed. The latest holds."""

    __tablename__ = "action_changes"
    __table_args__ = (UniqueConstraint("action_id", "version"),)

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    action_id: Mapped[str] = mapped_column(ForeignKey("actions.id"))
    version: Mapped[int]
    at: Mapped[dt.datetime]
    who: Mapped[str] = mapped_column(USER)
    text: Mapped[str]
    owner: Mapped[str]
    due: Mapped[dt.date | None]
    state: Mapped[str] = mapped_column(Words(16))
    note: Mapped[str]
    case_id: Mapped[str | None] = mapped_column(CASE, index=True)


class GrantRow(Base):
    """A role or an area given to a user, or taken back. The latest of each holds."""

    __tablename__ = "grants"
    __table_args__ = (Index("ix_grants_user", "user_name", "kind", "value", "seq"),)

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    user_name: Mapped[str] = mapped_column(USER)
    kind: Mapped[str] = mapped_column(Words(8))
    value: Mapped[str]
    granted: Mapped[bool]
    at: Mapped[dt.datetime]
    who: Mapped[str] = mapped_column(USER)


class JobRow(Base):
    """Work to be done by a worker."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_state", "state", "at"), UniqueConstraint("kind", "subject"))

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    kind: Mapped[str] = mapped_column(Words(32))
    subject: Mapped[str] = mapped_column(ID)
    who: Mapped[str] = mapped_column(USER)
    correlation: Mapped[str] = mapped_column(Words(128))
    at: Mapped[dt.datetime]
    state: Mapped[str] = mapped_column(Words(16))
    attempts: Mapped[int]
    allowed: Mapped[int]
    owner: Mapped[str | None] = mapped_column(USER)
    lease_until: Mapped[dt.datetime | None]
    done: Mapped[int]
    of: Mapped[int | None]
    ended: Mapped[dt.datetime | None]
    reason: Mapped[str | None]


class ErasingRow(Base):
    """A case that is being erased: there only within the transaction that erases it."""

    __tablename__ = "erasing"

    case_id: Mapped[str] = mapped_column(CASE, primary_key=True)


class SessionRow(Base):
    """A session of somebody who signed in, under a hash of what their browser holds."""

    __tablename__ = "sessions"

    key: Mapped[str] = mapped_column(HASH, primary_key=True)
    text: Mapped[str]
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)


class TombstoneRow(Base):
    """That a case was erased, why, and how much of it; not which."""

    __tablename__ = "tombstones"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    at: Mapped[dt.datetime]
    who: Mapped[str] = mapped_column(USER)
    why: Mapped[str] = mapped_column(Words(16))
    counts: Mapped[str]


for _table in Base.metadata.tables.values():
    if "seq" in _table.c and _table.name != "trail":
        # Otherwise SQLite would give the number of a row that was erased to the next.
        _table.dialect_options["sqlite"]["autoincrement"] = True

APPEND_ONLY = frozenset(Base.metadata.tables) - {"jobs", "erasing", "sessions"}
"""Tables of which no row can be updated, nor deleted but for a case that is being erased."""
