"""Tests are quiet: the engine's log is kept for those that ask for it."""

import logging

import structlog

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
