"""Make of a request what its page needs to know of it, answer with the page, and lead on from a form."""

from enum import StrEnum
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from aboveline.service.admission import Guard
from aboveline.service.security.current import Caller, caller_of
from aboveline.service.security.headers import nonce_of
from aboveline.service.work.desk import Desk

from .context import PageContext, Site
from .rendering import render
from .views.parts import View

__all__ = ["Done", "PageNumber", "context_of", "desk_of", "go_on", "show"]

PageNumber = Annotated[int, Query(alias="page", ge=1, le=100_000)]
"""Which page of a long list is asked for."""


class Done(StrEnum):
    """What somebody has just done, as the next page tells it once."""

    ACTION = "The action plan was changed."
    ASSESSED = "Your answers were saved."
    FINISHED = "Your assessment is finished."
    ERASED = "It was erased. The trail says so."
    JUDGED = "Your answer was saved, with its reason. The audit stays as it was made; beside it stand its scores with your answer."
    MODERATED = "What you agreed was saved. It counts as an assessor's answer from the day you gave."
    OVERRIDDEN = "Your answer was saved, with its reason. Audits as at the day you gave, or later, take it."
    STOPPED = "The audit was stopped."
    NOT_TRIED = "Trying the draft was stopped."
    TRIED = "Every entry of the trail was checked."
    USER = "What this user may do was changed."


def context_of(request: Request, caller: Caller | None = None) -> PageContext:
    """Return what a page needs to know of the request that asks for it; of nobody where no caller is known."""
    caller = caller or caller_of(request)
    site = getattr(request.app.state, "site", None) or Site()
    return PageContext(
        csp_nonce=nonce_of(request),
        csrf_token=(caller.csrf_token or "") if caller else "",
        path=request.url.path,
        user=caller.name if caller else None,
        roles=frozenset(str(role) for role in caller.roles) if caller else frozenset(),
        done=_done(request),
        site=site,
    )


def desk_of(request: Request) -> Desk:
    """Return what work is done with."""
    desk: Desk = request.app.state.desk
    return desk


def show(
    request: Request, template: str, view: View, *, caller: Caller | None = None, status: int | None = None
) -> Response:
    """Answer with a page: 200, or 422 where its form has errors and no status is named."""
    context = context_of(request, caller)
    page = HTMLResponse(render(template, view, context), status_code=status or (422 if view.errors else 200))
    if context.done:
        page.delete_cookie(_cookie(request), path="/", secure=_secure(request), httponly=True, samesite="lax")
    return page


def go_on(request: Request, address: str, done: Done | None = None) -> Response:
    """Lead on to another page, which tells what was done. Addresses come from ``urls`` and not from the request."""
    response = RedirectResponse(address, 303)
    if done is not None:
        # A word of ours and nothing else: what it stands for is looked up.
        response.set_cookie(
            _cookie(request),
            done.name,
            path="/",
            secure=_secure(request),
            httponly=True,
            samesite="lax",
            max_age=60,
        )
    return response


def _done(request: Request) -> str | None:
    name = request.cookies.get(_cookie(request), "")
    return str(Done[name]) if name in Done.__members__ else None


def _secure(request: Request) -> bool:
    guard: Guard = request.app.state.guard
    return guard.settings.is_production


def _cookie(request: Request) -> str:
    return "__Host-aboveline-done" if _secure(request) else "aboveline-done"
