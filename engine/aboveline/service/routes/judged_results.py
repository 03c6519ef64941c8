"""An audit's files with what assessors said of its answers since."""

import hashlib
from typing import Annotated, Literal

from fastapi import Query, Request
from starlette.responses import Response

from aboveline.reports import TableName
from aboveline.service.security.current import Caller
from aboveline.service.work.desk import scope_of
from aboveline.service.work.exporting import Form, export, pseudonyms_of
from aboveline.service.work.judged import since, since_in_words, with_judgements

from .common import desk_of, need_may_name, tagged

__all__ = ["Judged", "judged_result"]

Judged = Annotated[
    Literal["as_audited", "with"],
    Query(description="The audit as it was made, or with what assessors said of its answers since"),
]


def judged_result(
    request: Request, caller: Caller, audit: str, form: Form, cases: str, table: TableName
) -> Response:
    """Answer with an audit as a file, with what was said since in its scores.

    Raises:
        NotFoundError: there is no such audit in the areas.
        ConflictError: its scores with that cannot be made within a request, and why.
        ProblemError: the caller may not have the ids of cases.
    """
    desk = desk_of(request)
    with desk.database.reading() as session:
        found = since(session, scope_of(caller), audit)
    if cases == "ids":
        need_may_name(caller)
    result = with_judgements(desk, found)
    name_of = None if cases == "ids" else pseudonyms_of(desk)
    made = export(result, form, name_of, table, judged=since_in_words(found))
    tag = hashlib.sha256(made.content).hexdigest()
    headers = {"vary": "Accept", "content-disposition": f'attachment; filename="{made.name}"'}
    return tagged(request, made.content, made.media, headers=headers, tag=tag)
