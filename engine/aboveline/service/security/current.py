"""The caller of a request, and what a route says about who may call it.

A route declares who may call it, by one of these in its signature::

    async def show(case_id: str, caller: Reader) -> CaseView: ...
    async def judge(case_id: str, caller: Judge) -> JudgementView: ...

or ``dependencies=[is_open("why")]`` where nobody need be known. One that
declares nothing keeps the service from starting.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request

from .areas import AreaScope
from .roles import READERS, Role

__all__ = [
    "Admin",
    "Anybody",
    "Caller",
    "Judge",
    "OpenTo",
    "Reader",
    "Requires",
    "SignedIn",
    "Uploads",
    "Writer",
    "caller_of",
    "is_open",
    "requires",
    "uploads",
]

OpenTo = str
"""Why a route is open: what it shows anybody."""


@dataclass(frozen=True)
class Caller:
    """Who asks: a user, or a program by itself. ``areas`` is what they may see."""

    user_name: str | None
    client_id: str
    roles: frozenset[Role]
    areas: AreaScope
    csrf_token: str | None = field(default=None, repr=False)
    """What every form must carry, where the caller signed in by browser."""

    @property
    def name(self) -> str:
        """Return what they are known by in the store: a user name, or ``client:<id>`` for a program."""
        return self.user_name if self.user_name is not None else f"client:{self.client_id}"

    def has(self, *roles: Role) -> bool:
        """Say whether they have any of these roles."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True)
class Requires:
    """Says that a route wants one of these roles. The guard has asked before the body was read."""

    roles: frozenset[Role]

    async def __call__(self, request: Request) -> Caller:
        """Return the caller that the guard let in."""
        caller = caller_of(request)
        if caller is None or not caller.has(*self.roles):
            raise RuntimeError("a route was reached without its guard")
        return caller


@dataclass(frozen=True)
class Anybody:
    """Says that a route is open, and why."""

    why: OpenTo
    is_probe: bool = False
    """Probes come often, and know but an address: host name and rate are not asked about."""

    async def __call__(self) -> None:
        """Let anybody in."""


@dataclass(frozen=True)
class Uploads:
    """Says that a route takes large bodies, and reads them as a stream."""

    zipped: bool

    async def __call__(self) -> None:
        """Leave the body alone."""


def caller_of(request: Request) -> Caller | None:
    """Return who asks, where the guard has found out: for the head of a page, as of an error."""
    caller = getattr(request.state, "caller", None)
    return caller if isinstance(caller, Caller) else None


def requires(*roles: Role) -> Any:
    """Return the dependency of a route that wants one of these roles."""
    if not roles:
        raise ValueError("name at least one role, or say is_open and why")
    return Depends(Requires(frozenset(roles)))


def is_open(why: OpenTo, *, is_probe: bool = False) -> Any:
    """Return the dependency of a route that is open to anybody."""
    return Depends(Anybody(why, is_probe))


def uploads(*, zipped: bool = True) -> Any:
    """Return the dependency of a route that takes uploads, with ``Content-Encoding: gzip`` or not.

    The guard counts its body against the limit of uploads and leaves it to the
    route, which reads ``inflated(request, settings)`` chunk by chunk.
    """
    return Depends(Uploads(zipped))


_EVERY_ROLE: Sequence[Role] = tuple(Role)

Reader = Annotated[Caller, requires(*READERS)]
Writer = Annotated[Caller, requires(Role.WRITE)]
Judge = Annotated[Caller, requires(Role.JUDGE)]
Admin = Annotated[Caller, requires(Role.ADMIN)]
SignedIn = Annotated[Caller, requires(*_EVERY_ROLE)]
"""Anybody who has any role at all, as for the way out."""
