"""Logs of the service: a line of JSON for each event, with the correlation id, on standard error.

An event names what happened and identifiers of audits, uploads and jobs.
Whatever other libraries log comes out in the same form, without the values of
exceptions: those can hold what was sent.
"""

import logging
import sys
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

from .correlation import current_correlation_id

__all__ = ["log_service", "where"]

_QUIET = ("httpx2", "httpcore2", "httpx", "httpcore", "authlib", "multipart", "python_multipart")
"""They log addresses, with all that stands in them."""

_SPOKEN = "uvicorn"
"""Whose words are logged, before anything is put into them. Others may have put it in already."""

_FRAMES = 8


def log_service(level: str, stream: TextIO | None = None) -> None:
    """Log from a level on, for the whole process."""
    out = stream or sys.stderr
    number = logging.getLevelNamesMapping()[level]
    shared: list[Processor] = [
        _with_correlation_id,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        _without_values,
        structlog.processors.JSONRenderer(),
    ]
    structlog.configure(
        processors=shared,
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[_of_record, *shared]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(number, logging.INFO))
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)


def where(error: BaseException) -> list[str]:
    """Return where an error came from, as module and line, innermost last: all that can be told of it safely."""
    places = []
    frame = error.__traceback__
    while frame is not None:
        module = frame.tb_frame.f_globals.get("__name__", "?")
        places.append(f"{module}:{frame.tb_lineno}")
        frame = frame.tb_next
    return places[-_FRAMES:]


def _with_correlation_id(_logger: Any, _method: str, event: EventDict) -> EventDict:
    one = current_correlation_id()
    if one is not None:
        event.setdefault("correlation_id", one)
    return event


def _without_values(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Put what kind of error it was, and where, in place of the error."""
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info if isinstance(info, BaseException) else None
    if info is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["error"], event["where"] = type(error).__name__, where(error)
    return event


def _of_record(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Turn what another library logged into an event of ours."""
    record: logging.LogRecord = event.pop("_record")
    event.pop("_from_structlog", None)
    event.update(event="library_said", logger=record.name, at=f"{record.module}:{record.lineno}")
    if record.name.startswith(_SPOKEN):
        event["said"] = str(record.msg)
    return event
