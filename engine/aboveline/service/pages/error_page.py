"""The page of an error, for browsers: what happened in words, and nothing of what was sent."""

from fastapi import Request
from starlette.responses import Response

from aboveline.service.problems import ProblemDocument

from . import urls
from .context_of import show
from .views import plain
from .views.parts import Link
from .views.plain import Message

__all__ = ["error_page"]

_NOT_FOUND, _FORBIDDEN, _TOO_MANY, _OURS = 404, 403, 429, 500


def error_page(request: Request, document: ProblemDocument) -> Response:
    """Return the page of a problem."""
    return show(request, "message", _message(document), status=document.status)


def _message(document: ProblemDocument) -> Message:
    if document.errorCode == "CSRF":
        return plain.expired()
    if document.status == _NOT_FOUND:
        return plain.not_found()
    if document.errorCode == "FORBIDDEN":
        return plain.not_allowed()
    if document.status == _TOO_MANY:
        return plain.too_many()
    if document.status >= _OURS:
        return plain.problem(document.correlationId or "none")
    title = (
        "You are not signed in"
        if document.errorCode in {"UNAUTHENTICATED", "NOT_SIGNED_IN"}
        else "This could not be done"
    )
    return Message(
        title=title,
        paragraphs=(document.userMessage, *(one.reason for one in document.errors[:1])),
        links=(Link(text="Go to the dashboard", href=urls.DASHBOARD),),
    )
