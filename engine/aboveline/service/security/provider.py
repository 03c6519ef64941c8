"""The identity provider as signing in by browser needs it: where it is, where to send browsers, tokens for a code."""

import ssl
from typing import Any

import httpx2
import orjson
import structlog
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from pydantic import ValidationError

from aboveline.case.base import Record
from aboveline.service.problems import ProblemError, forbidden, unavailable
from aboveline.service.settings import Settings

__all__ = ["Provider", "Said", "not_signed_in"]

log = structlog.get_logger(__name__)


class Said(Record):
    """What the identity provider says of itself; the rest of it is not wanted."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    end_session_endpoint: str | None = None


class Provider:
    """The identity provider that is set."""

    def __init__(
        self,
        settings: Settings,
        http: httpx2.AsyncClient,
        trusted: ssl.SSLContext,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._http = http
        self._trusted = trusted
        self._transport = transport
        self._known: Said | None = None
        self._come_back_to = f"{settings.base_url}/login/callback"

    async def address(self, state: str, nonce: str, verifier: str) -> str:
        """Return where to send a browser to sign in.

        Raises:
            ProblemError: the provider cannot be reached.
        """
        provider = await self.known()
        async with self._client() as client:
            address, _ = client.create_authorization_url(
                self.external(provider.authorization_endpoint),
                state=state,
                nonce=nonce,
                code_verifier=verifier,
            )
        return str(address)

    async def exchange(self, code: str, verifier: str) -> dict[str, Any]:
        """Return the tokens that a code is good for.

        Raises:
            ProblemError: it is good for none, or the provider cannot be reached.
        """
        provider = await self.known()
        async with self._client() as client:
            try:
                answer: dict[str, Any] = await client.fetch_token(
                    self._internal(provider.token_endpoint), code=code, code_verifier=verifier
                )
            except OAuthError:
                raise not_signed_in("the identity provider did not take the code") from None
            except (httpx2.HTTPError, ValueError):
                raise unavailable("the identity provider") from None
        return answer

    async def known(self) -> Said:
        """Return what the provider says of itself, asked once.

        Raises:
            ProblemError: it cannot be reached, or it is another than is set.
        """
        if self._known is None:
            address = f"{self._settings.auth_url}/.well-known/openid-configuration"
            try:
                answer = await self._http.get(address)
                answer.raise_for_status()
                said = orjson.loads(answer.content)
                known = Said(**{name: said[name] for name in Said.model_fields if name in said})
            except (httpx2.HTTPError, ValidationError, ValueError, TypeError):
                raise unavailable("the identity provider") from None
            if known.issuer != self._settings.issuer:
                log.error("identity_provider_is_another", setting="token_issuer")
                raise unavailable("the identity provider that is set")
            self._known = known
        return self._known

    def _client(self) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            self._settings.login_client_id,
            self._settings.login_client_secret.get_secret_value(),
            scope="openid",
            redirect_uri=self._come_back_to,
            code_challenge_method="S256",
            transport=self._transport,
            trust_env=False,
            verify=self._trusted,
            timeout=5,
        )

    def external(self, address: str) -> str:
        """Return an address of the provider as browsers reach it."""
        return _moved(address, self._settings.auth_url, self._settings.auth_external_url)

    def _internal(self, address: str) -> str:
        external = self._settings.auth_external_url
        return _moved(address, external, self._settings.auth_url) if external else address


def not_signed_in(reason: str) -> ProblemError:
    """Return the problem of a browser that could not be signed in."""
    return forbidden(
        "You could not be signed in. Go to the first page and try again.",
        code="NOT_SIGNED_IN",
        developer=f"Signing in failed: {reason}.",
    )


def _moved(address: str, there: str, here: str | None) -> str:
    return here + address.removeprefix(there) if here and address.startswith(there) else address
