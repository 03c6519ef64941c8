"""The identity provider's public keys, kept for a while and fetched again when one is not among them."""

import asyncio
import datetime as dt
from typing import Any

import httpx2
import orjson
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from aboveline.service.clock import Clock
from aboveline.service.problems import unavailable

__all__ = ["FRESH_FOR", "NOT_SOONER_THAN", "USABLE_FOR", "Keys"]

FRESH_FOR = dt.timedelta(minutes=5)
"""So long keys are used without asking again."""

USABLE_FOR = dt.timedelta(hours=1)
"""So long they are used where the provider cannot be reached. After that nobody gets in."""

NOT_SOONER_THAN = dt.timedelta(seconds=20)
"""Between two fetches: tokens with made-up key ids must not make us ask without end."""

_LARGEST = 256 * 1024
_WEAKEST = 2048
_KINDS: dict[object, type[RSAKey] | type[ECKey]] = {"RSA": RSAKey, "EC": ECKey}

log = structlog.get_logger(__name__)


class Keys:
    """The keys of one address."""

    def __init__(self, url: str, http: httpx2.AsyncClient, clock: Clock) -> None:
        self._url = url
        self._http = http
        self._clock = clock
        self._keys: dict[str, RSAKey | ECKey] = {}
        self._fetched_at: dt.datetime | None = None
        self._tried_at: dt.datetime | None = None
        self._lock = asyncio.Lock()

    async def key(self, kid: str) -> RSAKey | ECKey | None:
        """Return the key of this id, or nothing where the provider has none.

        Raises:
            ProblemError: the provider cannot be reached, and what we know is too old to go by.
        """
        if not self._is_younger_than(FRESH_FOR) or kid not in self._keys:
            async with self._lock:
                # Another request may have fetched them while this one waited.
                if (not self._is_younger_than(FRESH_FOR) or kid not in self._keys) and self._may_try():
                    await self._fetch()
        if not self._is_younger_than(USABLE_FOR):
            raise unavailable("the keys of the identity provider")
        return self._keys.get(kid)

    def _is_younger_than(self, age: dt.timedelta) -> bool:
        return self._fetched_at is not None and self._clock.now() - self._fetched_at < age

    def _may_try(self) -> bool:
        return self._tried_at is None or self._clock.now() - self._tried_at >= NOT_SOONER_THAN

    async def _fetch(self) -> None:
        self._tried_at = self._clock.now()
        try:
            async with self._http.stream("GET", self._url) as answer:
                answer.raise_for_status()
                body = b""
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > _LARGEST:
                        raise ValueError("too large")  # noqa: TRY301 - it ends as any other bad answer
            self._keys = _public_keys(orjson.loads(body))
        except (httpx2.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("keys_not_fetched", error=type(error).__name__)
            return
        self._fetched_at = self._clock.now()


def _public_keys(document: Any) -> dict[str, RSAKey | ECKey]:
    """Return the keys that can verify a signature.

    A symmetric one among public keys is no key at all, and one that cannot be
    read does not take the others with it.
    """
    found: dict[str, RSAKey | ECKey] = {}
    for one in document["keys"]:
        kind = _KINDS.get(one.get("kty"))
        if kind is None or one.get("use", "sig") != "sig" or not isinstance(one.get("kid"), str):
            continue
        try:
            key = kind.import_key(one)
            is_strong = isinstance(key, ECKey) or key.public_key.key_size >= _WEAKEST
        except (JoseError, ValueError, TypeError, KeyError):
            log.warning("key_not_read")
            continue
        if is_strong:
            found[one["kid"]] = key
    if not found:
        raise ValueError("no keys")
    return found
