"""What every answer tells the browser."""

import re
from pathlib import Path

import httpx2
import pytest

from service.sample import pages, router
from service.world import World, settings_of

PRODUCTION = settings_of(environment="production")


def policy_of(answer: httpx2.Response) -> dict[str, list[str]]:
    """Return the content security policy, by directive."""
    parts = [part.split() for part in answer.headers["content-security-policy"].split(";")]
    return {name: values for name, *values in parts}


@pytest.mark.parametrize(
    "path", ["/health", "/nowhere", "/v1/things", "/v1/things/1/judgements", "/swagger-ui.html"]
)
def test_every_answer_has_them(path: str) -> None:
    """Answers, refusals and unexpected errors alike."""
    with World([router]) as world:
        answer = (
            world.post(path, by="ADMIN", json={"name": "a", "size": 1})
            if "judge" in path
            else world.get(path)
        )

    assert {
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cache-control": "no-store",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }.items() <= dict(answer.headers).items()
    assert "camera=()" in answer.headers["permissions-policy"]
    assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["x-correlation-id"])
    assert "server" not in answer.headers


def test_policy_lets_nothing_in_from_elsewhere() -> None:
    """Everything is from here; nothing inline runs without the nonce; nobody frames us."""
    with World() as world:
        policy = policy_of(world.get("/health"))

    assert ["'self'"] == policy["default-src"] == policy["connect-src"] == policy["font-src"]
    assert ["'none'"] == policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"]
    assert ["'self'", "http://127.0.0.1:8001"] == policy["form-action"]
    assert "unsafe" not in str(policy)
    assert "*" not in str(policy)


def test_nonce_is_of_one_answer() -> None:
    """It stands in the page and in its policy, for scripts and styles, and the next page has another."""
    with World([pages]) as world:
        world.sign_in("READER")
        first, second = world.get("/things/1"), world.get("/things/1")

    nonces = [re.findall(r'script nonce="([^"]{22,})"', one.text)[0] for one in (first, second)]
    assert f"'nonce-{nonces[0]}'" in policy_of(first)["script-src"]
    assert f"'nonce-{nonces[0]}'" in policy_of(first)["style-src"]
    assert nonces[0] != nonces[1]


def test_production_is_for_tls_only() -> None:
    """Browsers remember it for a year; development says nothing of the kind."""
    with World(settings=PRODUCTION) as world:
        strict = world.get("/health").headers["strict-transport-security"]
    with World() as world:
        assert "strict-transport-security" not in world.get("/health").headers

    assert "max-age=31536000; includeSubDomains" == strict


def test_assets_may_be_kept_and_lead_nowhere_else(tmp_path: Path) -> None:
    """A file of the folder is kept for a day; one beside the folder is not there."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "a.css").write_text("p {}", encoding="utf-8")
    (tmp_path / "secret").write_text("kanarie", encoding="utf-8")
    with World(assets={"/assets": tmp_path / "assets"}) as world:
        file = world.get("/assets/a.css")
        paths = (
            "/assets/../secret",
            "/assets/%2e%2e/secret",
            "/assets/..%2fsecret",
            "/assets//secret",
            "/assets/",
        )
        others = [world.get(path) for path in paths]

    assert ("public, max-age=86400", "nosniff") == (
        file.headers["cache-control"],
        file.headers["x-content-type-options"],
    )
    assert [404] * len(others) == [one.status_code for one in others]
    assert "application/problem+json" == others[0].headers["content-type"]
