"""Counts and times for Prometheus. Labels are route templates and fixed words, never what was sent."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

__all__ = ["METHODS", "Metrics"]

METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The metrics of one application. Others are added to its ``registry``."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "aboveline_requests",
            "Requests answered",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "aboveline_request_seconds",
            "Time to answer",
            ("method", "route"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._refused = Counter(
            "aboveline_requests_refused", "Requests the guard refused", ("code",), registry=self.registry
        )
        self.under_way = Gauge(
            "aboveline_requests_under_way", "Requests being answered", registry=self.registry
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def refused(self, code: str) -> None:
        """Count a refusal, by the word that the problem has for programs."""
        self._refused.labels(code).inc()

    def text(self) -> bytes:
        """Return all of it, as Prometheus reads it."""
        return generate_latest(self.registry)
