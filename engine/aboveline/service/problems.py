"""Errors, as RFC 9457 problem documents with the members that the estate's clients read.

A route raises a ``ProblemError``, mostly by one of the functions here, and
never writes an error body itself. What is said never holds what was sent:
neither a value, nor a name that we do not know.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from pydantic import Field
from starlette.exceptions import HTTPException

from aboveline.case.base import Record

__all__ = [
    "PROBLEM_JSON",
    "FieldProblem",
    "ProblemDocument",
    "ProblemError",
    "bad_request",
    "conflict",
    "forbidden",
    "not_found",
    "precondition_failed",
    "precondition_required",
    "too_large",
    "too_many",
    "unauthenticated",
    "unavailable",
    "unsupported",
]

PROBLEM_JSON = "application/problem+json"


class FieldProblem(Record):
    """What is wrong with one part of a request."""

    path: str = Field(description="Where: `body`, `query`, `path` or `header`, and the names below it")
    code: str = Field(description="A word for programs")
    reason: str = Field(description="What is wrong, for a person")


class ProblemDocument(Record):
    """The body of every error."""

    type: str = Field(default="about:blank", description="Always `about:blank`; `errorCode` tells more")
    title: str = Field(description="The status, in words")
    status: int = Field(description="The HTTP status")
    detail: str = Field(description="What went wrong, for a person")
    errorCode: str = Field(description="A word for programs, such as NOT_FOUND")  # noqa: N815 - as clients know it
    userMessage: str = Field(description="What to tell the user")  # noqa: N815
    developerMessage: str = Field(description="What to tell who made the request")  # noqa: N815
    correlationId: str | None = Field(  # noqa: N815
        default=None, description="Quote it when asking about this error: it stands in the log"
    )
    errors: tuple[FieldProblem, ...] = Field(default=(), description="What is wrong with each part")


class ProblemError(HTTPException):
    """The request ends here, with this problem for an answer."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        developer: str | None = None,
        errors: Iterable[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, code, headers)
        self.code = code
        self.message = message
        self.developer = developer or message
        self.errors = tuple(errors)

    def document(self, correlation_id: str | None) -> ProblemDocument:
        """Return the body to answer with."""
        return ProblemDocument(
            title=HTTPStatus(self.status_code).phrase,
            status=self.status_code,
            detail=self.message,
            errorCode=self.code,
            userMessage=self.message,
            developerMessage=self.developer,
            correlationId=correlation_id,
            errors=self.errors,
        )


def bad_request(message: str, *, code: str = "BAD_REQUEST", developer: str | None = None) -> ProblemError:
    """Return the problem of a request that cannot be read."""
    return ProblemError(400, code, message, developer=developer)


def unauthenticated(reason: str = "no bearer token was sent") -> ProblemError:
    """Return the problem of not knowing who asks."""
    return ProblemError(
        401,
        "UNAUTHENTICATED",
        "Sign in to do this.",
        developer=f"A valid bearer token is needed: {reason}.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def forbidden(message: str = "You do not have permission to do this.", **more: Any) -> ProblemError:
    """Return the problem of somebody known who may not."""
    return ProblemError(403, more.pop("code", "FORBIDDEN"), message, **more)


def not_found() -> ProblemError:
    """Return the problem of what is not there, or not for this user to see: nobody can tell which."""
    return ProblemError(404, "NOT_FOUND", "This does not exist, or is not in your areas.")


def conflict(message: str, *, code: str = "CONFLICT", developer: str | None = None) -> ProblemError:
    """Return the problem of something that does not fit with what is kept."""
    return ProblemError(409, code, message, developer=developer)


def precondition_failed(message: str) -> ProblemError:
    """Return the problem of something that is not as whoever changes it has seen it."""
    return ProblemError(412, "PRECONDITION_FAILED", message)


def precondition_required(message: str) -> ProblemError:
    """Return the problem of a change that does not say what it was made from."""
    return ProblemError(428, "PRECONDITION_REQUIRED", message)


def too_large(limit: int) -> ProblemError:
    """Return the problem of a body above the limit, in bytes."""
    return ProblemError(413, "TOO_LARGE", f"What you sent is too large: at most {limit:,} bytes are taken.")


def unsupported(wanted: str) -> ProblemError:
    """Return the problem of a body of the wrong kind."""
    return ProblemError(415, "UNSUPPORTED_MEDIA_TYPE", f"Send this as {wanted}.")


def too_many(seconds: int) -> ProblemError:
    """Return the problem of asking too often."""
    return ProblemError(
        429,
        "TOO_MANY_REQUESTS",
        f"You have asked too often. Try again in {seconds} seconds.",
        headers={"Retry-After": str(seconds)},
    )


def unavailable(what: str) -> ProblemError:
    """Return the problem of something we need and cannot reach."""
    return ProblemError(
        503,
        "UNAVAILABLE",
        "The service cannot answer just now. Try again in a minute.",
        developer=f"Not available: {what}.",
        headers={"Retry-After": "60"},
    )
