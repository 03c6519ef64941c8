"""How much, how deep and how often: refused while it comes in, and before anything is made of it."""

import asyncio
import contextlib
import gzip
import json
import time
from collections.abc import AsyncIterator

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st

from aboveline.service.guard import Router
from aboveline.service.problems import ProblemError
from aboveline.service.security import bodies
from aboveline.service.security.bodies import DEEPEST, check_json, inflated
from aboveline.service.security.current import Writer, uploads
from aboveline.service.security.limits import RateLimit
from service.sample import pages, router
from service.world import StillClock, World, settings_of

MIB = 1024 * 1024
JSON = {"content-type": "application/json"}
SMALL = settings_of(upload_limit_mib=1, inflated_limit_mib=2, body_limit_kib=1)


class Chunks:
    """A body sent in chunks, without saying how long it is, that knows how much was asked for."""

    def __init__(self, chunk: bytes, many: int) -> None:
        self.chunk = chunk
        self.many = many
        self.sent = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self.many):
            self.sent += 1
            yield self.chunk


def test_body_that_says_it_is_too_large_is_not_read() -> None:
    """Its length alone refuses it."""
    with World([router], settings=SMALL) as world:
        fits = world.post("/v1/things", by="ADMIN", content=b"[" + b" " * 1022 + b"]", headers=JSON)
        large = world.post("/v1/things", by="ADMIN", content=b"[" + b" " * 1023 + b"]", headers=JSON)

    assert [422, 413] == [fits.status_code, large.status_code]
    assert "1,024 bytes" in large.json()["detail"]


def test_body_in_chunks_is_counted() -> None:
    """A body that does not say how large it is is refused where it goes beyond the limit."""
    with World([router], settings=SMALL) as world:
        answer = world.post("/v1/things", by="ADMIN", content=Chunks(b" " * 100, 1000), headers=JSON)

    assert 413 == answer.status_code


def test_length_that_is_a_lie_does_not_help() -> None:
    """A body is counted whatever its head says."""
    with World([router], settings=SMALL) as world:
        answer = world.post(
            "/v1/things",
            by="ADMIN",
            content=Chunks(b" " * 100, 1000),
            headers={**JSON, "content-length": "5"},
        )

    assert 413 == answer.status_code


def test_body_of_somebody_unknown_is_not_read() -> None:
    """Who may not do it cannot make us parse for it."""
    with World([router], settings=SMALL) as world:
        broken = {"content": b"{", "headers": JSON}

        assert 401 == world.post("/v1/things", **broken).status_code
        assert 403 == world.post("/v1/things", by="READER", **broken).status_code
        assert 400 == world.post("/v1/things", by="ADMIN", **broken).status_code


def test_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever stops half-way does not hold the service up for longer than its patience."""
    monkeypatch.setattr(bodies, "PATIENCE", 0.05)

    async def half() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(30)

    with World([router]) as world:
        answer = world.post("/v1/things", by="ADMIN", content=half(), headers=JSON)

    assert (408, "TOO_SLOW") == (answer.status_code, answer.json()["errorCode"])


def test_refusal_before_the_end_of_a_body_ends_the_connection() -> None:
    """A body that was read to its end does not."""
    with World([router], settings=SMALL) as world:
        large = world.post("/v1/things", by="ADMIN", content=b" " * 2000, headers=JSON)
        unknown = world.post("/v1/things", content=b"{}", headers=JSON)
        read = world.post("/v1/things", by="ADMIN", json={"name": "a", "size": 1})
        nothing = world.get("/v1/things")

    assert ["close", "close", None, None] == [
        one.headers.get("connection") for one in (large, unknown, read, nothing)
    ]


def test_upload_has_its_own_limit() -> None:
    """A mebibyte goes in, a byte more does not, whole or in chunks."""
    with World([router], settings=SMALL) as world:
        whole = world.post("/v1/things/uploads", by="ADMIN", content=b"a" * MIB)
        more = world.post("/v1/things/uploads", by="ADMIN", content=b"a" * (MIB + 1))
        chunks = world.post("/v1/things/uploads", by="ADMIN", content=Chunks(b"a" * 1000, 2000))

    assert {"by": "ADMIN", "bytes": MIB} == whole.json()
    assert [413, 413] == [more.status_code, chunks.status_code]


def test_upload_may_be_packed() -> None:
    """What is packed is counted once unpacked."""
    with World([router], settings=SMALL) as world:
        packed = {"content-encoding": "gzip"}
        fits = world.post(
            "/v1/things/uploads", by="ADMIN", content=gzip.compress(b"a" * 2 * MIB), headers=packed
        )
        bomb = world.post(
            "/v1/things/uploads", by="ADMIN", content=gzip.compress(b"\0" * 200 * MIB), headers=packed
        )

    assert 2 * MIB == fits.json()["bytes"]
    assert (413, "TOO_LARGE") == (bomb.status_code, bomb.json()["errorCode"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"kanarie", "NOT_GZIP"),
        (gzip.compress(b"a" * 100, mtime=0)[:-4], "NOT_WHOLE"),
        (gzip.compress(b"a", mtime=0) + gzip.compress(b"b", mtime=0), "NOT_GZIP"),
        (b"", "NOT_WHOLE"),
    ],
    ids=["not packed", "cut off", "two in one", "nothing"],
)
def test_upload_that_is_not_what_it_says_is_refused(content: bytes, code: str) -> None:
    """What cannot be unpacked whole is not taken in part."""
    with World([router]) as world:
        answer = world.post(
            "/v1/things/uploads", by="ADMIN", content=content, headers={"content-encoding": "gzip"}
        )

    assert (400, code) == (answer.status_code, answer.json()["errorCode"])


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "deflate", "zstd"])
def test_other_packing_is_refused(encoding: str) -> None:
    """One way of packing, once."""
    with World([router]) as world:
        upload = world.post(
            "/v1/things/uploads", by="ADMIN", content=b"a", headers={"content-encoding": encoding}
        )
        body = world.post(
            "/v1/things", by="ADMIN", content=b"{}", headers={**JSON, "content-encoding": "gzip"}
        )

    assert [415, 415] == [upload.status_code, body.status_code]


def test_upload_that_is_packed_by_itself_is_not_packed_again() -> None:
    """A route that takes files as they are, as a zip is, takes no content encoding."""
    bare = Router(prefix="/v1/files")

    @bare.post("", dependencies=[uploads(zipped=False)])
    async def take_file(request: Request, caller: Writer) -> int:  # noqa: ARG001 - it says who may
        return len(await request.body())

    with World([bare]) as world:
        packed = world.post("/v1/files", by="ADMIN", content=b"a", headers={"content-encoding": "gzip"})
        plain = world.post("/v1/files", by="ADMIN", content=b"abc")

    assert (415, 200, 3) == (packed.status_code, plain.status_code, plain.json())


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"[" * (DEEPEST + 1), "TOO_DEEP"),
        (b'{"a":' * (DEEPEST + 1), "TOO_DEEP"),
        (b"[" * 1_000_000, "TOO_DEEP"),
        (b"[" * DEEPEST, "NOT_JSON"),
        (b'{"name": NaN}', "NOT_JSON"),
        (b'{"name": "\xff"}', "NOT_JSON"),
        (b'{"kanarie": ', "NOT_JSON"),
        (b'"' + b"\\" * 100_000, "NOT_JSON"),
    ],
    ids=[
        "lists",
        "objects",
        "very deep",
        "just not too deep",
        "no number",
        "not utf-8",
        "cut off",
        "backslashes",
    ],
)
def test_json_that_would_harm_is_refused(body: bytes, code: str) -> None:
    """Too deep, or not JSON; what it is is not repeated."""
    with pytest.raises(ProblemError) as error:
        check_json(body)

    assert (400, code) == (error.value.status_code, error.value.code)
    assert "kanarie" not in str(error.value.document(None))


@pytest.mark.parametrize(
    "piece", [b'\\"', b'"', b"[]", b'"a",', b"\\"], ids=["escaped", "quotes", "lists", "texts", "slashes"]
)
def test_looking_at_json_takes_no_longer_than_reading_it(piece: bytes) -> None:
    """Whatever it is made of, a mebibyte is looked through in a moment."""
    began = time.process_time()
    with contextlib.suppress(ProblemError):
        check_json(b'["' + piece * (MIB // len(piece)))

    assert time.process_time() - began < 2


TEXTS = st.text(st.characters(codec="utf-8"))
JSONS = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
)
PIECES = st.lists(st.sampled_from('"\\[]{}a,:1'))


@given(JSONS)
def test_json_is_let_through(value: object) -> None:
    """All that is JSON and not too deep."""
    check_json(json.dumps(value).encode())
    check_json(json.dumps(value, ensure_ascii=False).encode())


@given(st.binary() | PIECES.map(lambda pieces: "".join(pieces).encode()))
def test_whatever_is_sent_is_json_or_refused(body: bytes) -> None:
    """It is never anything else that goes wrong, and what is let through can be read."""
    with contextlib.suppress(ProblemError):
        check_json(body)
        json.loads(body)


@given(st.binary(max_size=2000), st.lists(st.integers(1, 50), min_size=1, max_size=50), st.booleans())
def test_what_was_packed_comes_out_whole(body: bytes, cuts: list[int], zipped: bool) -> None:
    """However it was cut on its way."""
    sent = gzip.compress(body) if zipped else body

    async def chunks() -> AsyncIterator[bytes]:
        at = 0
        for cut in [*cuts, len(sent)]:
            yield sent[at : at + cut]
            at += cut

    async def come() -> bytes:
        return b"".join([one async for one in inflated(chunks(), "gzip" if zipped else None, 2000)])

    with asyncio.Runner() as runner:
        assert body == runner.run(come())


def test_brackets_in_a_text_are_no_depth() -> None:
    """Only those that nest count."""
    check_json(b'{"a": "' + b"[" * 1000 + b'\\"[[", "b": ' + b"[" * 60 + b"]" * 60 + b"}")


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "application/x.of-ours+json"]
)
def test_json_may_be_of_any_kind_of_json(kind: str) -> None:
    """A media type of JSON's own, or one that is made of it."""
    with World([router]) as world:
        thing = b'{"name": "a", "size": 1}'
        answer = world.post("/v1/things", by="ADMIN", content=thing, headers={"content-type": kind})

    assert answer.is_success, answer.text


@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
def test_form_must_be_sent_as_a_form(kind: str) -> None:
    """What is made of a form is not made of anything else."""
    with World([pages]) as world:
        answer = world.post("/things/1", by="READER", content=b"note=a", headers={"content-type": kind})

    assert 415 == answer.status_code


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_json_must_be_called_json(kind: str) -> None:
    """A form of another site cannot pass for JSON."""
    with World([router]) as world:
        answer = world.post(
            "/v1/things", by="ADMIN", content=b'{"name": "a", "size": 1}', headers={"content-type": kind}
        )

    assert (415, "Send this as application/json.") == (answer.status_code, answer.json()["detail"])


def test_burst_is_allowed_and_then_so_many_in_a_minute() -> None:
    """Three at once, then one each second; each user has their own."""
    clock = StillClock()
    limit = RateLimit(60, 3, clock)
    for _ in range(3):
        limit.spend("user A")
    with pytest.raises(ProblemError) as error:
        limit.spend("user A")
    limit.spend("user B")
    clock.go_on(seconds=1)
    limit.spend("user A")

    assert (429, {"Retry-After": "1"}) == (error.value.status_code, error.value.headers)
    with pytest.raises(ProblemError):
        limit.spend("user A")


def test_clock_that_goes_back_gives_nothing_away() -> None:
    """An empty bucket stays empty."""
    clock = StillClock()
    limit = RateLimit(60, 1, clock)
    limit.spend("user A")
    clock.go_on(seconds=-60)

    with pytest.raises(ProblemError):
        limit.spend("user A")


def test_memory_of_who_asked_is_bounded() -> None:
    """However many addresses ask, only so many are remembered, and the latest among them."""
    limit = RateLimit(1, 1, StillClock(), most=10)
    for number in range(1000):
        limit.spend(f"address {number}")

    assert 10 == len(limit)
    with pytest.raises(ProblemError):
        limit.spend("address 999")


def test_guessing_is_counted_by_address_and_users_by_name() -> None:
    """Whoever guesses uses up their address; a user who signed in at the same address goes on."""
    with World([router], settings=settings_of(requests_at_once=5)) as world:
        bad = {"authorization": "Bearer a.b.c"}
        guesses = [world.get("/v1/things", headers=bad).status_code for _ in range(6)]
        user = [world.get("/v1/things", by="READER").status_code for _ in range(6)]
        other = world.get("/v1/things", by="ADMIN").status_code
        text = world.app.state.guard.metrics.text().decode()

    assert [401] * 5 + [429] == guesses
    assert ([200] * 5 + [429], 200) == (user, other)
    assert 'aboveline_requests_refused_total{code="TOO_MANY_REQUESTS"} 2.0' in text


def test_what_is_open_to_anybody_is_counted_by_address() -> None:
    """Nobody need be known to ask for it, and nobody may ask for it without end."""
    with World([router], settings=settings_of(requests_at_once=3)) as world:
        open_ones = [world.get("/v3/api-docs").status_code for _ in range(4)]
        known = world.get("/v1/things", by="READER").status_code

    assert [200, 200, 200, 429] == open_ones
    assert 200 == known


def test_probes_are_not_limited() -> None:
    """A probe comes often, from one address."""
    with World([router], settings=settings_of(requests_at_once=1)) as world:
        assert [200] * 5 == [world.get("/health/liveness").status_code for _ in range(5)]
