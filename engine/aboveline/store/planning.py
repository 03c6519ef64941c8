"""Putting an action down, and changing it from the version that somebody has seen."""

from dataclasses import replace

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from . import audits, cases, trail
from .act import Act, new_id
from .actions import LONGEST_OWNER, LONGEST_TEXT, Action, Change, Plan, get
from .errors import ConflictError, NotFoundError, UnfitError
from .schema import ActionAreaRow, ActionChangeRow, ActionRow
from .scope import EVERY_AREA, AreaScope

__all__ = ["change", "put"]


def put(
    session: Session,
    act: Act,
    scope: AreaScope,
    plan: Plan,
    *,
    audit: str | None = None,
    recommendation: str | None = None,
    case: str | None = None,
    over: AreaScope | None = None,
) -> Action:
    """Put an action down: for an audit's recommendation, for a case, or for areas.

    Raises:
        NotFoundError: there is no such audit or case in the areas, or the areas are not all in the scope.
        UnfitError: it is for nothing, or its text or owner is empty or too long.
    """
    _check(plan)
    areas = _areas(session, scope, audit, case, over)
    made = new_id(act.at)
    session.execute(
        insert(ActionRow),
        [
            {
                "id": made,
                "at": act.at,
                "who": act.who,
                "audit_id": audit,
                "recommendation": recommendation,
                "case_id": case,
            }
        ],
    )
    session.execute(
        insert(ActionAreaRow), [{"action_id": made, "area": area, "case_id": case} for area in areas]
    )
    _add(session, act, made, case, Change(1, plan, "", act.at, act.who))
    trail.note(session, act, "action_put", made, audit=audit, recommendation=recommendation)
    return get(session, scope, made)


def change(
    session: Session, act: Act, scope: AreaScope, action: str, version: int, plan: Plan, note: str = ""
) -> Action:
    """Change an action from a version that somebody has seen.

    Raises:
        NotFoundError: there is no such action in the areas.
        ConflictError: somebody else changed it meanwhile.
        UnfitError: its text, its owner or the note is empty or too long.
    """
    _check(plan)
    if len(note := note.strip()) > LONGEST_TEXT:
        raise UnfitError(f"a note has at most {LONGEST_TEXT} characters")
    now = get(session, scope, action)
    if now.case is not None:
        cases.hold(session, AreaScope.everything(), now.case)
    if now.version != version:
        raise ConflictError("somebody else changed this action: look at it again")
    try:
        _add(session, act, action, now.case, Change(version + 1, plan, note, act.at, act.who))
    except IntegrityError:
        raise ConflictError("somebody else changed this action: look at it again") from None
    trail.note(session, act, "action_changed", action, version=version + 1, state=str(plan.state))
    return replace(now, version=version + 1, plan=plan, changed_at=act.at)


def _check(plan: Plan) -> None:
    if not 0 < len(plan.text.strip()) <= LONGEST_TEXT:
        raise UnfitError(f"say what is to be done, in 1 to {LONGEST_TEXT} characters")
    if not 0 < len(plan.owner.strip()) <= LONGEST_OWNER:
        raise UnfitError(f"say who is to do it, in 1 to {LONGEST_OWNER} characters")


def _areas(
    session: Session, scope: AreaScope, audit: str | None, case: str | None, over: AreaScope | None
) -> tuple[str, ...]:
    areas: set[str] = set()
    if audit is not None:
        areas.update(audits.get(session, scope, audit).areas)
    if case is not None:
        cases.hold(session, scope, case)
        areas.add(cases.get(session, scope, case).stored.area or EVERY_AREA)
    if over is not None:
        if not scope.covers(over):
            raise NotFoundError("there is no such area")
        areas.update(over.named)
    if not areas:
        raise UnfitError("say which audit, case or areas the action is for")
    return tuple(sorted(areas))


def _add(session: Session, act: Act, action: str, case: str | None, made: Change) -> None:
    session.execute(
        insert(ActionChangeRow),
        [
            {
                "action_id": action,
                "version": made.version,
                "at": act.at,
                "who": act.who,
                "text": made.plan.text.strip(),
                "owner": made.plan.owner.strip(),
                "due": made.plan.due,
                "state": str(made.plan.state),
                "note": made.note,
                "case_id": case,
            }
        ],
    )
