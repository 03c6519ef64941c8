"""Uploads: case records as JSON Lines, sent as a stream, stored whole or not at all; or looked at and not stored."""

from collections.abc import Callable
from pathlib import Path as File
from tempfile import TemporaryDirectory
from typing import Annotated, BinaryIO, TypeVar

from fastapi import Header, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from aboveline.reports.parts import csv_text
from aboveline.service.guard import Router
from aboveline.service.models.uploads import (
    Checked,
    UploadProblems,
    UploadProblemView,
    Uploads,
    UploadView,
)
from aboveline.service.security.bodies import inflated
from aboveline.service.security.current import Caller, Writer, uploads
from aboveline.service.work import uploading
from aboveline.service.work.desk import Desk, scope_of
from aboveline.store import uploads as store

from .common import TAGGED, Id, Limit, desk_of, tagged, told

__all__ = ["router"]

router = Router(prefix="/v1/uploads", tags=["Uploads"])

Made = TypeVar("Made")

_BODY = {
    "requestBody": {
        "required": True,
        "description": "Case records as JSON Lines, one a line; with `Content-Encoding: gzip` or as a gzip file, or plain",
        "content": {
            media: {"schema": {"type": "string", "format": "binary"}}
            for media in ("application/x-ndjson", "application/jsonl", "application/gzip")
        },
    }
}
_LISTED = 10_000


@router.post(
    "",
    status_code=201,
    dependencies=[uploads()],
    openapi_extra=_BODY,
    response_model=UploadView,
    responses={
        200: {"model": UploadView, "description": "It was stored before, under the same idempotency key"}
    },
)
async def upload_cases(
    request: Request,
    caller: Writer,
    upload_label: Annotated[
        str, Header(max_length=200, description="What to call the upload; never a name of a person")
    ] = "Upload by the API",
    idempotency_key: Annotated[
        str | None,
        Header(
            max_length=200,
            pattern=r"^[\x21-\x7e]+$",
            description="Sent again with the same body, nothing is stored again; with another body it is refused",
        ),
    ] = None,
) -> Response:
    """Store case records: a version of each case that is new or has changed, and what is wrong with the others."""
    desk = desk_of(request)

    def store_it(path: File, digest: str) -> store.Upload:
        key = None if idempotency_key is None else store.Key(idempotency_key, digest)
        return uploading.accept(desk, desk.act(caller), scope_of(caller), upload_label, path, digest, key)

    made = await _received(request, desk, store_it)
    return Response(
        UploadView.of(made).model_dump_json(),
        200 if made.repeated else 201,
        {"location": f"{router.prefix}/{made.id}"},
        "application/json",
    )


@router.post("/validate", dependencies=[uploads()], openapi_extra=_BODY)
async def validate_cases(request: Request, caller: Writer) -> Checked:
    """Say what would come of an upload, with every problem of it. Nothing is stored."""
    desk = desk_of(request)

    def look(path: File, digest: str) -> uploading.Checked:
        return uploading.check(desk, desk.act(caller), scope_of(caller), path, digest, _LISTED)

    made = await _received(request, desk, look)
    return Checked(
        new=made.upload.new,
        changed=made.upload.changed,
        unchanged=made.upload.unchanged,
        rejected=made.upload.rejected,
        problems=tuple(map(UploadProblemView.of, made.problems)),
        more=made.more,
    )


@router.get("", response_model=Uploads, responses=TAGGED)
def list_uploads(
    request: Request,
    caller: Writer,
    after: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
) -> Response:
    """List the caller's uploads, or everybody's to those with all areas."""
    with desk_of(request).database.reading() as session:
        page = store.page(session, scope_of(caller), caller.name, after=after, limit=limit)
    return told(request, Uploads(items=tuple(map(UploadView.of, page.items)), next=page.after))


@router.get("/{upload_id}", response_model=UploadView, responses=TAGGED)
def get_upload(request: Request, upload_id: Id, caller: Writer) -> Response:
    """Tell what came of an upload."""
    with desk_of(request).database.reading() as session:
        return told(request, UploadView.of(store.get(session, scope_of(caller), caller.name, upload_id)))


@router.get("/{upload_id}/problems", response_model=UploadProblems, responses=TAGGED)
def list_upload_problems(
    request: Request,
    upload_id: Id,
    caller: Writer,
    after: Annotated[int | None, Query(ge=0, le=2**53)] = None,
    limit: Limit = 50,
) -> Response:
    """List what was wrong with an upload, in the order of its lines."""
    with desk_of(request).database.reading() as session:
        page = store.problems(session, scope_of(caller), caller.name, upload_id, after=after, limit=limit)
    return told(request, UploadProblems(items=tuple(map(UploadProblemView.of, page.items)), next=page.after))


@router.get(
    "/{upload_id}/problems.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **TAGGED},
)
def download_upload_problems(request: Request, upload_id: Id, caller: Writer) -> Response:
    """Give everything that was wrong with an upload as CSV."""
    text = _csv(desk_of(request), caller, upload_id)
    headers = {"content-disposition": 'attachment; filename="problems.csv"'}
    return tagged(request, text.encode(), "text/csv; charset=utf-8", headers=headers)


async def _received(request: Request, desk: Desk, then: Callable[[File, str], Made]) -> Made:
    """Write what is sent into a folder as it comes, unpack it there, do something with it, and take the folder away."""
    limit = desk.settings.inflated_limit_mib * 1024 * 1024
    encoding = request.headers.get("content-encoding", "").strip().lower()
    with TemporaryDirectory(prefix="aboveline-upload-") as name:
        folder = File(name)
        with (folder / "received").open("w+b") as received:
            async for piece in inflated(request.stream(), encoding, limit):
                await run_in_threadpool(received.write, piece)

            def go_on(source: BinaryIO) -> Made:
                return then(*uploading.spool(source, folder, limit))

            return await run_in_threadpool(go_on, received)


def _csv(desk: Desk, caller: Caller, upload: str) -> str:
    found = uploading.all_problems(desk, scope_of(caller), caller.name, upload)
    return csv_text(("line", "path", "reason"), ((one.line, one.path, one.reason) for one in found))
