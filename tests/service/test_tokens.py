"""Bearer tokens: only what the issuer signed, for us, for now."""

import asyncio
import base64
import hmac
import json
import warnings
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from aboveline.service.security.keys import FRESH_FOR, NOT_SOONER_THAN, USABLE_FOR, _public_keys
from aboveline.service.security.tokens import ALGORITHMS
from service.sample import router
from service.world import NOW, World


def ask(world: World, token: str) -> int:
    """Return how a request with this token is answered."""
    return world.get("/v1/things", headers={"authorization": f"Bearer {token}"}).status_code


def encoded(part: dict[str, Any]) -> str:
    """Return a part of a token."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({}, 200),
        ({"exp": int(NOW.timestamp()) - 29}, 200),
        ({"exp": int(NOW.timestamp()) - 30}, 401),
        ({"exp": None}, 401),
        ({"exp": "tomorrow"}, 401),
        ({"nbf": int(NOW.timestamp()) + 30}, 200),
        ({"nbf": int(NOW.timestamp()) + 31}, 401),
        ({"iss": "http://127.0.0.1:8001/other"}, 401),
        ({"iss": None}, 401),
        ({"aud": "another-service"}, 401),
        ({"aud": ["another-service", "aboveline"]}, 200),
        ({"aud": None}, 401),
        ({"client_id": None}, 401),
        ({"client_id": "a b"}, 401),
        ({"user_name": ""}, 401),
        ({"user_name": "Robert'); DROP TABLE"}, 401),
        ({"user_name": ["ADMIN"]}, 401),
        ({"authorities": "ROLE_ABOVELINE__AUDIT__RO"}, 401),
        ({"authorities": [["ROLE_ABOVELINE__AUDIT__RO"]]}, 403),
        ({"authorities": None}, 403),
    ],
)
def test_claims_must_be_ours_and_in_force(claims: dict[str, Any], expected: int) -> None:
    """Each claim on both sides of its boundary; clocks may be half a minute apart."""
    with World([router]) as world:
        now = int(NOW.timestamp())
        usual = {
            "iss": world.settings.issuer,
            "iat": now,
            "exp": now + 60,
            "aud": "aboveline",
            "client_id": "a-program",
            "user_name": "READER",
            "authorities": ["ROLE_ABOVELINE__AUDIT__RO"],
        } | claims
        key = world.identity.key
        token = jwt.encode(
            {"alg": "RS256", "kid": key.kid}, {k: v for k, v in usual.items() if v is not None}, key
        )

        assert expected == ask(world, token)


def test_unsigned_token_is_none() -> None:
    """A token that says it needs no signature is refused, and so is one whose signature is cut off."""
    with World([router]) as world:
        head, claims, _ = world.token("READER").split(".")

        assert 401 == ask(world, f"{encoded({'alg': 'none', 'kid': world.identity.key.kid})}.{claims}.")
        assert 401 == ask(world, f"{head}.{claims}.")


def test_public_key_is_no_secret_to_sign_by() -> None:
    """A token signed with HMAC by the text of the public key is refused, as is any other way of signing."""
    with World([router]) as world:
        key = world.identity.key
        claims = {"iss": world.settings.issuer, "exp": int(NOW.timestamp()) + 60, "aud": "aboveline"}
        signed = f"{encoded({'alg': 'HS256', 'kid': key.kid})}.{encoded(claims)}"
        by_text = hmac.digest(key.as_pem(private=False), signed.encode(), "sha256")
        by_hmac = f"{signed}.{base64.urlsafe_b64encode(by_text).rstrip(b'=').decode()}"
        same = RSAKey.import_key(key.as_pem(private=True))
        by_rs512 = jwt.encode({"alg": "RS512", "kid": key.kid}, claims, same, algorithms=["RS512"])

        assert [401, 401] == [ask(world, by_hmac), ask(world, by_rs512)]


def test_changed_token_is_refused() -> None:
    """One role more, and the signature no longer fits."""
    with World([router]) as world:
        head, _, signature = world.token("NOBODY").split(".")
        _, claims, _ = world.token("ADMIN").split(".")

        assert 401 == ask(world, f"{head}.{claims}.{signature}")


def test_another_key_of_the_same_name_is_refused() -> None:
    """What counts is the key, not what it is called."""
    with World([router]) as world:
        ours, theirs = world.identity.key, RSAKey.generate_key(2048)
        world.identity.key = theirs
        token = jwt.encode({"alg": "RS256", "kid": ours.kid}, {"iss": world.settings.issuer}, theirs)
        world.identity.key = ours

        assert 401 == ask(world, token)


def test_elliptic_keys_are_taken_too() -> None:
    """ES256 is the other way of signing; a key is not used for a way that is not its own."""
    with World([router]) as world:
        key = ECKey.generate_key("P-256", {"use": "sig"})
        key.ensure_kid()
        world.identity.key = key
        now = int(NOW.timestamp())
        claims = {
            "iss": world.settings.issuer,
            "exp": now + 60,
            "aud": "aboveline",
            "client_id": "a-program",
            "authorities": ["ROLE_ABOVELINE__AUDIT__RO"],
        }
        token = jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key, algorithms=["ES256"])
        head, rest = token.split(".", 1)

        assert 200 == ask(world, token)
        assert 401 == ask(world, f"{encoded({'alg': 'RS256', 'kid': key.kid})}.{rest}")
        assert head


@pytest.mark.parametrize(
    "header",
    [
        "Basic QURNSU46",
        "Bearer",
        "Bearer ",
        "Bearer a.b",
        "Bearer a.b.c",
        "Bearer ...",
        "bearer é",
        "Bearer " + "a" * 20_000,
    ],
    ids=["basic", "nothing", "blank", "two parts", "not base64", "dots", "not ascii", "long"],
)
def test_what_is_no_token_is_refused(header: str) -> None:
    """It is 401 whatever it is, and what it is is not repeated."""
    with World([router]) as world:
        answer = world.get("/v1/things", headers={"authorization": header.encode()})

    assert (401, "UNAUTHENTICATED") == (answer.status_code, answer.json()["errorCode"])
    assert "QURNSU46" not in answer.text


def test_header_is_a_bearer_token_by_its_scheme_however_that_is_written() -> None:
    """A scheme's name has no case; a good token under another scheme is none."""
    with World([router]) as world:
        token = world.token("READER")
        answers = [
            world.get("/v1/things", headers={"authorization": f"{scheme} {token}"}).status_code
            for scheme in ("Bearer", "bearer", "BEARER", "Basic", "Token", "DPoP")
        ]

    assert [200, 200, 200, 401, 401, 401] == answers


@pytest.mark.parametrize("algorithm", ["HS256", "RS512", "PS256", "none"])
def test_token_that_asks_for_another_way_of_signing_is_refused_for_that(algorithm: str) -> None:
    """Before anything is tried: the head alone says so."""
    with World([router]) as world:
        _, claims, signature = world.token("READER").split(".")
        head = encoded({"alg": algorithm, "kid": world.identity.key.kid})
        answer = world.get("/v1/things", headers={"authorization": f"Bearer {head}.{claims}.{signature}"})

    assert 401 == answer.status_code
    assert "it is not signed as it must be" in answer.json()["developerMessage"]


@pytest.mark.filterwarnings("ignore")  # joserfc says that this way of signing is not recommended
@pytest.mark.parametrize("algorithm", ["RS256", "RS512", "PS256"])
def test_other_ways_of_signing_are_refused_though_nobody_looked_at_the_head(
    algorithm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever verifies knows two ways and no more, be the signature good."""
    with World([router]) as world:
        key = world.identity.key = RSAKey.generate_key(2048, {"use": "sig"})  # which is for any of them
        key.ensure_kid()
        usual = jwt.decode(world.token("READER"), key).claims
        monkeypatch.setattr("aboveline.service.security.tokens._key_id", lambda _: key.kid)
        token = jwt.encode({"alg": algorithm, "kid": key.kid}, dict(usual), key, algorithms=[algorithm])

        assert (200 if algorithm == "RS256" else 401) == ask(world, token)


def test_new_key_is_found_without_a_restart() -> None:
    """Where the issuer changes its key, the first token of the new one makes us ask for it."""
    with World([router]) as world:
        assert 200 == ask(world, world.token("READER"))
        world.identity.key = RSAKey.generate_key(2048, {"use": "sig"})
        world.identity.key.ensure_kid()
        world.clock.go_on(seconds=NOT_SOONER_THAN.total_seconds())

        assert 200 == ask(world, world.token("READER"))


def test_made_up_keys_do_not_make_us_ask_without_end() -> None:
    """Fifty tokens of keys that nobody has cost the issuer one question."""
    with World([router]) as world:
        _, claims, signature = world.token("READER").split(".")
        for number in range(50):
            ask(world, f"{encoded({'alg': 'RS256', 'kid': f'made-up-{number}'})}.{claims}.{signature}")

        assert 1 == world.provider.asked.count("/.well-known/jwks.json")


def test_token_of_a_key_that_nobody_has_is_refused_for_that() -> None:
    """It is told to whoever made the request, and nothing is tried with no key."""
    with World([router]) as world:
        _, claims, signature = world.token("READER").split(".")
        token = f"{encoded({'alg': 'RS256', 'kid': 'made-up'})}.{claims}.{signature}"
        answer = world.get("/v1/things", headers={"authorization": f"Bearer {token}"})

    assert 401 == answer.status_code
    assert "its key is not known" in answer.json()["developerMessage"]


def test_no_way_of_signing_is_taken_that_knows_a_secret() -> None:
    """What keys are taken, and what each kind can do, would stop one too: so nothing else would tell of it."""
    assert {"RS256", "ES256"} == set(ALGORITHMS)


def test_key_that_is_for_something_else_signs_nothing() -> None:
    """One that its issuer published to be written to under, and not to sign by."""
    with World([router]) as world:
        other = RSAKey.generate_key(2048, {"use": "enc", "kid": "for-letters"})
        good_key = world.identity.key.as_dict(private=False)
        published = {"keys": [good_key, other.as_dict(private=False)]}
        world.provider.instead = json.dumps(published).encode()
        good = world.token("READER")
        world.identity.key = RSAKey.import_key(other.as_dict(private=True) | {"use": "sig"})

        assert (200, 401) == (ask(world, good), ask(world, world.token("READER")))
        assert {good_key["kid"]} == set(_public_keys(published))  # what verifies would refuse it too


def test_many_at_once_ask_for_keys_once() -> None:
    """Whoever comes while keys are fetched waits for them."""
    with World([router]) as world:
        head = {"authorization": f"Bearer {world.token('READER')}"}

        async def together() -> list[int]:
            asked = (world._client.get("/v1/things", headers=head) for _ in range(20))
            return [one.status_code for one in await asyncio.gather(*asked)]

        assert [200] * 20 == world._loop.run(together())
        assert 1 == len(world.provider.asked)


@pytest.mark.parametrize(
    "published",
    [
        b"",
        b"[]",
        b'{"keys": 1}',
        b'{"keys": []}',
        b'{"keys": [{"kty": "oct", "k": "a2FuYXJpZQ", "kid": "a"}]}',
        b'{"keys": [1, "a", {"kty": []}]}',
        b'{"keys": [' + b" " * 300_000 + b"]}",
    ],
    ids=["nothing", "a list", "a number", "no key", "a secret", "no objects", "very large"],
)
def test_keys_that_cannot_be_read_are_no_keys(published: bytes) -> None:
    """Nobody gets in, and nothing breaks."""
    with World([router]) as world:
        world.provider.instead = published

        assert 503 == ask(world, world.token("READER"))


def test_document_of_keys_has_a_limit() -> None:
    """A very large one is not read to its end, even if a good key stands in it."""
    with World([router]) as world:
        good = world.identity.key.as_dict(private=False)
        world.provider.instead = json.dumps({"keys": [good], "more": "a" * 300_000}).encode()

        assert 503 == ask(world, world.token("READER"))


def test_token_has_a_limit() -> None:
    """A very long one is not looked at, even if it is good."""
    with World([router]) as world:
        assert 200 == ask(world, world.token("READER", more="a" * 1_000))
        assert 401 == ask(world, world.token("READER", more="a" * 20_000))


def test_broken_key_does_not_take_the_others_with_it() -> None:
    """One that cannot be read is passed over, and so is one too short to trust."""
    with World([router]) as world:
        good = world.identity.key.as_dict(private=False)
        broken = {"kty": "RSA", "kid": "broken", "n": "!", "e": "AQAB"}
        point = {"kty": "EC", "kid": "no-point", "crv": "P-256", "x": "AA", "y": "AA"}
        world.provider.instead = json.dumps({"keys": [broken, point, good]}).encode()

        assert 200 == ask(world, world.token("READER"))


def test_short_key_is_not_trusted() -> None:
    """Fewer than 2048 bits are as good as none."""
    with World([router]) as world, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        world.identity.key = RSAKey.generate_key(1024, {"use": "sig", "kid": "short"})

        assert 503 == ask(world, world.token("READER"))


def test_key_that_was_withdrawn_is_no_longer_taken() -> None:
    """Keys are asked for again after some minutes, and one that has gone is gone."""
    with World([router]) as world:
        old = world.token("READER", exp=int(NOW.timestamp()) + 7200)
        assert 200 == ask(world, old)
        world.identity.key = RSAKey.generate_key(2048, {"use": "sig"})
        world.identity.key.ensure_kid()
        world.clock.go_on(seconds=FRESH_FOR.total_seconds())

        assert 401 == ask(world, old)


def test_without_keys_nobody_gets_in() -> None:
    """An issuer that was never reached is 503 for those with a token: not open, and not their fault."""
    with World([router]) as world:
        world.provider.cut = True
        answer = world.get("/v1/things", by="READER")

        assert (503, "UNAVAILABLE", "60") == (
            answer.status_code,
            answer.json()["errorCode"],
            answer.headers["retry-after"],
        )
        assert 401 == world.get("/v1/things").status_code


def test_keys_outlive_a_short_silence_of_the_issuer_and_not_a_long_one() -> None:
    """For an hour we go by what we know; after that by nothing."""
    with World([router]) as world:
        token = world.token("READER", exp=int(NOW.timestamp()) + 7200)
        assert 200 == ask(world, token)
        world.provider.cut = True
        world.clock.go_on(seconds=USABLE_FOR.total_seconds() - 1)
        assert 200 == ask(world, token)
        world.clock.go_on(seconds=1)
        assert 503 == ask(world, token)
        world.provider.cut = False
        world.clock.go_on(seconds=NOT_SOONER_THAN.total_seconds())

        assert 200 == ask(world, token)
