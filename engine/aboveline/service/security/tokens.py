"""Bearer tokens: who asks, as a signed token of the identity provider says.

Only two ways of signing are taken, whatever the token asks for. A token that
lacks an expiry or names another issuer or audience is none. What is wrong with
it is told by a word, never by what stood in it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode

from aboveline.service.clock import Clock
from aboveline.service.problems import unauthenticated

from .keys import Keys
from .roles import Role, known_roles

__all__ = ["ALGORITHMS", "Identity", "Tokens", "bearer_of"]

ALGORITHMS = ("RS256", "ES256")

_LONGEST = 16 * 1024
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,127}")


@dataclass(frozen=True)
class Identity:
    """Who a token speaks of. Without a user name it is a program by itself."""

    user_name: str | None
    client_id: str
    roles: frozenset[Role]


class Tokens:
    """Verifies tokens against the keys of their issuer."""

    def __init__(self, keys: Keys, issuer: str, audience: str | None, leeway: int, clock: Clock) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._leeway = leeway
        self._clock = clock
        self._registry = JWSRegistry(algorithms=list(ALGORITHMS))

    async def identity(self, token: str) -> Identity:
        """Return whom an access token speaks of.

        Raises:
            ProblemError: the token cannot be trusted, or that cannot be found out just now.
        """
        claims = await self.claims(token, self._audience)
        client_id, user_name = claims.get("client_id"), claims.get("user_name")
        if not isinstance(client_id, str) or not _is_name(client_id):
            raise unauthenticated("it does not say what uses it")
        if user_name is not None and not _is_name(user_name):
            raise unauthenticated("it does not say who uses it")
        authorities = claims.get("authorities", [])
        if not isinstance(authorities, list):
            raise unauthenticated("its authorities are not a list")
        return Identity(user_name, client_id, known_roles(one for one in authorities if isinstance(one, str)))

    async def claims(self, token: str, audience: str | None) -> Mapping[str, Any]:
        """Return the claims of a token that is signed by its issuer, in force and meant for this audience.

        Raises:
            ProblemError: it is not, or that cannot be found out just now.
        """
        if len(token) > _LONGEST:
            raise unauthenticated("it is too long")
        key = await self._keys.key(_key_id(token))
        if key is None:
            raise unauthenticated("its key is not known")
        wanted: dict[str, Any] = {
            "exp": {"essential": True},
            "iss": {"essential": True, "value": self._issuer},
        }
        if audience is not None:
            wanted["aud"] = {"essential": True, "value": audience}
        try:
            read = jwt.decode(token, key, registry=self._registry)
            now = int(self._clock.now().timestamp())
            jwt.JWTClaimsRegistry(now=now, leeway=self._leeway, **wanted).validate(read.claims)
        except ExpiredTokenError:
            raise unauthenticated("it has expired") from None
        except (JoseError, ValueError):
            raise unauthenticated("it is not valid here") from None
        return read.claims


def bearer_of(header: str | None) -> str | None:
    """Return the token of an ``Authorization`` header, or nothing where there is no header.

    Raises:
        ProblemError: the header holds something else.
    """
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise unauthenticated("the header must be `Authorization: Bearer` and a token")
    return token.strip()


def _key_id(token: str) -> str:
    """Return which key a token says it was signed by. Nothing else of it is believed yet."""
    try:
        header = orjson.loads(urlsafe_b64decode(token.split(".", 1)[0].encode("ascii")))
        kid = header["kid"]
    except (ValueError, KeyError, TypeError):
        raise unauthenticated("it cannot be read") from None
    if not isinstance(kid, str) or header.get("alg") not in ALGORITHMS:
        raise unauthenticated("it is not signed as it must be")
    return kid


def _is_name(value: object) -> bool:
    return isinstance(value, str) and _NAME.fullmatch(value) is not None
