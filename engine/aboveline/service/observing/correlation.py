"""The id that ties together all that was logged and answered for one request."""

import re
import uuid
from contextvars import ContextVar

__all__ = ["HEADER", "correlation", "correlation_id_from", "current_correlation_id"]

HEADER = "x-correlation-id"

_WELL_FORMED = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}|[0-9a-fA-F]{16,64}")

correlation: ContextVar[str | None] = ContextVar("aboveline_correlation", default=None)


def correlation_id_from(sent: str | None) -> str:
    """Return the id that was sent, or a new one.

    Only hexadecimal ones and UUIDs are taken: anything else could carry a name
    into every line of the log.
    """
    return sent.lower() if sent is not None and _WELL_FORMED.fullmatch(sent) else str(uuid.uuid4())


def current_correlation_id() -> str | None:
    """Return the id of the request that is being answered, if one is."""
    return correlation.get()
