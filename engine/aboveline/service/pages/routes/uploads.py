"""Uploads: sending a file of case records, and what came of it with every problem."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import Response

from aboveline.result import RejectedRecord
from aboveline.service.guard import PageRouter
from aboveline.service.pages import urls
from aboveline.service.pages.context_of import PageNumber, desk_of, go_on, show
from aboveline.service.pages.views import uploads as views
from aboveline.service.pages.views.parts import FieldError
from aboveline.service.security.current import Caller, Writer, uploads
from aboveline.service.work import uploading
from aboveline.service.work.desk import Desk, scope_of
from aboveline.store import UnfitError
from aboveline.store import uploads as store

__all__ = ["router"]

router = PageRouter()
_NO_FILE = FieldError(field="file", text="Choose a file of case records")


@router.get(urls.UPLOADS)
def upload_list(request: Request, caller: Writer, page: PageNumber = 1) -> Response:
    """List the uploads of the caller, or everybody's to those with all areas."""
    found: list[store.Upload] = []
    after: str | None = None
    with desk_of(request).database.reading() as session:
        while True:
            some = store.page(session, scope_of(caller), caller.name, after=after, limit=1000)
            found += some.items
            after = some.after
            if after is None:
                break
    return show(request, "uploads", views.upload_list([_summary(one) for one in found], page))


@router.get(urls.UPLOAD_NEW)
def upload_form(request: Request, caller: Writer) -> Response:  # noqa: ARG001 - it says who may
    """Show the form."""
    return show(request, "upload-new", views.upload_form(_largest(desk_of(request))))


@router.post(urls.UPLOAD_NEW, dependencies=[uploads(zipped=False)])
async def upload_send(request: Request, caller: Writer) -> Response:
    """Take a file in, and lead to what came of it."""
    form = await request.form()
    label, file = form.get("label"), form.get("file")
    label = label.strip() if isinstance(label, str) else ""
    errors = [] if label else [FieldError(field="label", text="Give the upload a name")]
    if not isinstance(file, UploadFile) or not file.size:
        errors.append(_NO_FILE)
    elif not errors:
        try:
            made = await run_in_threadpool(_take_in, desk_of(request), caller, label, file.file)
            return go_on(request, urls.upload(made.id))
        except UnfitError as error:
            told = str(error)
            field = "label" if "label" in told else "file"
            errors = [FieldError(field=field, text=told[:1].upper() + told[1:])]
    return show(request, "upload-new", views.upload_form(_largest(desk_of(request)), label, errors))


@router.get(urls.UPLOADS + "/{upload_id}")
def upload_page(request: Request, upload_id: str, caller: Writer, page: PageNumber = 1) -> Response:
    """Show what came of an upload."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        made = store.get(session, scope_of(caller), caller.name, upload_id)
    return show(
        request, "upload", views.upload_page(_summary(made), _problems(desk, caller, upload_id), page)
    )


@router.get(urls.UPLOADS + "/{upload_id}/problems.csv")
def upload_problems(request: Request, upload_id: str, caller: Writer) -> Response:
    """Give every problem of an upload as CSV."""
    text = views.problems_csv(_problems(desk_of(request), caller, upload_id))
    headers = {"content-disposition": 'attachment; filename="problems.csv"'}
    return Response(text.encode(), media_type="text/csv; charset=utf-8", headers=headers)


def _take_in(desk: Desk, caller: Caller, label: str, file: BinaryIO) -> store.Upload:
    limit = desk.settings.inflated_limit_mib * 1024 * 1024
    with TemporaryDirectory(prefix="aboveline-upload-") as folder:
        path, digest = uploading.spool(file, Path(folder), limit)
        return uploading.accept(desk, desk.act(caller), scope_of(caller), label, path, digest)


def _problems(desk: Desk, caller: Caller, upload: str) -> list[RejectedRecord]:
    return [
        RejectedRecord(source="upload", line=one.line, path=one.path, reason=one.reason)
        for one in uploading.all_problems(desk, scope_of(caller), caller.name, upload)
    ]


def _summary(one: store.Upload) -> views.UploadSummary:
    return views.UploadSummary(
        id=one.id,
        label=one.label,
        state=views.UploadState.DONE,
        by=one.who,
        at=one.at,
        accepted=one.new + one.changed + one.unchanged,
        rejected=one.rejected,
    )


def _largest(desk: Desk) -> str:
    return f"{desk.settings.upload_limit_mib} MiB"
