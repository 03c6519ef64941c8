"""What a draft of the rules would do: sending one, how far trying it has come, and what came of it."""

import io
import zipfile
from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from aboveline.problems import Problem
from aboveline.reports.impact import write_impact_csv
from aboveline.scoring import Average
from aboveline.service.guard import PageRouter
from aboveline.service.pages import urls
from aboveline.service.pages.context_of import Done, PageNumber, desk_of, go_on, show
from aboveline.service.pages.forms import day_of
from aboveline.service.pages.summaries import draft_summary_of
from aboveline.service.pages.views import impact as views
from aboveline.service.pages.views.parts import FieldError
from aboveline.service.security.current import Admin, Caller
from aboveline.service.security.roles import READERS
from aboveline.service.work import drafting
from aboveline.service.work.desk import Desk, rules_of, scope_of
from aboveline.service.work.draft_files import files_of_zip, path_of, shipped_text
from aboveline.service.work.drafting import Sent
from aboveline.service.work.exporting import pseudonymised_impact, pseudonyms_of
from aboveline.service.work.today import today_of
from aboveline.service.work.trying import UnfitDraftError
from aboveline.store import ConflictError, UnfitError, drafts, impacts, jobs
from aboveline.store.states import State

__all__ = ["router"]

router = PageRouter()

_FIELDS = ("label", "path", "text", "base", "standards", "average", "as_of-day", "as_of-month", "as_of-year")
_NOTHING = FieldError(field="text", text="Paste the text of a file, or choose a file")
_BOTH = FieldError(field="file", text="Paste the text of a file or choose a file, and not both")
_NOWHERE = FieldError(
    field="path", text="Say where this text belongs, such as victims/VW-01.yaml: no rule of today has its id"
)


@router.get(urls.IMPACT)
def impact_form(
    request: Request,
    caller: Admin,
    question: Annotated[str | None, Query(max_length=16)] = None,
    page: PageNumber = 1,
) -> Response:
    """Show the form, with the rule of a question in it where one is named, and the drafts that were sent."""
    text = shipped_text(question) if question else None
    return _form(request, caller, {} if text is None else {"text": text}, page=page)


@router.post(urls.IMPACT)
async def impact_send(request: Request, caller: Admin) -> Response:
    """Take a draft, and lead to its progress."""
    form = await request.form()
    values = {name: text.replace("\r\n", "\n") for name in _FIELDS if isinstance(text := form.get(name), str)}
    sent = await _sent(form, values)
    return await run_in_threadpool(_send, request, caller, values, sent)


@router.get(urls.IMPACT + "/{draft_id}")
def impact_page(request: Request, draft_id: str, caller: Admin, page: PageNumber = 1) -> Response:
    """Show how far a draft has come, or what it would do."""
    desk, scope = desk_of(request), scope_of(caller)
    with desk.database.reading() as session:
        one = drafts.get(session, scope, draft_id)
        if one.state is not State.DONE:
            job = jobs.of_subject(session, drafting.KIND, draft_id)
            done, of = (job.done, job.of) if job else (0, None)
            return show(
                request, "progress", views.impact_progress(draft_summary_of(one), done, of, reason=one.reason)
            )
        impact = impacts.load(session, scope, draft_id)
        findings = impacts.findings(session, scope, draft_id)
    key_of = desk.keys.of if caller.has(*READERS) else None
    return show(request, "impact", views.impact_page(draft_summary_of(one), impact, findings, key_of, page))


@router.post(urls.IMPACT + "/{draft_id}/cancel")
def impact_cancel(request: Request, draft_id: str, caller: Admin) -> Response:
    """Stop trying a draft."""
    desk = desk_of(request)
    drafting.stop(desk, desk.act(caller), scope_of(caller), draft_id)
    return go_on(request, urls.impact(draft_id), Done.NOT_TRIED)


@router.get(urls.IMPACT + "/{draft_id}/cases.csv")
def impact_csv(request: Request, draft_id: str, caller: Admin) -> Response:
    """Give the cases that a draft changes as CSV, with pseudonyms in place of their ids."""
    desk = desk_of(request)
    with desk.database.reading() as session:
        impact = impacts.load(session, scope_of(caller), draft_id)
    text = write_impact_csv(pseudonymised_impact(impact, pseudonyms_of(desk)))
    headers = {"content-disposition": 'attachment; filename="impact.csv"'}
    return Response(text.encode(), media_type="text/csv; charset=utf-8", headers=headers)


@router.get(urls.IMPACT + "/{draft_id}/draft.zip")
def impact_files(request: Request, draft_id: str, caller: Admin) -> Response:
    """Give a draft as it was sent."""
    with desk_of(request).database.reading() as session:
        texts = drafts.files(session, scope_of(caller), draft_id)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as folder:
        for path, text in texts.items():
            folder.writestr(zipfile.ZipInfo(path), text)
    headers = {"content-disposition": 'attachment; filename="draft.zip"'}
    return Response(made.getvalue(), media_type="application/zip", headers=headers)


async def _sent(form: FormData, values: dict[str, str]) -> dict[str, bytes] | FieldError:
    """Return the files that a form holds, or what is wrong with it."""
    text, path, name, file = values.get("text", ""), values.get("path", "").strip(), "", form.get("file")
    has_file = isinstance(file, UploadFile) and bool(file.size)
    if text.strip() and has_file:
        return _BOTH
    if isinstance(file, UploadFile) and has_file:
        content, name = await file.read(), file.filename or ""
        if name.lower().endswith(".zip"):
            try:
                return files_of_zip(content)
            except UnfitError as error:
                return FieldError(field="file", text=_sentence(str(error)))
        text = content.decode(errors="replace")
    elif text.strip():
        content = text.encode(errors="surrogatepass")
    else:
        return _NOTHING
    place = path or path_of(text, name)
    return _NOWHERE if place is None else {place: content}


def _send(
    request: Request, caller: Caller, values: dict[str, str], files: dict[str, bytes] | FieldError
) -> Response:
    desk, as_of, average = desk_of(request), day_of(values, "as_of"), values.get("average", "")
    errors = [one for one in (as_of, files) if isinstance(one, FieldError)]
    if not values.get("label", "").strip():
        errors.insert(0, FieldError(field="label", text="Give the draft a name"))
    if values.get("standards") not in rules_of().packs:
        errors.append(FieldError(field="standards", text="Choose the time standards"))
    if average not in set(Average):
        errors.append(FieldError(field="average", text="Choose what an outcome's score is the average of"))
    problems: Sequence[Problem] = ()
    if not errors and not isinstance(as_of, FieldError) and not isinstance(files, FieldError):
        on_shipped = values.get("base") != "nothing"
        sent = Sent(files, as_of, values["label"], on_shipped, values["standards"], Average(average))
        try:
            made = drafting.send(desk, desk.act(caller), scope_of(caller), sent)
            return go_on(request, urls.impact(made.id))
        except UnfitDraftError as error:
            problems = error.problems
            many = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
            errors = [
                FieldError(
                    field="text", text=f"The draft has {many}: see what is wrong with it above the form"
                )
            ]
        except (UnfitError, ConflictError) as error:
            field = "label" if "label" in str(error) else "text"
            errors = [FieldError(field=field, text=_sentence(str(error)))]
    return _form(request, caller, values, errors, problems)


def _form(
    request: Request,
    caller: Caller,
    values: dict[str, str],
    errors: Sequence[FieldError] = (),
    problems: Sequence[Problem] = (),
    page: int = 1,
) -> Response:
    desk = desk_of(request)
    with desk.database.reading() as session:
        found = [draft_summary_of(one) for one in drafting.every_draft(session, scope_of(caller))]
    today, largest = today_of(desk.clock), _largest(desk)
    view = views.impact_form(found, rules_of(), today, largest, values, errors, problems, page)
    return show(request, "impact-form", view)


def _largest(desk: Desk) -> str:
    return f"{desk.settings.body_limit_kib / 1024:g} MiB"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
