"""What is noted of each request: by its route, never by its path; and what becomes of an unforeseen error."""

import time

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aboveline.service.answering import answer_unexpected

from .correlation import HEADER, correlation, correlation_id_from
from .logs import where
from .metrics import METHODS, Metrics
from .tracing import Tracing

__all__ = ["Observed"]

log = structlog.get_logger(__name__)

_QUIET = frozenset({"/health", "/health/ping", "/health/liveness", "/health/readiness", "/metrics"})


class Observed:
    """Notes each request, and lets no error out that nobody foresaw."""

    def __init__(self, app: ASGIApp, metrics: Metrics, tracing: Tracing) -> None:
        self._app = app
        self._metrics = metrics
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and note it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        correlation_id = correlation_id_from(Headers(scope=scope).get(HEADER))
        token = correlation.set(correlation_id)
        try:
            await self._answer(scope, receive, send, correlation_id)
        finally:
            correlation.reset(token)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, correlation_id: str) -> None:
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                MutableHeaders(scope=message)[HEADER] = correlation_id
            await send(message)

        method = scope["method"] if scope["method"] in METHODS else "other"
        began = time.perf_counter()
        with (
            self._tracing.request(method, correlation_id) as answered,
            self._metrics.under_way.track_inprogress(),
        ):
            try:
                await self._app(scope, receive, noting)
            except ClientDisconnect:
                log.info("client_left", route=_template(scope))
            except Exception as error:  # noqa: BLE001 - whatever it is, its words stay in here
                # Not log.exception: the error's words could hold what was sent.
                about = {"route": _template(scope), "error": type(error).__name__, "where": where(error)}
                log.error("unexpected", **about)  # noqa: TRY400
                if status:
                    # Half of an answer must not pass for a whole one: the server breaks the connection.
                    raise RuntimeError("an answer that had begun could not be finished") from None
                await answer_unexpected(Request(scope))(scope, receive, noting)
            finally:
                route, seconds = _template(scope), time.perf_counter() - began
                answered(route, status)
                self._metrics.answered(method, route, status, seconds)
                note = log.debug if route in _QUIET else log.info
                note("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


def _template(scope: Scope) -> str:
    """Return the template of the route, as ``/v1/cases/{case_id}``, or a word where there is none."""
    return str(getattr(scope.get("route"), "path_format", None) or "none")
