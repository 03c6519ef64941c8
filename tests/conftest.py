"""Tests are quiet and come out the same every time."""

import logging

import structlog
from hypothesis import HealthCheck, settings

# The engine's log is kept for the tests that ask for it.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))

# Examples are drawn from each test itself, so a failure is a failure everywhere; no test is timed.
settings.register_profile(
    "aboveline",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("aboveline")
