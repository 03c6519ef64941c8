"""The guard at every route: who asks, may they, and is what they send of a size and kind to be read.

Routes hang on a ``Router`` (answers programs) or a ``PageRouter`` (answers
browsers). Both refuse a route that does not declare who may call it. The guard
asks before the body is read, so nobody who may not do a thing can make the
service parse for it: what it asks is in ``admission``.
"""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.params import Form
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import Mount

from .admission import Guard, Kind
from .assets import Assets
from .security.current import Anybody, Requires, Uploads

__all__ = [
    "GuardedRoute",
    "PageRoute",
    "PageRouter",
    "Router",
    "UnguardedRouteError",
    "guarded_routes",
    "hang",
    "operation_id",
]


class UnguardedRouteError(TypeError):
    """A route does not say who may call it. Raised when the service is put together, not when it is asked."""


class GuardedRoute(APIRoute):
    """A route that says who may call it; for programs."""

    declared: Requires | Anybody
    takes: Uploads | None
    reads: Kind

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        super().__init__(path, endpoint, **more)
        said = list(_said(self.dependant))
        declared = {one for one in said if isinstance(one, Requires | Anybody)}
        if len(declared) != 1:
            raise UnguardedRouteError(
                f"{path}: declare who may call it, once: by Reader, Writer, Judge, Admin, requires(...) or is_open(...)"
            )
        (self.declared,) = declared
        self.takes = next((one for one in said if isinstance(one, Uploads)), None)
        field = self.body_field
        self.reads = "none" if field is None else "form" if isinstance(field.field_info, Form) else "json"

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers, behind the guard."""
        answer = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            guard: Guard = request.app.state.guard
            admitted = await guard.admit(request, self)
            try:
                return await answer(admitted)
            finally:
                await admitted.close()  # what a form held in files

        return guarded


class PageRoute(GuardedRoute):
    """A route for browsers: who is not signed in is sent to sign in, and an error is a page."""


class Router(APIRouter):
    """Where routes for programs hang. Give it the whole prefix: routers do not hang on one another."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("route_class", GuardedRoute)
        super().__init__(generate_unique_id_function=operation_id, **more)


class PageRouter(Router):
    """Where pages hang. They are not part of the API's description.

    A page takes ``caller: Reader`` (or another role), puts ``caller.csrf_token``
    into each form as ``csrf.FIELD``, and ``headers.nonce_of(request)`` on each
    inline script or style. A POST has been checked before it gets here.
    """

    def __init__(self, **more: Any) -> None:
        super().__init__(route_class=PageRoute, include_in_schema=False, **more)


def operation_id(route: APIRoute) -> str:
    """Return the name of a route's operation: that of its function, in camel case."""
    first, *others = route.name.strip("_").split("_")
    return first + "".join(word.capitalize() for word in others)


def hang(app: FastAPI, router: Router) -> None:
    """Add a router's routes to the application, as they are."""
    # Not include_router: that makes each anew, with a template that lacks its prefix.
    app.router.routes.extend(router.routes)


def guarded_routes(app: FastAPI) -> Iterator[GuardedRoute]:
    """Yield every route of the application.

    Raises:
        UnguardedRouteError: one of them has no guard.
    """
    for route in app.router.routes:
        if isinstance(route, Mount) and isinstance(route.app, Assets):
            continue
        if not isinstance(route, GuardedRoute):
            raise UnguardedRouteError(f"{getattr(route, 'path', route)}: it does not hang on a Router")
        yield route


def _said(dependant: Dependant) -> Iterator[object]:
    for one in dependant.dependencies:
        yield one.call
        yield from _said(one)
