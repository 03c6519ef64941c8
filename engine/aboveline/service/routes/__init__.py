"""Routes for programs, a module for each kind of thing. Each module has a ``router`` or makes one.

A route says who may call it by its signature, sees only the caller's areas, and
raises a problem where it cannot answer::

    router = Router(prefix="/v1/cases", tags=["Cases"])


    @router.get("/{case_id}")
    async def get_case(case_id: str, caller: Reader, request: Request) -> CaseView:
        case = ...                       # from the store; areas come with it
        if case is None:
            raise not_found()
        caller.areas.need(case.area)     # 404, as if there were none
        return CaseView(...)

Names in a request or answer are those of pydantic models that forbid extras.
Whatever waits on the database is a ``def``, which runs in a thread, not an
``async def``.
"""

from . import (
    actions,
    assessments,
    audit_lists,
    audit_results,
    audits,
    cases,
    comparison,
    impact,
    judgements,
    moderation,
    retention,
    rules,
    trail,
    uploads,
    users,
)

__all__ = ["API"]

API = (
    actions.router,
    assessments.router,
    audit_lists.router,
    audit_results.router,
    audits.router,
    cases.router,
    comparison.router,
    impact.router,
    judgements.router,
    moderation.router,
    retention.router,
    rules.router,
    trail.router,
    uploads.router,
    users.router,
)
"""Every router of the API, for ``create_app``."""
