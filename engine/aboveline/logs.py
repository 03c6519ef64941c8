"""Logs go to standard error, as JSON: standard output is for results."""

import sys

import structlog

__all__ = ["effective_level", "log_from"]


def log_from(level: int) -> None:
    """Log what is of a level or above it."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def effective_level() -> int:
    """Return the level from which this process logs, for another to do as it does."""
    return int(structlog.get_logger().get_effective_level())
