"""Pages for anybody, signed in or not: cookies, accessibility, and the one after signing out."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from aboveline.service.admission import Guard
from aboveline.service.guard import PageRouter
from aboveline.service.pages import urls
from aboveline.service.pages.context import Site
from aboveline.service.pages.context_of import show
from aboveline.service.pages.views import plain
from aboveline.service.security.current import is_open

__all__ = ["router"]

router = PageRouter(dependencies=[is_open("tells of the service, and of no case")])


@router.get(urls.COOKIES)
async def cookies_page(request: Request) -> Response:
    """Name the cookies."""
    guard: Guard = request.app.state.guard
    settings = guard.settings
    session = guard.sessions.cookie
    kept = f"until you sign out, close the browser, or do nothing for {settings.session_idle_minutes} minutes; {settings.session_hours} hours at most"
    return await _show(
        request, "cookies", plain.cookies(session, f"{session}-sign-in", f"{session}-done", kept)
    )


@router.get(urls.ACCESSIBILITY)
async def accessibility_page(request: Request) -> Response:
    """Show the accessibility statement."""
    site = getattr(request.app.state, "site", None) or Site()
    return await _show(request, "message", plain.accessibility(site.feedback))


@router.get(urls.SIGNED_OUT)
async def signed_out_page(request: Request) -> Response:
    """Say that somebody is signed out."""
    return show(request, "message", plain.signed_out())


async def _show(request: Request, template: str, view: Any) -> Response:
    guard: Guard = request.app.state.guard
    return show(request, template, view, caller=await guard.known(request))
