"""Case records come in by the API as a stream, are stored once, and can be looked at without being stored."""

import gzip
import json

import pytest

from service.api import all_roles, first_case, send_cases
from service.office import CASES, Office

BAD = b'{"case": "A-1", "colour": "red"}\nnot json\n{"case": "A-2"}\n'


def lines(*records: object) -> bytes:
    """Return records as JSON Lines."""
    return b"".join(json.dumps(one).encode() + b"\n" for one in records)


@pytest.mark.parametrize("how", ["plain", "encoded", "a gzip file"])
def test_upload_is_stored_however_it_is_packed(office: Office, how: str) -> None:
    """Plain, in a gzip encoding, or as a gzip file: the same cases, with an address to find what came of them."""
    body = CASES.read_bytes()
    packed = body if how == "plain" else gzip.compress(body)
    sent = send_cases(office, packed, **({"content_encoding": "gzip"} if how == "encoded" else {}))
    made = sent.json()
    found = office.get(sent.headers["location"], by="MANAGER")

    assert (201, 49, 0, 0) == (sent.status_code, made["new"], made["changed"], made["rejected"])
    assert made == found.json()


def test_upload_sent_twice_under_one_key_is_stored_once(office: Office) -> None:
    """The same body gives the same upload; another one under that key is refused; another's key is another key."""
    first = send_cases(office, idempotency_key="k-1")
    again = send_cases(office, idempotency_key="k-1")
    other = send_cases(office, BAD, idempotency_key="k-1")
    another = send_cases(office, by="ADMIN", idempotency_key="k-1")

    assert [201, 200, 409, 201] == [one.status_code for one in (first, again, other, another)]
    assert first.json() | {"repeated": True} == again.json()
    assert 49 == another.json()["unchanged"]
    assert 2 == len(office.get("/v1/uploads", by="ADMIN").json()["items"])


def test_validating_stores_nothing_and_tells_every_problem(office: Office) -> None:
    """It says just what the upload then does, and leaves neither a case, an upload nor an entry in the trail."""
    looked = send_cases(office, BAD, to="/v1/uploads/validate")
    trail = office.get("/v1/trail", by="ADMIN").json()["items"] if _has(office, "/v1/trail") else []
    before = office.get("/v1/uploads", by="ADMIN").json()["items"]
    sent = send_cases(office, BAD).json()
    problems = office.get(f"/v1/uploads/{sent['id']}/problems", by="MANAGER").json()

    assert [] == before
    assert all(one["what"] != "upload_stored" for one in trail)
    assert {name: looked.json()[name] for name in ("new", "changed", "unchanged", "rejected")} == {
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "rejected": 2,
    }
    assert (looked.json()["problems"], 0) == (problems["items"], looked.json()["more"])
    assert [1, 2] == [one["line"] for one in problems["items"]]
    assert (1, 2) == (sent["new"], sent["rejected"])


def _has(office: Office, path: str) -> bool:
    return any(getattr(one, "path", "") == path for one in office.app.router.routes)


def test_problems_are_paged_and_a_csv(office: Office) -> None:
    """A page goes on from where the one before ended; the file has all of them, and repeats no value."""
    upload = send_cases(office, BAD * 1).json()["id"]
    first = office.get(f"/v1/uploads/{upload}/problems?limit=1", by="MANAGER").json()
    second = office.get(f"/v1/uploads/{upload}/problems?limit=1&after={first['next']}", by="MANAGER").json()
    table = office.get(f"/v1/uploads/{upload}/problems.csv", by="MANAGER")

    assert ([1], [2], None) == (
        [one["line"] for one in first["items"]],
        [one["line"] for one in second["items"]],
        second["next"],
    )
    assert ["line,path,reason", 3] == [table.text.splitlines()[0], len(table.text.splitlines())]
    assert "red" not in table.text


def test_uploads_are_listed_in_pages_to_who_sent_them(office: Office) -> None:
    """The latest first; who may not see all areas sees their own alone."""
    ids = [
        send_cases(office, lines({"case": f"A-{n}"}), upload_label=f"No {n}").json()["id"] for n in (1, 2, 3)
    ]
    first = office.get("/v1/uploads?limit=2", by="MANAGER").json()
    rest = office.get(f"/v1/uploads?limit=2&after={first['next']}", by="MANAGER").json()
    york = all_roles(office, "READER")

    assert ids[::-1] == [one["id"] for one in first["items"] + rest["items"]]
    assert ["No 3", "No 2"] == [one["label"] for one in first["items"]]
    assert [] == office.get("/v1/uploads", headers=york).json()["items"]
    assert 404 == office.get(f"/v1/uploads/{ids[0]}", headers=york).status_code


def test_case_of_another_area_is_not_taken_over(office: Office) -> None:
    """Who may see York alone can neither upload for Scarborough nor take a case from there; why is told without its id."""
    send_cases(office)
    taken = first_case() | {"area": {"ldu": "YRK"}}
    sent = office.post("/v1/uploads", headers=all_roles(office, "READER"), content=lines(taken))

    stored = first_case()["area"]["ldu"]
    assert (0 if stored == "YRK" else 1) == sent.json()["rejected"]
    assert taken["case"] not in sent.text


@pytest.mark.parametrize(
    ("body", "encoding", "status", "code"),
    [
        (b"", "", 422, "UNFIT"),
        (b"no gzip", "gzip", 400, "NOT_GZIP"),
        (gzip.compress(b'{"case": "A"}', mtime=0)[:-4], "gzip", 400, "NOT_WHOLE"),
        (gzip.compress(b'{"case": "A"}', mtime=0)[:-4], "", 400, "NOT_WHOLE"),
        (b"{}", "br", 415, "UNSUPPORTED_MEDIA_TYPE"),
    ],
)
def test_what_cannot_be_unpacked_is_refused(
    office: Office, body: bytes, encoding: str, status: int, code: str
) -> None:
    """Nothing of it is stored."""
    sent = send_cases(office, body, **({"content_encoding": encoding} if encoding else {}))

    assert (status, code) == (sent.status_code, sent.json()["errorCode"])
    assert [] == office.get("/v1/uploads", by="ADMIN").json()["items"]


def test_what_a_client_has_is_not_sent_again(office: Office) -> None:
    """By its tag; a change gives another."""
    send_cases(office)
    first = office.get("/v1/uploads", by="MANAGER")
    tag = {"if-none-match": first.headers["etag"]}
    again = office.get("/v1/uploads", by="MANAGER", headers=tag)
    send_cases(office, BAD)
    later = office.get("/v1/uploads", by="MANAGER", headers=tag)

    assert (304, b"", 200) == (again.status_code, again.content, later.status_code)
    assert first.headers["etag"] == again.headers["etag"] != later.headers["etag"]
