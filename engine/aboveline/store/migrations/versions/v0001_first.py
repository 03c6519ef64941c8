"""The tables as they were first, and the triggers that keep what was written."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None

SEQ = sa.BigInteger().with_variant(sa.Integer, "sqlite")

NEVER_DELETED = (
    "trail",
    "uploads",
    "upload_problems",
    "idempotency",
    "audits",
    "audit_areas",
    "audit_states",
    "audit_outcomes",
    "audit_questions",
    "drafts",
    "draft_areas",
    "draft_states",
    "grants",
    "tombstones",
)
OF_A_CASE = (
    "case_versions",
    "audit_answers",
    "audit_findings",
    "audit_gaps",
    "judgements",
    "assessments",
    "assessment_entries",
    "assessment_states",
    "moderations",
    "actions",
    "action_areas",
    "action_changes",
)
REFUSAL = "what is kept here is added to, and never changed"


def words(length: int | None = None) -> "sa.types.TypeEngine[Any]":
    """Text in the order of its bytes."""
    collation = "C" if op.get_bind().dialect.name == "postgresql" else None
    return sa.String(length, collation=collation)


def upgrade() -> None:
    """Make everything."""
    _tables()
    _draft_tables()
    unless = {
        **dict.fromkeys(NEVER_DELETED, ""),
        **dict.fromkeys(OF_A_CASE, "exists (select 1 from erasing where case_id = old.case_id)"),
        "audit_results": "exists (select 1 from erasing)",
        "draft_impacts": "exists (select 1 from erasing)",
    }
    if op.get_bind().dialect.name == "postgresql":
        _triggers_of_postgresql(unless)
    else:
        _triggers_of_sqlite(unless)


def _triggers_of_sqlite(unless: dict[str, str]) -> None:
    for table, condition in unless.items():
        when = f"when not {condition}" if condition else ""
        op.execute(
            f"create trigger {table}_no_update before update on {table} begin select raise(abort, '{REFUSAL}'); end"
        )
        op.execute(
            f"create trigger {table}_no_delete before delete on {table} {when} begin select raise(abort, '{REFUSAL}'); end"
        )


def _triggers_of_postgresql(unless: dict[str, str]) -> None:
    op.execute(
        f"create function refuse() returns trigger language plpgsql as $$ begin raise exception '{REFUSAL}'; end $$"
    )
    for table, condition in unless.items():
        # A trigger's own condition cannot look into another table, so one that may be deleted from has its own function.
        function = "refuse"
        if condition:
            function = f"{table}_refuse_delete"
            op.execute(
                f"create function {function}() returns trigger language plpgsql as $$ begin "
                f"if {condition} then return old; end if; raise exception '{REFUSAL}'; end $$"
            )
        op.execute(
            f"create trigger {table}_no_update before update on {table} for each row execute function refuse()"
        )
        op.execute(
            f"create trigger {table}_no_delete before delete on {table} for each row execute function {function}()"
        )
        op.execute(
            f"create trigger {table}_no_truncate before truncate on {table} for each statement execute function refuse()"
        )


def _tables() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", words(36), nullable=False),
        sa.Column("case_id", words(64), nullable=False),
        sa.Column("assessor", words(255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sa.UniqueConstraint("case_id", "assessor", name=op.f("uq_assessments_case_id_assessor")),
    )
    op.create_index(op.f("ix_assessments_assessor"), "assessments", ["assessor"], unique=False)
    op.create_table(
        "audits",
        sa.Column("id", words(36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", words(255), nullable=False),
        sa.Column("label", words(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("options", words(), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("said_upto", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audits")),
    )
    op.create_table(
        "erasing",
        sa.Column("case_id", words(64), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_erasing")),
    )
    op.create_table(
        "grants",
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("user_name", words(255), nullable=False),
        sa.Column("kind", words(8), nullable=False),
        sa.Column("value", words(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", words(255), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_grants")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_grants_user", "grants", ["user_name", "kind", "value", "seq"], unique=False)
    op.create_table(
        "jobs",
        sa.Column("id", words(36), nullable=False),
        sa.Column("kind", words(32), nullable=False),
        sa.Column("subject", words(36), nullable=False),
        sa.Column("who", words(255), nullable=False),
        sa.Column("correlation", words(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", words(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("allowed", sa.Integer(), nullable=False),
        sa.Column("owner", words(255), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=True),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", words(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_jobs_kind_subject")),
    )
    op.create_index("ix_jobs_state", "jobs", ["state", "at"], unique=False)
    op.create_table(
        "judgements",
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("id", words(36), nullable=False),
        sa.Column("case_id", words(64), nullable=False),
        sa.Column("kind", words(16), nullable=False),
        sa.Column("question", words(16), nullable=False),
        sa.Column("answer", words(16), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("assessor", words(255), nullable=False),
        sa.Column("reason", words(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("audit_id", words(36), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_judgements_audit_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_judgements")),
        sa.UniqueConstraint("id", name=op.f("uq_judgements_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_judgements_case", "judgements", ["case_id", "seq"], unique=False)
    op.create_table(
        "moderations",
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("id", words(36), nullable=False),
        sa.Column("case_id", words(64), nullable=False),
        sa.Column("question", words(16), nullable=False),
        sa.Column("answer", words(16), nullable=False),
        sa.Column("reason", words(), nullable=False),
        sa.Column("moderator", words(255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_moderations")),
        sa.UniqueConstraint("id", name=op.f("uq_moderations_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_moderations_case", "moderations", ["case_id", "question", "seq"], unique=False)
    op.create_table(
        "tombstones",
        sa.Column("id", words(36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", words(255), nullable=False),
        sa.Column("why", words(16), nullable=False),
        sa.Column("counts", words(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstones")),
    )
    op.create_table(
        "trail",
        sa.Column("seq", SEQ, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", words(255), nullable=False),
        sa.Column("what", words(64), nullable=False),
        sa.Column("subject", words(255), nullable=False),
        sa.Column("correlation", words(128), nullable=False),
        sa.Column("details", words(), nullable=False),
        sa.Column("previous", words(64), nullable=False),
        sa.Column("hash", words(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_trail")),
        sa.UniqueConstraint("hash", name=op.f("uq_trail_hash")),
    )
    op.create_index(op.f("ix_trail_subject"), "trail", ["subject"], unique=False)
    op.create_table(
        "uploads",
        sa.Column("id", words(36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", words(255), nullable=False),
        sa.Column("label", words(), nullable=False),
        sa.Column("digest", words(64), nullable=True),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_table(
        "actions",
        sa.Column("id", words(36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", words(255), nullable=False),
        sa.Column("audit_id", words(36), nullable=True),
        sa.Column("recommendation", words(64), nullable=True),
        sa.Column("case_id", words(64), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_actions_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
    )
    op.create_index(op.f("ix_actions_audit_id"), "actions", ["audit_id"], unique=False)
    op.create_index(op.f("ix_actions_case_id"), "actions", ["case_id"], unique=False)
    op.create_table(
        "assessment_entries",
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("assessment_id", words(36), nullable=False),
        sa.Column("case_id", words(64), nullable=False),
        sa.Column("question", words(16), nullable=False),
        sa.Column("answer", words(16), nullable=True),
        sa.Column("note", words(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_assessment_entries_assessment_id")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_assessment_entries")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_assessment_entries_assessment",
        "assessment_entries",
        ["assessment_id", "question", "seq"],
        unique=False,
    )
    op.create_index(op.f("ix_assessment_entries_case_id"), "assessment_entries", ["case_id"], unique=False)
    op.create_table(
        "assessment_states",
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("assessment_id", words(36), nullable=False),
        sa.Column("case_id", words(64), nullable=False),
        sa.Column("state", words(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_assessment_states_assessment_id")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_assessment_states")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_assessment_states_assessment_id"), "assessment_states", ["assessment_id"], unique=False
    )
    op.create_index(op.f("ix_assessment_states_case_id"), "assessment_states", ["case_id"], unique=False)
    op.create_table(
        "audit_answers",
        sa.Column("audit_id", words(36), nullable=False),
        sa.Column("case_id", words(64), nullable=False),
        sa.Column("question", words(16), nullable=False),
        sa.Column("answer", words(16), nullable=False),
        sa.Column("level", words(), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_audit_answers_audit_id")),
        sa.PrimaryKeyConstraint("audit_id", "case_id", "question", name=op.f("pk_audit_answers")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_audit_answers_question",
        "audit_answers",
        ["audit_id", "question", "answer", "case_id"],
        unique=False,
    )
    op.create_table(
        "audit_areas",
        sa.Column("audit_id", words(36), nullable=False),
        sa.Column("area", words(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_audit_areas_audit_id")),
        sa.PrimaryKeyConstraint("audit_id", "area", name=op.f("pk_audit_areas")),
    )
    op.create_table(
        "audit_findings",
        sa.Column("audit_id", words(36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_id", words(64), nullable=False),
        sa.Column("question", words(16), nullable=False),
        sa.Column("deficiency", words(64), nullable=False),
        sa.Column("severity", words(16), nullable=False),
        sa.Column("finding", words(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_audit_findings_audit_id")),
        sa.PrimaryKeyConstraint("audit_id", "number", name=op.f("pk_audit_findings")),
    )
    op.create_index(op.f("ix_audit_findings_case_id"), "audit_findings", ["case_id"], unique=False)
    op.create_index(
        "ix_audit_findings_deficiency", "audit_findings", ["audit_id", "deficiency"], unique=False
    )
    op.create_index("ix_audit_findings_question", "audit_findings", ["audit_id", "question"], unique=False)
    op.create_table(
        "audit_gaps",
        sa.Column("audit_id", words(36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_id", words(64), nullable=False),
        sa.Column("question", words(16), nullable=False),
        sa.Column("gap", words(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_audit_gaps_audit_id")),
        sa.PrimaryKeyConstraint("audit_id", "number", name=op.f("pk_audit_gaps")),
    )
    op.create_index(op.f("ix_audit_gaps_case_id"), "audit_gaps", ["case_id"], unique=False)
    op.create_index("ix_audit_gaps_question", "audit_gaps", ["audit_id", "question"], unique=False)
    op.create_table(
        "audit_outcomes",
        sa.Column("audit_id", words(36), nullable=False),
        sa.Column("outcome", words(64), nullable=False),
        sa.Column("title", words(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("low", sa.Integer(), nullable=True),
        sa.Column("high", sa.Integer(), nullable=True),
        sa.Column("sufficient", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_audit_outcomes_audit_id")),
        sa.PrimaryKeyConstraint("audit_id", "outcome", name=op.f("pk_audit_outcomes")),
    )
    op.create_table(
        "audit_questions",
        sa.Column("audit_id", words(36), nullable=False),
        sa.Column("question", words(16), nullable=False),
        sa.Column("criterion", words(64), nullable=False),
        sa.Column("outcome", words(64), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_audit_questions_audit_id")),
        sa.PrimaryKeyConstraint(
            "audit_id", "question", "criterion", "outcome", name=op.f("pk_audit_questions")
        ),
    )
    op.create_table(
        "audit_results",
        sa.Column("audit_id", words(36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=False),
        sa.Column("digest", words(64), nullable=False),
        sa.Column("rulebook", words(64), nullable=False),
        sa.Column("cases_hash", words(64), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("erased", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_audit_results_audit_id")),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_audit_results")),
    )
    op.create_table(
        "audit_states",
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("audit_id", words(36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", words(16), nullable=False),
        sa.Column("reason", words(), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_audit_states_audit_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_states")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_states_audit_id"), "audit_states", ["audit_id"], unique=False)
    op.create_table(
        "case_versions",
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("case_id", words(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("area", words(), nullable=True),
        sa.Column("record", words(), nullable=False),
        sa.Column("digest", words(64), nullable=False),
        sa.Column("upload_id", words(36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["uploads.id"],
            name=op.f("fk_case_versions_upload_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_case_versions")),
        sa.UniqueConstraint("case_id", "version", name=op.f("uq_case_versions_case_id_version")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_versions_area", "case_versions", ["area"], unique=False)
    op.create_index(op.f("ix_case_versions_upload_id"), "case_versions", ["upload_id"], unique=False)
    op.create_table(
        "idempotency",
        sa.Column("who", words(255), nullable=False),
        sa.Column("key", words(255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", words(64), nullable=False),
        sa.Column("upload_id", words(36), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["uploads.id"],
            name=op.f("fk_idempotency_upload_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("who", "key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "upload_problems",
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("upload_id", words(36), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("path", words(), nullable=False),
        sa.Column("reason", words(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["uploads.id"],
            name=op.f("fk_upload_problems_upload_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_upload_problems")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_upload_problems_upload_id"), "upload_problems", ["upload_id"], unique=False)
    op.create_table(
        "action_areas",
        sa.Column("action_id", words(36), nullable=False),
        sa.Column("area", words(), nullable=False),
        sa.Column("case_id", words(64), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"], name=op.f("fk_action_areas_action_id")),
        sa.PrimaryKeyConstraint("action_id", "area", name=op.f("pk_action_areas")),
    )
    op.create_index(op.f("ix_action_areas_case_id"), "action_areas", ["case_id"], unique=False)
    op.create_table(
        "action_changes",
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("action_id", words(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", words(255), nullable=False),
        sa.Column("text", words(), nullable=False),
        sa.Column("owner", words(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("state", words(16), nullable=False),
        sa.Column("note", words(), nullable=False),
        sa.Column("case_id", words(64), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"], name=op.f("fk_action_changes_action_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_action_changes")),
        sa.UniqueConstraint("action_id", "version", name=op.f("uq_action_changes_action_id_version")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_action_changes_case_id"), "action_changes", ["case_id"], unique=False)


def _draft_tables() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", words(36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", words(255), nullable=False),
        sa.Column("label", words(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("options", words(), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("said_upto", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.Column("digest", words(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_table(
        "draft_areas",
        sa.Column("draft_id", words(36), nullable=False),
        sa.Column("area", words(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_draft_areas_draft_id")),
        sa.PrimaryKeyConstraint("draft_id", "area", name=op.f("pk_draft_areas")),
    )
    op.create_table(
        "draft_impacts",
        sa.Column("draft_id", words(36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("impact", sa.LargeBinary(), nullable=False),
        sa.Column("digest", words(64), nullable=False),
        sa.Column("findings", words(), nullable=False),
        sa.Column("rulebook", words(64), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("erased", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_draft_impacts_draft_id")),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_draft_impacts")),
    )
    op.create_table(
        "draft_states",
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("draft_id", words(36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", words(16), nullable=False),
        sa.Column("reason", words(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_draft_states_draft_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_draft_states")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_draft_states_draft_id"), "draft_states", ["draft_id"], unique=False)
