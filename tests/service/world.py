"""A whole service in memory: settings, invented people, an identity provider, and a clock that stands still."""

import asyncio
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from html import unescape
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx2
from fastapi import FastAPI

from aboveline.service import Settings, create_app
from aboveline.service.guard import Router
from aboveline.service.identity import PEOPLE, create_identity
from aboveline.service.ports import Grants
from aboveline.service.security.sessions import MemorySessions

__all__ = ["StillClock", "StoreInMemory", "UsersInMemory", "World", "settings_of"]

NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)


class StillClock:
    """Stands still until it is told to go on."""

    def __init__(self, at: dt.datetime = NOW) -> None:
        self.at = at

    def now(self) -> dt.datetime:
        """Return where it stands."""
        return self.at

    def go_on(self, **how_long: float) -> None:
        """Go on for so long."""
        self.at += dt.timedelta(**how_long)


class UsersInMemory:
    """Grants in a dictionary."""

    def __init__(self, grants: Mapping[str, Grants] | None = None) -> None:
        self.grants = dict(grants or {one.user_name: Grants(areas=frozenset(one.areas)) for one in PEOPLE})

    def grants_of(self, name: str) -> Grants:
        """Return what is in the dictionary."""
        return self.grants.get(name, Grants())


class StoreInMemory:
    """A database that is as it is told to be."""

    def __init__(self) -> None:
        self.reachable = True
        self.current = True

    def is_reachable(self) -> bool:
        """Say what was told."""
        return self.reachable

    def is_current(self) -> bool:
        """Say what was told."""
        return self.current


class Provider(httpx2.AsyncBaseTransport):
    """The way to the identity provider, which can be cut, and which counts who goes it."""

    def __init__(self, app: Any) -> None:
        self._to = httpx2.ASGITransport(app, client=("127.0.0.1", 1))
        self.cut = False
        self.instead: bytes | None = None
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Go it, unless it is cut."""
        self.asked.append(request.url.path)
        if self.cut:
            raise httpx2.ConnectError("cut")
        if self.instead is not None:
            return httpx2.Response(200, content=self.instead)
        # In production it has a name of its own; here it is always this machine.
        request.url = request.url.copy_with(host="127.0.0.1")
        request.headers["host"] = "127.0.0.1"
        return await self._to.handle_async_request(request)


def settings_of(**more: Any) -> Settings:
    """Return settings of development, or of production with all that it needs."""
    if more.get("environment") == "production":
        more = {
            "base_url": "https://aboveline.example",
            "auth_url": "https://auth.example/auth",
            "token_audience": "aboveline",
            "login_client_id": "aboveline-web",
            "login_client_secret": "a-secret-of-production",
            "database_url": "postgresql+psycopg://somebody:a-password@db/aboveline",
            "pseudonym_key": "k" * 32,
            "product_id": "HMPPS999",
        } | more
    return Settings(**more)


class World:
    """The service and what is around it. Used in a ``with``, which ends what it began."""

    def __init__(
        self,
        routers: Iterable[Router] = (),
        *,
        settings: Settings | None = None,
        **more: Any,
    ) -> None:
        self.settings = settings or settings_of()
        self.clock = StillClock()
        self.users = UsersInMemory()
        self.store = StoreInMemory()
        self.sessions = MemorySessions()
        made_with = self.settings
        if made_with.is_production:  # then there is another one, which this one stands for
            made_with = settings_of(auth_url=f"http://127.0.0.1{urlsplit(made_with.auth_url).path}")
        self.identity_app = create_identity(made_with, clock=self.clock)
        self.identity = self.identity_app.state.identity
        self.identity.settings, self.identity.issuer = self.settings, self.settings.issuer
        self.provider = Provider(self.identity_app)
        self.app = self._put_together(routers, more)
        self._loop = asyncio.Runner()
        self._client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self.app, client=("192.0.2.1", 1)), base_url=self.settings.base_url
        )

    def __enter__(self) -> Self:
        self._lifespan = self.app.router.lifespan_context(self.app)
        self._loop.run(self._lifespan.__aenter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.run(self._client.aclose())
        self._loop.run(self._lifespan.__aexit__(None, None, None))
        self._loop.close()

    def _put_together(self, routers: Iterable[Router], more: dict[str, Any]) -> FastAPI:
        """Return the service."""
        return create_app(
            self.settings,
            users=self.users,
            store_health=self.store,
            clock=self.clock,
            session_store=self.sessions,
            routers=routers,
            transport=self.provider,
            **more,
        )

    @property
    def cookies(self) -> httpx2.Cookies:
        """Return the cookies of the browser."""
        return self._client.cookies

    def token(self, user_name: str = "ADMIN", /, **claims: Any) -> str:
        """Return an access token of one of the invented people; claims of None are left out."""
        person = self.identity.people[user_name]
        usual = {
            "user_name": user_name,
            "aud": self.settings.token_audience,
            "client_id": "a-program",
            "authorities": [str(role) for role in person.roles],
        } | claims
        return str(self.identity.token({name: value for name, value in usual.items() if value is not None}))

    def ask(self, method: str, path: str, *, by: str | None = None, **more: Any) -> httpx2.Response:
        """Ask the service, with a token of ``by`` where one is named."""
        headers = dict(more.pop("headers", {}))
        if by is not None:
            headers["authorization"] = f"Bearer {self.token(by)}"
        return self._loop.run(self._client.request(method, path, headers=headers, **more))

    def get(self, path: str, **more: Any) -> httpx2.Response:
        """Ask for something."""
        return self.ask("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx2.Response:
        """Send something."""
        return self.ask("POST", path, **more)

    def at_provider(self, method: str, address: str, **more: Any) -> httpx2.Response:
        """Ask the identity provider, as a browser on this machine does."""

        async def go() -> httpx2.Response:
            async with httpx2.AsyncClient(transport=Provider(self.identity_app)) as browser:
                return await browser.request(method, address, **more)

        return self._loop.run(go())

    def choose(self, page: str, user_name: str) -> str:
        """Choose who to be on the provider's page; return where that sends the browser."""
        shown = self.at_provider("GET", page)
        assert 200 == shown.status_code, shown.text
        hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', shown.text)
        form = {name: unescape(value) for name, value in hidden} | {"user_name": user_name}
        return self.at_provider("POST", page.partition("?")[0], data=form).headers["location"]

    def sign_in(self, user_name: str, start: str = "/login") -> httpx2.Response:
        """Sign in by browser; return the last answer of the service."""
        sent_away = self.get(start)
        assert 303 == sent_away.status_code, sent_away.text
        return self.get(self.choose(sent_away.headers["location"], user_name))
