"""Values planted in what is sent, to be looked for in all that comes out.

``watched()`` takes in the log as the running service writes it. ``Canary.sweep``
looks through it, through answers and through metrics. Routes plug in by
planting ``canary.value("where")`` in each field that people can write in.
"""

import io
import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx2
import structlog

from aboveline.service.observing.logs import log_service

__all__ = ["Canary", "Log", "watched"]


@dataclass
class Log:
    """What the service logged."""

    stream: io.StringIO = field(default_factory=io.StringIO)

    @property
    def text(self) -> str:
        """Return all of it, as it was written."""
        return self.stream.getvalue()

    @property
    def events(self) -> list[dict[str, object]]:
        """Return each event."""
        return [json.loads(line) for line in self.text.splitlines()]

    def named(self, event: str) -> list[dict[str, object]]:
        """Return the events of one name."""
        return [one for one in self.events if one["event"] == event]


@contextmanager
def watched() -> Iterator[Log]:
    """Log as the service does, to where it can be read, and put all back after."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    log = Log()
    log_service("DEBUG", log.stream)
    try:
        yield log
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.configure(**before)


class Canary:
    """Makes values that stand nowhere else, and finds them again."""

    def __init__(self) -> None:
        self.planted: dict[str, str] = {}

    def value(self, where: str) -> str:
        """Return the value for one place."""
        return self.planted.setdefault(where, f"kanarie{len(self.planted):03d}vogel")

    def found_in(self, text: str) -> list[str]:
        """Return the places whose values stand in a text."""
        return [where for where, value in self.planted.items() if value.lower() in text.lower()]

    def sweep(self, log: Log, metrics: str, answers: Iterable[httpx2.Response] = ()) -> list[str]:
        """Return where a value came out: in the log, in the metrics, in an error, or in a header of any answer."""
        found = [f"log: {where}" for where in self.found_in(log.text)]
        found += [f"metrics: {where}" for where in self.found_in(metrics)]
        for answer in answers:
            name = f"{answer.request.method} {answer.status_code}"
            found += [
                f"{name} header: {where}" for where in self.found_in(repr(answer.headers.multi_items()))
            ]
            if answer.is_error:
                found += [f"{name} body: {where}" for where in self.found_in(answer.text)]
        return found
