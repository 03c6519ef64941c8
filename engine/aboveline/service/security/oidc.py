"""Signing in by browser: OpenID Connect, by authorization code with PKCE.

What an attempt needs to be finished is kept here under the hash of its own
short-lived cookie, with where the user wanted to go: nothing of that stands in
an address. An attempt is used once, whatever comes of it.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from urllib.parse import urlencode

import structlog
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from aboveline.case.base import Record
from aboveline.service.clock import Clock
from aboveline.service.guard import PageRouter
from aboveline.service.ports import SessionStore
from aboveline.service.problems import ProblemError
from aboveline.service.settings import Settings

from .csrf import need_our_page, need_token
from .current import is_open
from .provider import Provider, not_signed_in
from .sessions import Session, Sessions
from .tokens import Tokens

__all__ = ["SignIn", "sign_in_router"]

_AN_ATTEMPT_LASTS = dt.timedelta(minutes=10)
_LONGEST_PATH = 512
_SIGNED_OUT = "/signed-out"

log = structlog.get_logger(__name__)


class _Attempt(Record):
    """One way to the identity provider and back."""

    state: str
    nonce: str
    verifier: str
    go_to: str


class SignIn:
    """Sends browsers to the identity provider, and begins sessions for those who come back."""

    def __init__(
        self,
        settings: Settings,
        tokens: Tokens,
        sessions: Sessions,
        store: SessionStore,
        provider: Provider,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._tokens = tokens
        self.sessions = sessions
        self._store = store
        self._provider = provider
        self._clock = clock
        self._secure = settings.is_production
        self._cookie = "__Host-aboveline-sign-in" if self._secure else "aboveline-sign-in"

    async def begin(self, request: Request) -> Response:
        """Send a browser to sign in, and remember where it wanted to go."""
        word = secrets.token_urlsafe(32)
        attempt = _Attempt(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            go_to=_path_of(request),
        )
        address = await self._provider.address(attempt.state, attempt.nonce, attempt.verifier)
        expires_at = self._clock.now() + _AN_ATTEMPT_LASTS
        await run_in_threadpool(self._store.put, _hash(word), attempt.model_dump_json(), expires_at)
        response = RedirectResponse(address, 303)
        response.set_cookie(
            self._cookie,
            word,
            max_age=int(_AN_ATTEMPT_LASTS.total_seconds()),
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",  # it must come back with the browser, from another site
        )
        return response

    async def finish(self, request: Request) -> Response:
        """Begin the session of a browser that comes back.

        Raises:
            ProblemError: it brings nothing that we sent it away with.
        """
        attempt = await self._attempt(request)
        query = request.query_params
        provider = await self._provider.known()
        if not hmac.compare_digest(query.get("state", "").encode(), attempt.state.encode()):
            raise not_signed_in("the state is not ours")
        if query.get("iss", provider.issuer) != provider.issuer:
            raise not_signed_in("another issuer sent the browser back")
        if not query.get("code"):
            raise not_signed_in("the identity provider sent no code")
        answer = await self._provider.exchange(query["code"], attempt.verifier)
        try:
            id_claims = await self._tokens.claims(
                str(answer.get("id_token", "")), self._settings.login_client_id
            )
            identity = await self._tokens.identity(str(answer.get("access_token", "")))
        except ProblemError as problem:
            if problem.status_code == 401:  # noqa: PLR2004 - it would send the browser round in circles
                raise not_signed_in("what the identity provider sent is not valid here") from None
            raise
        if id_claims.get("nonce") != attempt.nonce:
            raise not_signed_in("the nonce is not ours")
        if identity.user_name is None:
            raise not_signed_in("the token names no user")
        response = RedirectResponse(attempt.go_to, 303)
        response.delete_cookie(self._cookie, path="/", secure=self._secure, httponly=True, samesite="lax")
        await run_in_threadpool(
            self.sessions.begin,
            request,
            response,
            identity.user_name,
            identity.client_id,
            identity.roles,
        )
        log.info("signed_in")
        return response

    async def end(self, request: Request) -> Response:
        """Sign out, here and at the identity provider.

        Raises:
            ProblemError: no page of ours asked for it.
        """
        session: Session | None = await run_in_threadpool(self.sessions.find, request)
        if session is None:
            return RedirectResponse(_SIGNED_OUT, 303)
        need_our_page(request, self._settings.origin)
        await need_token(request, session.csrf_token)
        go_to = _SIGNED_OUT
        try:
            provider = await self._provider.known()
        except ProblemError:  # here it ends all the same
            provider = None
        if provider is not None and provider.end_session_endpoint:
            client, back = self._settings.login_client_id, f"{self._settings.base_url}{_SIGNED_OUT}"
            query = urlencode({"client_id": client, "post_logout_redirect_uri": back})
            go_to = f"{self._provider.external(provider.end_session_endpoint)}?{query}"
        response = RedirectResponse(go_to, 303)
        await run_in_threadpool(self.sessions.end, request, response)
        log.info("signed_out")
        return response

    async def _attempt(self, request: Request) -> _Attempt:
        word = request.cookies.get(self._cookie, "")
        text = await run_in_threadpool(self._store.take, _hash(word), self._clock.now())
        if text is None:
            raise not_signed_in("no attempt to sign in was under way in this browser")
        return _Attempt.model_validate_json(text)


def sign_in_router(sign_in: SignIn) -> PageRouter:
    """Return the routes by which browsers come and go."""
    router = PageRouter()

    @router.get("/login", dependencies=[is_open("the way in")])
    async def login(request: Request) -> Response:
        return await sign_in.begin(request)

    @router.get("/login/callback", dependencies=[is_open("the way back from the identity provider")])
    async def login_callback(request: Request) -> Response:
        return await sign_in.finish(request)

    @router.post("/logout", dependencies=[is_open("the way out, for those without a role too")])
    async def logout(request: Request) -> Response:
        return await sign_in.end(request)

    return router


def _path_of(request: Request) -> str:
    """Return where a browser wanted to go, as a path of ours and nothing else."""
    path = request.url.path
    if (
        path in {"/login", "/login/callback", "/logout", _SIGNED_OUT}
        or path.startswith("//")
        or len(path) > _LONGEST_PATH
    ):
        return "/"
    query = request.url.query
    return f"{path}?{query}" if query and len(query) <= _LONGEST_PATH else path


def _hash(word: str) -> str:
    return hashlib.sha256(f"sign-in {word}".encode()).hexdigest()
