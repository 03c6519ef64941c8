"""A fact tried out on a case: what it would open, close and make due next. Nothing of it is stored."""

import datetime as dt
from functools import cache
from typing import Any

from fastapi import Request
from starlette.responses import Response

from aboveline.answers import in_words
from aboveline.case import CaseRecord
from aboveline.service.guard import PageRouter
from aboveline.service.pages import urls
from aboveline.service.pages.context_of import desk_of, go_on, show
from aboveline.service.pages.forms import Sent, SentForm, day_of
from aboveline.service.pages.views import facts as views
from aboveline.service.pages.views.parts import FieldError
from aboveline.service.security.current import Caller, Reader
from aboveline.service.work.answering import case_of, record_of
from aboveline.service.work.desk import Desk, scope_of
from aboveline.service.work.live import NOT_TO_ADD, Live, UnfitFactsError, live
from aboveline.service.work.today import today_of
from aboveline.store import NotFoundError
from aboveline.vocabulary import KnownField, known_field, record_kinds

__all__ = ["router"]

router = PageRouter()

_LONGEST = 200
_FACTS = urls.CASES + "/{key}/facts"


@router.get(_FACTS)
def kinds_page(request: Request, key: str, caller: Reader) -> Response:
    """Show the kinds of fact that can be tried out."""
    record = _record(desk_of(request), caller, key)
    return show(request, "facts", views.fact_kinds(key, record.case, _kinds()))


@router.post(_FACTS)
def kind_chosen(request: Request, key: str, sent: Sent, caller: Reader) -> Response:
    """Lead to the form of a kind."""
    record = _record(desk_of(request), caller, key)
    kind = sent.text("kind")
    if kind in _kinds():
        return go_on(request, urls.case_facts_of(key, kind))
    error = FieldError(field="kind", text="Choose what kind of fact it is")
    return show(request, "facts", views.fact_kinds(key, record.case, _kinds(), errors=[error]))


@router.get(_FACTS + "/{kind}")
def fact_page(request: Request, key: str, kind: str, caller: Reader) -> Response:
    """Show the form for a fact of a kind."""
    desk = desk_of(request)
    record = _record(desk, caller, key)
    fields = _need_fields(kind)
    view = views.fact_form(key, kind, _kinds()[kind], fields, today_of(desk.clock), _links(record, fields))
    return show(request, "fact", view)


@router.post(_FACTS + "/{kind}")
def fact_tried(request: Request, key: str, kind: str, sent: Sent, caller: Reader) -> Response:
    """Answer the case with the fact and without it, and say what differs."""
    desk = desk_of(request)
    record = _record(desk, caller, key)
    fields = _need_fields(kind)
    fact, errors = _fact(sent, fields)
    as_of = day_of(sent.values, views.AS_OF, "The day")
    if isinstance(as_of, FieldError):
        errors.append(as_of)
        as_of = today_of(desk.clock)
    single = isinstance(getattr(record, kind, None), tuple) is False
    found: Live | None = None
    try:
        found = live(record, {kind: fact if single else [fact]}, as_of)
    except UnfitFactsError as error:
        known = {one.field for one in errors}
        for one in error.problems:
            field = one.path.rpartition(".")[2]
            field = field if field in fields else next(iter(fields))
            if field not in known:
                errors.append(FieldError(field=field, text=f"{_named(field)}: {one.reason}"))
                known.add(field)
    told = None
    if found is not None and not errors:
        told = views.fact_told(
            found.opened,
            found.closed,
            found.changed,
            found.due_next,
            found.now.rulebook,
            as_of,
            left_out=found.now.facts.left_out - found.stored.facts.left_out,
        )
    view = views.fact_form(
        key,
        kind,
        _kinds()[kind],
        fields,
        today_of(desk.clock),
        _links(record, fields),
        sent.values,
        sorted(errors, key=lambda one: [*fields, views.AS_OF].index(one.field)),
        told,
    )
    return show(request, "fact", view)


def _record(desk: Desk, caller: Caller, key: str) -> CaseRecord:
    with desk.database.reading() as session:
        record, _ = record_of(session, scope_of(caller), case_of(desk, key))
    return record


@cache
def _models() -> dict[str, dict[str, tuple[KnownField, str]]]:
    return {
        name: {
            field: (known_field(field, info), info.description or "")
            for field, info in model.model_fields.items()
            if field != "id"
        }
        for name, model, _ in record_kinds()
        if name not in NOT_TO_ADD
    }


@cache
def _kinds() -> dict[str, str]:
    """Return what each kind of fact is, by its name, in order."""
    return {
        name: (model.__doc__ or "").partition("\n")[0]
        for name, model, _ in sorted(record_kinds())
        if name in _models()
    }


def _need_fields(kind: str) -> dict[str, tuple[KnownField, str]]:
    """Return the fields of a kind.

    Raises:
        NotFoundError: there is no such kind to try out.
    """
    if kind not in _models():
        raise NotFoundError("there is no such kind of fact")
    return _models()[kind]


def _links(record: CaseRecord, fields: dict[str, tuple[KnownField, str]]) -> dict[str, list[str]]:
    of_kind = {kind: [identifier for identifier, _ in facts] for kind, facts in record.facts_by_kind()}
    return {
        name: [one for kind in field.links_to for one in of_kind.get(kind, ())]
        for name, (field, _) in fields.items()
        if field.type == "id"
    }


def _fact(
    sent: SentForm, fields: dict[str, tuple[KnownField, str]]
) -> tuple[dict[str, Any], list[FieldError]]:
    """Return the fact that a form holds as a record has it, and what is wrong with its fields by themselves."""
    fact: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name, (field, _) in fields.items():
        if field.type == "date":
            if any(sent.text(f"{name}-{part}") for part in ("day", "month", "year")):
                day = day_of(sent.values, name, _named(name))
                if isinstance(day, dt.date):
                    fact[name] = day.isoformat()
                else:
                    errors.append(day)
            continue
        text = sent.text(name)
        if not text:
            continue
        if len(text) > _LONGEST:
            errors.append(FieldError(field=name, text=f"{_named(name)} has {_LONGEST} characters or fewer"))
        elif field.type == "bool":
            fact[name] = text == "yes"
        elif field.type == "int":
            if text.removeprefix("-").isdecimal():
                fact[name] = int(text)
            else:
                errors.append(FieldError(field=name, text=f"{_named(name)} must be a whole number"))
        else:
            fact[name] = text
    return fact, errors


def _named(field: str) -> str:
    return in_words(field).capitalize().removesuffix(" on")
