"""How the service is, for probes; what it is; and its metrics. Open to anybody, as nothing here tells of a case."""

from typing import Literal

from fastapi import Request, Response
from pydantic import Field

import aboveline
from aboveline.case.base import Record
from aboveline.service.admission import Guard
from aboveline.service.guard import Router
from aboveline.service.ports import StoreHealth
from aboveline.service.problems import not_found
from aboveline.service.security.current import is_open

__all__ = ["router"]

Status = Literal["UP", "DOWN"]

router = Router(tags=["Health"], dependencies=[is_open("how the service is", is_probe=True)])


class Component(Record):
    """How one thing is that the service needs."""

    status: Status


class Health(Record):
    """How the service is, and why."""

    status: Status
    components: dict[str, Component] = Field(default_factory=dict)


class Build(Record):
    """What was built."""

    name: str
    version: str
    number: str
    gitRef: str  # noqa: N815 - as the estate's clients read it


class Info(Record):
    """What this is."""

    build: Build
    productId: str  # noqa: N815


@router.get("/health", response_model=Health, responses={503: {"model": Health, "description": "It is down"}})
def health(request: Request, response: Response) -> Health:
    """Say how the service is, and each thing that it needs."""
    return _health(request, response)


@router.get("/health/ping")
async def ping() -> Health:
    """Say that the service answers."""
    return Health(status="UP")


@router.get("/health/liveness")
async def liveness() -> Health:
    """Say that the process need not be started again. It does not ask the database: a restart would not mend that."""
    return Health(status="UP")


@router.get(
    "/health/readiness", response_model=Health, responses={503: {"model": Health, "description": "Not ready"}}
)
def readiness(request: Request, response: Response) -> Health:
    """Say whether requests can be sent here."""
    return _health(request, response)


@router.get("/info")
async def info(request: Request) -> Info:
    """Say what was built, and from what."""
    guard: Guard = request.app.state.guard
    settings = guard.settings
    build = Build(
        name="aboveline",
        version=aboveline.__version__,
        number=settings.build_number,
        gitRef=settings.git_ref,
    )
    return Info(build=build, productId=settings.product_id)


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Tell Prometheus, if it shows the token that is set."""
    guard: Guard = request.app.state.guard
    if not guard.may_read_metrics(request):
        raise not_found()
    return Response(guard.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _health(request: Request, response: Response) -> Health:
    store: StoreHealth = request.app.state.store_health
    reachable = store.is_reachable()
    current = reachable and store.is_current()
    up = {True: Component(status="UP"), False: Component(status="DOWN")}
    if not current:
        response.status_code = 503
    return Health(
        status="UP" if current else "DOWN",
        components={"database": up[reachable], "databaseSchema": up[current]},
    )
