"""Backends answer one question: which clauses hold of a case, and of which facts."""

from .base import Backend, BackendError, Match
from .durable import DurableBackend

__all__ = ["Backend", "BackendError", "DurableBackend", "Match"]
