"""Running the service: how the server in front of it is set."""

import asyncio
import os
import socket
from collections.abc import Sequence

import uvicorn
from starlette.types import ASGIApp

from .settings import Settings, SettingsError

__all__ = ["need_port", "run", "server_of"]

_AT_ONCE = 512
_IDLE_SECONDS = 15
_TIME_TO_FINISH = 20
_LARGEST_HEAD = 32 * 1024


def need_port(host: str, port: int) -> None:
    """Go on only if this process could listen there: before anything says that it does.

    Raises:
        SettingsError: it cannot, as when another program does.
    """
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(kind) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that has just ended is no obstacle
        try:
            tried.bind((host, port))
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else "it has no such address"
            raise SettingsError(
                [f"nothing can listen on port {port} of {host} ({why}): choose another with --port"]
            ) from None


def server_of(app: ASGIApp, host: str, port: int, *, proxies: str | None = None) -> uvicorn.Server:
    """Return a server for an application. It logs nothing by itself: addresses can name a case.

    Args:
        app: what it serves.
        host: the address to listen on.
        port: the port to listen on.
        proxies: addresses of proxies whose word on who asks is taken, parted by commas.
    """
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http="h11",  # the one whose limit on heads can be set
            ws="none",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=proxies is not None,
            forwarded_allow_ips=proxies,
            limit_concurrency=_AT_ONCE,
            timeout_keep_alive=_IDLE_SECONDS,
            timeout_graceful_shutdown=_TIME_TO_FINISH,
            h11_max_incomplete_event_size=_LARGEST_HEAD,
        )
    )


def run(app: ASGIApp, settings: Settings, others: Sequence[uvicorn.Server] = ()) -> None:
    """Serve until told to stop; beside it, other servers, such as the development identity provider.

    Call ``log_service`` before anything is put together: it too has things to say.
    """
    servers = [server_of(app, settings.host, settings.port, proxies=settings.trusted_proxies), *others]
    asyncio.run(_serve(servers))


async def _serve(servers: Sequence[uvicorn.Server]) -> None:
    await asyncio.gather(*(server.serve() for server in servers))
