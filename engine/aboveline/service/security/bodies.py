"""How much may be sent, asked while it comes in and before anything is made of it.

A body is counted chunk by chunk, whatever its ``Content-Length`` says or does
not say. JSON is looked at for depth before it is parsed. What is packed is
unpacked in small pieces, and counted again.
"""

import asyncio
import re
import zlib
from collections.abc import AsyncIterable, AsyncIterator

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aboveline.service.problems import ProblemError, bad_request, too_large, unsupported

__all__ = ["DEEPEST", "PATIENCE", "UnreadBodies", "check_json", "counted", "inflated"]

DEEPEST = 64
"""How deep lists and objects of JSON may lie in one another."""

PATIENCE = 30.0
"""How many seconds may pass between two chunks of a body."""

_PIECE = 64 * 1024
# Without its end quote a text goes on to the end: looking for one from each quote anew would take for ever.
_TEXTS = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_NOT_BRACKETS = re.compile(rb"[^\[\]{}]+")


def counted(request: Request, limit: int) -> Request:
    """Return the request with a body that ends in a problem where it goes beyond the limit, in bytes.

    Raises:
        ProblemError: it says itself that it is larger.
    """
    said = request.headers.get("content-length", "0")
    if said.isdecimal() and int(said[:20]) > limit:
        raise too_large(limit)
    return Request(request.scope, _counting(request.receive, limit))


def _counting(receive: Receive, limit: int) -> Receive:
    so_far, more = 0, True

    async def count() -> Message:
        nonlocal so_far, more
        if not more:
            return await receive()
        try:
            async with asyncio.timeout(PATIENCE):
                message = await receive()
        except TimeoutError:
            raise ProblemError(408, "TOO_SLOW", "What you sent came too slowly. Try again.") from None
        so_far += len(message.get("body", b""))
        more = message.get("more_body", False)
        if so_far > limit:
            raise too_large(limit)
        return message

    return count


class UnreadBodies:
    """Hangs up after an answer to a request whose body was not read to its end.

    Otherwise whoever was refused could go on sending for as long as they like.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and say that the connection ends where it must."""
        headers = Headers(scope=scope) if scope["type"] == "http" else None
        if headers is None or not (
            headers.get("transfer-encoding") or headers.get("content-length", "0") != "0"
        ):
            await self._app(scope, receive, send)
            return
        more = True

        async def noting() -> Message:
            nonlocal more
            message = await receive()
            more = message["type"] == "http.request" and message.get("more_body", False)
            return message

        async def ending(message: Message) -> None:
            if more and message["type"] == "http.response.start":
                MutableHeaders(scope=message)["connection"] = "close"
            await send(message)

        await self._app(scope, noting, ending)


def check_json(body: bytes) -> None:
    """Go on only if this is JSON as its standard has it, and not too deep.

    Raises:
        ProblemError: it is not; what it holds is not repeated.
    """
    depth = 0
    for bracket in _NOT_BRACKETS.sub(b"", _TEXTS.sub(b"", body)):
        depth += 1 if bracket in b"[{" else -1
        if depth > DEEPEST:
            raise bad_request(
                "What you sent is nested too deep.", code="TOO_DEEP", developer=f"At most {DEEPEST} levels."
            )
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise bad_request(
            "What you sent is not JSON.",
            code="NOT_JSON",
            developer=f"Not JSON at line {error.lineno}, column {error.colno}.",
        ) from None


async def inflated(chunks: AsyncIterable[bytes], encoding: str | None, limit: int) -> AsyncIterator[bytes]:
    """Yield the pieces of a body, unpacked where it is packed, and no more than the limit in bytes.

    Raises:
        ProblemError: it is too large once unpacked, is not what it says, or is packed in another way.
    """
    if encoding not in {None, "", "identity", "gzip"}:
        raise unsupported("it is, or packed with gzip")
    unpack = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
    total = 0
    async for chunk in chunks:
        waiting = chunk
        while waiting:
            piece, waiting = (waiting, b"") if unpack is None else _unpacked(unpack, waiting)
            total += len(piece)
            if total > limit:
                raise too_large(limit)
            if piece:
                yield piece
    if unpack is not None and not unpack.eof:
        raise bad_request(
            "What you sent is not whole.", code="NOT_WHOLE", developer="The gzip stream ends early."
        )


def _unpacked(unpack: "zlib._Decompress", packed: bytes) -> tuple[bytes, bytes]:
    """Return a piece, and what is still packed."""
    if unpack.eof:  # a second member: it could hide what a reader of the first one never sees
        raise bad_request(
            "What you sent is not gzip.", code="NOT_GZIP", developer="Data after the end of gzip."
        )
    try:
        piece = unpack.decompress(packed, _PIECE)
    except zlib.error:
        raise bad_request("What you sent is not gzip.", code="NOT_GZIP") from None
    return piece, unpack.unconsumed_tail or unpack.unused_data
