"""What routes share: the desk, pages of lists, keys of cases, and answers that a client need not fetch twice."""

import hashlib
from typing import Annotated, Any, Literal

from fastapi import Path, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from aboveline.service.problems import ProblemError, forbidden
from aboveline.service.security.current import Caller
from aboveline.service.security.roles import Role
from aboveline.service.work.desk import Desk
from aboveline.store.paging import LARGEST_PAGE

__all__ = [
    "TAGGED",
    "Cases",
    "Id",
    "Key",
    "Limit",
    "bad_cursor",
    "desk_of",
    "has_it",
    "need_may_name",
    "tagged",
    "told",
]

Cases = Annotated[
    Literal["pseudonyms", "ids"],
    Query(description="What stands for each case: a pseudonym, or its id for those who work on cases"),
]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="How many items at most")]
Id = Annotated[str, Path(min_length=1, max_length=64)]
Key = Annotated[
    str, Path(min_length=1, max_length=256, description="The key of a case, as lists of cases give it")
]

TAGGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "It is as the client has it (`If-None-Match`)"}
}


def desk_of(request: Request) -> Desk:
    """Return what work is done with."""
    desk: Desk = request.app.state.desk
    return desk


def told(request: Request, answer: BaseModel) -> Response:
    """Answer with a model as JSON, tagged."""
    return tagged(request, answer.model_dump_json().encode(), "application/json")


def tagged(
    request: Request,
    content: bytes,
    media: str,
    *,
    headers: dict[str, str] | None = None,
    tag: str | None = None,
) -> Response:
    """Answer with some content and its tag, or with nothing but the tag to a client that has it already."""
    tag = f'"{tag or hashlib.sha256(content).hexdigest()}"'
    headers = {**(headers or {}), "etag": tag}
    if has_it(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media, headers=headers)


def has_it(request: Request, tag: str) -> bool:
    """Say whether the client says that it has what a tag stands for."""
    sent = request.headers.get("if-none-match", "")
    return tag in {one.strip().removeprefix("W/") for one in sent.split(",")} or sent.strip() == "*"


def bad_cursor() -> ProblemError:
    """Return the problem of a cursor that was never given."""
    return ProblemError(
        422, "INVALID_CURSOR", "This is no place to go on from. Use `next` of the page before."
    )


def need_may_name(caller: Caller) -> None:
    """Go on only if somebody may have the ids of cases.

    Raises:
        ProblemError: they may not.
    """
    if not caller.has(Role.WRITE, Role.JUDGE, Role.ADMIN):
        raise forbidden("You may have this with pseudonyms in place of the ids of cases.")
