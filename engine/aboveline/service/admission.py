"""Letting requests in: who asks, may they, and is what they send of a size and kind to be read.

In order: host, identity, rate, role, origin, size, kind, and the token of a form,
which stands in its body.
"""

import hmac
from dataclasses import dataclass
from typing import Literal, Protocol

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from .observing.metrics import Metrics
from .ports import StoreUnavailableError, Users
from .problems import ProblemError, forbidden, unauthenticated, unsupported
from .security.areas import AreaScope
from .security.bodies import check_json, counted
from .security.csrf import SAFE_METHODS, need_our_page, need_token
from .security.current import Anybody, Caller, Requires, Uploads
from .security.limits import RateLimit
from .security.roles import Role, known_roles
from .security.sessions import Sessions
from .security.tokens import Tokens, bearer_of
from .settings import Settings

__all__ = ["Guard", "Guarded", "Kind"]

Kind = Literal["none", "json", "form"]
"""What the framework will make of a body: nothing, or one of these."""


class Guarded(Protocol):
    """What a route says of itself: who may call it, whether it takes uploads, and what becomes of its body."""

    declared: Requires | Anybody
    takes: Uploads | None
    reads: Kind


@dataclass(frozen=True)
class Guard:
    """Lets requests in."""

    settings: Settings
    tokens: Tokens
    sessions: Sessions
    users: Users
    limit: RateLimit
    metrics: Metrics

    async def admit(self, request: Request, route: Guarded) -> Request:
        """Return the request with its body under count, and with its caller where one is needed.

        Raises:
            ProblemError: it is not let in.
        """
        try:
            return await self._admit(request, route)
        except ProblemError as problem:
            self.metrics.refused(problem.code)
            raise

    async def _admit(self, request: Request, route: Guarded) -> Request:
        declared = route.declared
        if isinstance(declared, Anybody) and declared.is_probe:
            return await self._body(request, route)
        self._need_our_name(request)
        if isinstance(declared, Anybody):
            self._spend(request, None)
            return await self._body(request, route)
        caller, by_cookie = await self._caller(request)
        self._spend(request, caller)
        request.state.caller = (
            caller  # the page of an error wants to know too; a route asks for the role again
        )
        if not caller.has(*declared.roles):
            raise forbidden(developer="One of these roles is needed: " + ", ".join(sorted(declared.roles)))
        changes = by_cookie and request.method not in SAFE_METHODS
        if changes:
            need_our_page(request, self.settings.origin)
        request = await self._body(request, route)
        if changes:
            await need_token(request, caller.csrf_token or "")
        return request

    async def known(self, request: Request) -> Caller | None:
        """Return who is signed in, for the head of a page that is open to anybody; nobody where that cannot be told."""
        try:
            caller, _ = await self._caller(request)
        except (ProblemError, StoreUnavailableError):
            return None
        return caller

    async def _caller(self, request: Request) -> tuple[Caller, bool]:
        """Return who asks, and whether a cookie says so. A bearer token goes before any cookie."""
        try:
            token = bearer_of(request.headers.get("authorization"))
            if token is not None:
                identity = await self.tokens.identity(token)
                return await self._known(identity.user_name, identity.client_id, identity.roles, None), False
            session = await run_in_threadpool(self.sessions.find, request)
            if session is None:
                raise unauthenticated()
        except ProblemError:
            # Guessing is slowed down by address; those who are known are counted by name.
            self._spend(request, None)
            raise
        roles = frozenset(session.roles)
        return await self._known(session.user_name, session.client_id, roles, session.csrf_token), True

    async def _known(
        self, user_name: str | None, client_id: str, roles: frozenset[Role], csrf_token: str | None
    ) -> Caller:
        caller = Caller(user_name, client_id, roles, AreaScope(frozenset()), csrf_token)
        grants = await run_in_threadpool(self.users.grants_of, caller.name)
        return Caller(
            user_name, client_id, roles | known_roles(grants.roles), AreaScope(grants.areas), csrf_token
        )

    def _spend(self, request: Request, caller: Caller | None) -> None:
        address = request.client.host if request.client else "unknown"
        self.limit.spend(f"user {caller.name}" if caller else f"address {address}")

    def _need_our_name(self, request: Request) -> None:
        # A page elsewhere can point its own name at our address; then its scripts would be of our origin.
        if request.headers.get("host", "").lower() not in self.settings.hosts:
            raise ProblemError(421, "MISDIRECTED", "This service is not known by that name.")

    async def _body(self, request: Request, route: Guarded) -> Request:
        settings = self.settings
        encoding = request.headers.get("content-encoding", "identity").strip().lower()
        if route.takes is not None:
            if encoding not in ({"identity", "gzip"} if route.takes.zipped else {"identity"}):
                raise unsupported("it is, or packed with gzip" if route.takes.zipped else "it is, not packed")
            return counted(request, settings.upload_limit_mib * 1024 * 1024)
        if encoding != "identity":
            raise unsupported("it is, not packed")
        request = counted(request, settings.body_limit_kib * 1024)
        if route.reads == "none":
            return request
        kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
        if route.reads == "form":
            if kind not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
                raise unsupported("a form")
            return request
        body = await request.body()
        if body:
            if kind != "application/json" and not kind.endswith("+json"):
                raise unsupported("application/json")
            check_json(body)
        return request

    def may_read_metrics(self, request: Request) -> bool:
        """Say whether a request shows what must be shown to read the metrics."""
        token = self.settings.metrics_token
        if token is None:
            return not self.settings.is_production
        sent = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(sent.encode(), token.get_secret_value().encode())
