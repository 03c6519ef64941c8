"""The one place where the service is put together."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import structlog
from fastapi import FastAPI

import aboveline

from . import answering
from .admission import Guard
from .answering import ErrorPage
from .assets import Assets
from .clock import Clock, SystemClock
from .guard import GuardedRoute, Router, guarded_routes, hang
from .observing.metrics import Metrics
from .observing.requests import Observed
from .observing.tracing import Tracing, tracing_of
from .openapi import describe
from .ports import SessionStore, StoreHealth, Users
from .routes import description, health
from .security.bodies import UnreadBodies
from .security.headers import Headers
from .security.keys import Keys
from .security.limits import RateLimit
from .security.oidc import SignIn, sign_in_router
from .security.provider import Provider
from .security.sessions import MemorySessions, Sessions
from .security.tokens import Tokens
from .security.trust import trust_of
from .settings import ANY_AUDIENCE, Settings

__all__ = ["create_app"]

log = structlog.get_logger(__name__)

_PATIENCE = httpx2.Timeout(5)


def create_app(
    settings: Settings,
    *,
    users: Users,
    store_health: StoreHealth,
    clock: Clock | None = None,
    session_store: SessionStore | None = None,
    routers: Iterable[Router] = (),
    assets: Mapping[str, Path] | None = None,
    error_page: ErrorPage | None = None,
    state: Mapping[str, Any] | None = None,
    tracing: Tracing | None = None,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> FastAPI:
    """Put the service together.

    Args:
        settings: how it is set.
        users: knows who was granted what.
        store_health: knows how the database is.
        clock: tells the time.
        session_store: keeps sessions; in this process where none is given.
        routers: what it can do besides telling how it is: routes and pages.
        assets: folders of files that are the same for everybody, each by its path.
        error_page: makes the page of an error; without it browsers get the document.
        state: what routes find in ``request.app.state``, such as the database.
        tracing: follows requests; as is set where none is given.
        transport: how the identity provider is reached, for tests.

    Raises:
        UnguardedRouteError: a route does not say who may call it.
        SettingsError: something that is set cannot be had.
        ValueError: two operations have one name.
    """
    clock = clock or SystemClock()
    tracing = tracing or tracing_of(settings, aboveline.__version__)
    trusted = trust_of(settings)
    http = httpx2.AsyncClient(
        timeout=_PATIENCE, follow_redirects=False, transport=transport, trust_env=False, verify=trusted
    )
    audience = None if settings.token_audience == ANY_AUDIENCE else settings.token_audience
    if audience is None:
        log.warning("audience_not_checked", setting="token_audience")
    tokens = Tokens(
        Keys(settings.keys_url, http, clock), settings.issuer, audience, settings.token_leeway_seconds, clock
    )
    kept = session_store or MemorySessions()
    sessions = Sessions(kept, settings, clock)
    metrics = Metrics()

    @asynccontextmanager
    async def while_it_runs(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await http.aclose()
        tracing.close()

    app = FastAPI(
        title="Aboveline",
        version=aboveline.__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=while_it_runs,
    )
    limit = RateLimit(settings.requests_per_minute, settings.requests_at_once, clock)
    app.state.guard = Guard(settings, tokens, sessions, users, limit, metrics)
    app.state.store_health = store_health
    app.state.clock = clock
    app.state.error_page = error_page
    for name, value in (state or {}).items():
        setattr(app.state, name, value)
    sign_in = SignIn(settings, tokens, sessions, kept, Provider(settings, http, trusted, transport), clock)
    app.state.sign_in = sign_in.begin
    for router in (health.router, description.router, sign_in_router(sign_in), *routers):
        hang(app, router)
    _need_own_names(guarded_routes(app))
    for path, folder in (assets or {}).items():
        app.mount(path, Assets(directory=folder), name=path.strip("/"))
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    answering.install(app)
    # The last one added is the first to see a request.
    app.add_middleware(Observed, metrics=metrics, tracing=tracing)
    app.add_middleware(Headers, settings=settings)
    app.add_middleware(UnreadBodies)
    return app


def _need_own_names(routes: Iterable[GuardedRoute]) -> None:
    """Go on only if no two operations have one name: clients make method names of them."""
    known: dict[str, str] = {}
    for route in routes:
        first = known.setdefault(route.unique_id, route.path) if route.include_in_schema else route.path
        if first != route.path:
            raise ValueError(f"{route.path}: its function is called as that of {first}; name it otherwise")
