"""One case as an audit had it before it, for whoever looks behind the audit's result."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from aboveline.case import CaseRecord

from . import audits, cases, judgements
from .errors import NotFoundError
from .schema import CaseVersionRow
from .scope import AreaScope

__all__ = ["record_as_audited"]


def record_as_audited(
    session: Session, scope: AreaScope, audit: str, case: str
) -> tuple[CaseRecord, str | None]:
    """Return a case's record as an audit read it, with what had been said of it by then, and its area.

    Raises:
        NotFoundError: there is no such audit in the areas, or the case was not in it, or is erased or elsewhere now.
    """
    one = audits.get(session, scope, audit)
    cases.require(session, scope, case)
    row = session.scalars(
        select(CaseVersionRow)
        .where(CaseVersionRow.case_id == case, CaseVersionRow.seq <= one.extent.upto)
        .order_by(CaseVersionRow.version.desc())
        .limit(1)
    ).one_or_none()
    if row is None or not one.scope.includes(row.area):
        raise NotFoundError("there is no such case")
    said = judgements.of_cases(session, AreaScope.everything(), (case,), one.extent.said_upto)
    record = CaseRecord.model_validate_json(row.record)
    return judgements.added(record, said.get(case, ())), row.area
