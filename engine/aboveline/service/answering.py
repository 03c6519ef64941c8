"""What becomes an answer when a request goes wrong: every error leaves by here, in one shape."""

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from aboveline.problems import InputError
from aboveline.store import BusyError, ConflictError, NotFoundError, StoreError

from .guard import PageRoute
from .observing.correlation import current_correlation_id
from .ports import StoreUnavailableError
from .problems import (
    PROBLEM_JSON,
    FieldProblem,
    ProblemDocument,
    ProblemError,
    conflict,
    not_found,
    unavailable,
)

__all__ = ["ErrorPage", "answer", "answer_unexpected", "install"]

ErrorPage = Callable[[Request, ProblemDocument], Response]
"""Makes the page of an error, for browsers."""

_TELLING = ("missing", "extra_forbidden", "enum", "literal_error", "too_long", "too_short", "aboveline_")
_TELLING_ENDS = (
    "_type",
    "_parsing",
    "_too_long",
    "_too_short",
    "_mismatch",
    "_than",
    "_than_equal",
    "_equal",
)


def install(app: FastAPI) -> None:
    """Answer every error of the application in one shape."""
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(StoreUnavailableError, _of_store_away)
    app.add_exception_handler(OperationalError, _of_database)
    app.add_exception_handler(StoreError, _of_store)
    app.add_exception_handler(InputError, _of_rules)


async def _of_http(request: Request, error: Exception) -> Response:
    problem = error if isinstance(error, ProblemError) else _plain(error)
    if problem.status_code == 401 and _is_page(request) and request.method == "GET":  # noqa: PLR2004
        begin: Callable[[Request], Awaitable[Response]] | None = getattr(request.app.state, "sign_in", None)
        if begin is not None:
            try:
                return await begin(request)
            except ProblemError as unreachable:
                problem = unreachable
    return answer(request, problem)


async def _of_store_away(request: Request, _error: Exception) -> Response:
    return answer(request, unavailable("the database"))


async def _of_database(request: Request, error: Exception) -> Response:
    """Answer that the database is away, if it is: SQLite calls a mistake in our SQL by the same name."""
    cause = getattr(error, "orig", None)
    if isinstance(cause, sqlite3.Error) and cause.sqlite_errorcode == sqlite3.SQLITE_ERROR:
        raise error
    return answer(request, unavailable("the database"))


async def _of_store(request: Request, error: Exception) -> Response:
    """Answer what the store could not do. Its words are for a person, and hold nothing of what is kept."""
    if isinstance(error, NotFoundError):
        return answer(request, not_found())
    if isinstance(error, BusyError):
        return answer(request, unavailable("the database has no turn for another writer"))
    told = str(error)
    told = told[:1].upper() + told[1:] + ("" if told.endswith(".") else ".")
    if isinstance(error, ConflictError):
        return answer(request, conflict(told))
    return answer(request, ProblemError(422, "UNFIT", told))


async def _of_rules(request: Request, error: Exception) -> Response:
    """Answer that the rules cannot be used as was asked, as at a day for which a parameter has no value."""
    assert isinstance(error, InputError)  # noqa: S101 - it is registered for nothing else
    told = "; ".join(dict.fromkeys(one.reason for one in error.problems))
    return answer(request, ProblemError(422, "UNFIT", told[:1].upper() + told[1:] + "."))


async def _of_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - it is registered for nothing else
    known = _known_names(request.app)
    wrong = tuple(_field(one, known) for one in error.errors())
    return answer(
        request,
        ProblemError(
            422,
            "INVALID_REQUEST",
            "Some of what you sent cannot be used.",
            developer="; ".join(f"{one.path}: {one.reason}" for one in wrong),
            errors=wrong,
        ),
    )


def answer(request: Request, problem: ProblemError) -> Response:
    """Return a problem as a document, or as a page to a browser on a page."""
    document = problem.document(current_correlation_id())
    headers = dict(problem.headers or {})
    page: ErrorPage | None = getattr(request.app.state, "error_page", None)
    if page is not None and _is_page(request):
        response = page(request, document)
        response.status_code = document.status
        response.headers.update(headers)
        return response
    body = document.model_dump_json(exclude_defaults=False, exclude_none=True)
    return Response(body, document.status, headers, media_type=PROBLEM_JSON)


def answer_unexpected(request: Request) -> Response:
    """Return what is said of an error that nobody foresaw: nothing but where to find it in the log."""
    return answer(
        request,
        ProblemError(
            500,
            "UNEXPECTED",
            "Something went wrong here. Try again; if it happens again, report it with the correlation id.",
            developer="An unexpected error. The log has it under the correlation id.",
        ),
    )


def _plain(error: Exception) -> ProblemError:
    """Return what the framework raised as a problem, without the words it brought."""
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for nothing else
    status = error.status_code
    if status == 404:  # noqa: PLR2004
        return not_found()
    said = {
        400: ("BAD_REQUEST", "This request cannot be read."),
        405: ("METHOD_NOT_ALLOWED", "This cannot be done here."),
        413: ("TOO_LARGE", "What you sent is too large."),
    }
    code, message = said.get(status, ("ERROR", "This request cannot be answered."))
    allowed = {name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
    return ProblemError(status, code, message, headers=allowed)


def _is_page(request: Request) -> bool:
    route = request.scope.get("route")
    if route is not None:
        return isinstance(route, PageRoute)
    return "text/html" in request.headers.get("accept", "")


def _field(error: dict[str, Any], known: frozenset[str]) -> FieldProblem:
    kind = str(error["type"])
    tells = kind.startswith(_TELLING) or kind.endswith(_TELLING_ENDS)
    path = ".".join(str(part) if isinstance(part, int) or part in known else "?" for part in error["loc"])
    return FieldProblem(path=path, code=kind, reason=str(error["msg"]) if tells else "This cannot be used.")


def _known_names(app: FastAPI) -> frozenset[str]:
    """Return every name that the API's description uses: any other one was made up by who sent it."""
    known: frozenset[str] | None = getattr(app.state, "known_names", None)
    if known is None:
        known = frozenset(_names(app.openapi())) | {"body", "query", "path", "header", "cookie"}
        app.state.known_names = known
    return known


def _names(node: object) -> Any:
    if isinstance(node, dict):
        properties = node.get("properties")
        if isinstance(properties, dict):
            yield from properties
        if isinstance(node.get("name"), str) and "in" in node:
            yield node["name"]
        for value in node.values():
            yield from _names(value)
    elif isinstance(node, list):
        for value in node:
            yield from _names(value)
