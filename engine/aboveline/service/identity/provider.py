"""The development identity provider: discovery, keys, a page to choose who to be, tokens, signing out."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from aboveline.service.clock import Clock, SystemClock
from aboveline.service.settings import Settings, SettingsError

from .asked import basic_of, form_of
from .loopback import ThisMachineOnly, is_here
from .people import PEOPLE, Person

__all__ = ["Identity", "create_identity"]

log = structlog.get_logger(__name__)

_LIFETIME = 3600
_CODE_LASTS = 60
_MOST_CODES = 1000
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><link rel="icon" href="data:,"><title>Choose who to be - development only</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main>
<h1>Choose who to be</h1>
<p><strong>This is for development only.</strong> There is no password, and everybody here is invented.</p>
<form method="post" action="{action}">
{hidden}
<ul>
{people}
</ul>
</form>
</main></body></html>
"""


@dataclass(frozen=True)
class _Code:
    """What a code stands for, once."""

    person: Person
    redirect_uri: str
    challenge: str
    nonce: str | None
    expires_at: float


class Identity:
    """Whom it knows, its key, and the codes that are under way."""

    def __init__(self, settings: Settings, people: Iterable[Person], clock: Clock) -> None:
        self.issuer = settings.auth_url
        self.settings = settings
        self.people = {one.user_name: one for one in people}
        self.clock = clock
        self.key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"})
        self.key.ensure_kid()
        self.codes: dict[str, _Code] = {}

    def token(self, claims: dict[str, Any], *, lifetime: int = _LIFETIME) -> str:
        """Return a signed token with these claims besides the usual ones."""
        now = int(self.clock.now().timestamp())
        usual = {"iss": self.issuer, "iat": now, "nbf": now, "exp": now + lifetime}
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, usual | claims, self.key)

    def access_token(self, person: Person) -> str:
        """Return an access token of somebody."""
        return self.token(
            {
                "sub": person.user_name,
                "user_name": person.user_name,
                "aud": self.settings.token_audience,
                "client_id": self.settings.login_client_id,
                "auth_source": "none",
                "authorities": [str(role) for role in person.roles],
            }
        )

    def is_known(self, client_id: str, client_secret: str) -> bool:
        """Say whether this is the one client, with its secret."""
        settings = self.settings
        return client_id == settings.login_client_id and hmac.compare_digest(
            client_secret.encode(), settings.login_client_secret.get_secret_value().encode()
        )

    async def discovery(self, _request: Request) -> Response:
        """Say where everything is."""
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/oauth/authorize",
                "token_endpoint": f"{self.issuer}/oauth/token",
                "jwks_uri": f"{self.issuer}/.well-known/jwks.json",
                "end_session_endpoint": f"{self.issuer}/sign-out",
                "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "subject_types_supported": ["public"],
            }
        )

    async def jwks(self, _request: Request) -> Response:
        """Publish the public key."""
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def choose(self, request: Request) -> Response:
        """Show who there is to be."""
        asked = dict(request.query_params)
        wrong = self._wrong(asked)
        if wrong:
            return PlainTextResponse(wrong, 400)
        hidden = "\n".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in asked.items()
        )
        people = "\n".join(
            f'<li><button name="user_name" value="{escape(one.user_name)}">{escape(one.called)}</button>'
            f" {escape(one.does)}</li>"
            for one in self.people.values()
        )
        return HTMLResponse(
            _PAGE.format(hidden=hidden, people=people, action=f"{urlsplit(self.issuer).path}/oauth/authorize")
        )

    async def chosen(self, request: Request) -> Response:
        """Send the browser back as whom it chose to be."""
        asked = await form_of(request)
        wrong = self._wrong(asked)
        person = self.people.get(asked.get("user_name", ""))
        if wrong or person is None:
            return PlainTextResponse(wrong or "Choose somebody who is there.", 400)
        code = secrets.token_urlsafe(24)
        while len(self.codes) >= _MOST_CODES:
            self.codes.pop(next(iter(self.codes)))
        self.codes[code] = _Code(
            person,
            asked["redirect_uri"],
            asked["code_challenge"],
            asked.get("nonce"),
            self.clock.now().timestamp() + _CODE_LASTS,
        )
        query = urlencode({"code": code, "state": asked.get("state", ""), "iss": self.issuer})
        return RedirectResponse(f"{asked['redirect_uri']}?{query}", 303)

    async def tokens(self, request: Request) -> Response:
        """Give tokens for a code and the verifier of its challenge."""
        asked = await form_of(request)
        client_id, client_secret = basic_of(request) or (
            asked.get("client_id", ""),
            asked.get("client_secret", ""),
        )
        if not self.is_known(client_id, client_secret):
            return JSONResponse({"error": "invalid_client"}, 401)
        code = self.codes.pop(asked.get("code", ""), None)
        if (
            asked.get("grant_type") != "authorization_code"
            or code is None
            or code.expires_at < self.clock.now().timestamp()
            or code.redirect_uri != asked.get("redirect_uri")
            or code.challenge != _challenge(asked.get("code_verifier", ""))
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        id_token = self.token({"sub": code.person.user_name, "aud": client_id, "nonce": code.nonce})
        return JSONResponse(
            {
                "access_token": self.access_token(code.person),
                "id_token": id_token,
                "token_type": "Bearer",
                "expires_in": _LIFETIME,
            },
            headers={"cache-control": "no-store"},
        )

    async def sign_out(self, request: Request) -> Response:
        """Send the browser back: nobody was signed in here."""
        back = request.query_params.get("post_logout_redirect_uri", "")
        if not back.startswith(f"{self.settings.base_url}/"):
            return PlainTextResponse("You are signed out.")
        return RedirectResponse(back, 303)

    def _wrong(self, asked: dict[str, str]) -> str | None:
        """Return what is wrong with what a browser was sent here with, if anything is."""
        if asked.get("client_id") != self.settings.login_client_id:
            return "This client is not known."
        if asked.get("redirect_uri") != f"{self.settings.base_url}/login/callback":
            return "This client does not live there."
        if asked.get("response_type", "code") != "code" or asked.get("code_challenge_method") != "S256":
            return "Only codes with an S256 challenge are given."
        if not asked.get("code_challenge"):
            return "There is no challenge."
        return None


def create_identity(
    settings: Settings, people: Iterable[Person] = PEOPLE, clock: Clock | None = None
) -> Starlette:
    """Make the provider that ``settings`` point to. Serve it on a loopback address.

    Raises:
        SettingsError: this is production, or the address it is to have is not this machine's.
    """
    if settings.is_production:
        raise SettingsError(["The development identity provider does not run in production"])
    if not is_here(urlsplit(settings.auth_url).hostname or ""):
        raise SettingsError(
            ["ABOVELINE_AUTH_URL must be a loopback address to have the development identity"]
        )
    identity = Identity(settings, people, clock or SystemClock())
    log.warning(
        "development_identity",
        message="ANYBODY ON THIS MACHINE CAN SIGN IN AS ANY OF SOME INVENTED PEOPLE. For development only.",
    )
    path = urlsplit(settings.auth_url).path
    app = Starlette(
        routes=[
            Route(f"{path}/.well-known/openid-configuration", identity.discovery),
            Route(f"{path}/.well-known/jwks.json", identity.jwks),
            Route(f"{path}/oauth/authorize", identity.choose, methods=["GET"]),
            Route(f"{path}/oauth/authorize", identity.chosen, methods=["POST"]),
            Route(f"{path}/oauth/token", identity.tokens, methods=["POST"]),
            Route(f"{path}/sign-out", identity.sign_out),
        ],
        middleware=[Middleware(ThisMachineOnly)],
    )
    app.state.identity = identity
    return app


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
