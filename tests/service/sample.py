"""Routes of a made-up thing, as others are written: to show how, and for the guard to be tried on."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError
from starlette.responses import Response

from aboveline.case.base import Record
from aboveline.service.admission import Guard
from aboveline.service.guard import PageRouter, Router
from aboveline.service.problems import not_found
from aboveline.service.security.bodies import inflated
from aboveline.service.security.csrf import FIELD
from aboveline.service.security.current import Admin, Judge, Reader, SignedIn, Writer, uploads
from aboveline.service.security.headers import nonce_of

__all__ = ["pages", "router"]

AREAS = {"1": "YRK", "2": "Hull", "3": None}

router = Router(prefix="/v1/things", tags=["Things"])
pages = PageRouter()


class Thing(Record):
    """A thing."""

    name: str = Field(max_length=20)
    size: int = Field(ge=0)
    notes: dict[str, str] = Field(default_factory=dict)
    colour: str | None = None

    @field_validator("colour")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None and value != "red":
            raise ValueError(f"{value} is no colour")
        return value


class Seen(Record):
    """What was seen of a thing."""

    id: str
    by: str


@router.get("/{thing_id}")
async def get_thing(thing_id: str, caller: Reader) -> Seen:
    """Show a thing of the caller's areas."""
    if thing_id not in AREAS:
        raise not_found()
    caller.areas.need(AREAS[thing_id])
    return Seen(id=thing_id, by=caller.name)


@router.get("")
async def list_things(caller: Reader, most: Annotated[int, Query(ge=1, le=10)] = 5) -> list[str]:
    """List the things of the caller's areas."""
    return [one for one, area in AREAS.items() if caller.areas.holds(area)][:most]


@router.post("", status_code=201)
async def add_thing(thing: Thing, caller: Writer) -> Seen:
    """Add a thing."""
    return Seen(id=thing.name, by=caller.name)


@router.post("/{thing_id}/judgements")
async def judge_thing(thing_id: str, thing: Thing, caller: Judge) -> Seen:
    """Judge a thing; it cannot be done, and why is put in words that hold what was sent."""
    if thing.size:
        raise ValueError(f"{thing.name} of {thing_id} by {caller.name} {thing.notes}")
    raise PydanticCustomError("never", "never")


@router.delete("/{thing_id}", status_code=204)
async def remove_thing(thing_id: str, caller: Admin) -> None:
    """Remove a thing."""
    caller.areas.need(AREAS.get(thing_id))


@router.post("/uploads", dependencies=[uploads()])
async def upload_things(request: Request, caller: Writer) -> dict[str, int | str]:
    """Count what is uploaded."""
    guard: Guard = request.app.state.guard
    limit = guard.settings.inflated_limit_mib * 1024 * 1024
    pieces = inflated(request.stream(), request.headers.get("content-encoding"), limit)
    return {"by": caller.name, "bytes": sum([len(piece) async for piece in pieces])}


@router.get("/broken/stream")
async def stream_things(caller: Reader) -> StreamingResponse:
    """Begin an answer that cannot be finished."""

    async def parts() -> AsyncIterator[bytes]:
        yield b"the beginning of "
        raise ValueError(f"something of {caller.name}")

    return StreamingResponse(parts())


@pages.get("/things/{thing_id}")
async def thing_page(thing_id: str, request: Request, caller: SignedIn) -> Response:
    """Show a form."""
    return HTMLResponse(
        f'<!DOCTYPE html><html lang="en"><title>Thing</title><p id="told">no script</p>'
        f'<script nonce="{nonce_of(request)}">document.getElementById("told").textContent = "script"</script>'
        f"<script>document.title = 'planted'</script>{thing_id}"
        f'<form method="post"><label>Note <input name="note"></label><button>Save</button>'
        f'<input type="hidden" name="{FIELD}" value="{caller.csrf_token}"></form>'
        f'<form method="post" action="/logout"><button>Sign out</button>'
        f'<input type="hidden" name="{FIELD}" value="{caller.csrf_token}"></form>'
    )


@pages.post("/things/{thing_id}")
async def thing_form(thing_id: str, note: Annotated[str, Form()], caller: SignedIn) -> Response:
    """Take the form."""
    return HTMLResponse(f"{caller.name} {thing_id} {len(note)}")
