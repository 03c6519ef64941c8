"""On this machine only: by the address that asks, and by the name that it asks for."""

import ipaddress

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["ThisMachineOnly", "is_here"]


class ThisMachineOnly:
    """Answers nobody who is not on this machine, or who knows it by another machine's name."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer that this is for one machine only, or go on."""
        if scope["type"] == "http":
            request = Request(scope)
            address = request.client.host if request.client else ""
            if not (is_here(address) and is_here(request.url.hostname or "")):
                await PlainTextResponse("This is for development, on this machine only.", 403)(
                    scope, receive, send
                )
                return
        await self._app(scope, receive, send)


def is_here(host: str) -> bool:
    """Say whether a name or an address is this machine's own."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
