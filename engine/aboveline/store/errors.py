"""What can go wrong with the store, by name."""

from sqlalchemy.exc import DontWrapMixin

__all__ = ["BusyError", "ConflictError", "LeaseLostError", "NotFoundError", "StoreError", "UnfitError"]


class StoreError(Exception):
    """The store cannot do what was asked. The text never holds what is recorded of a case, nor its identifier."""


class NotFoundError(StoreError):
    """There is no such thing, or it is outside the areas of whoever asks: nobody can tell which."""


class ConflictError(StoreError):
    """It cannot be done as things stand: somebody did something else meanwhile, or before."""


class BusyError(ConflictError):
    """Others were writing for as long as this writer could wait. Nothing is wrong with what was to be written."""


class LeaseLostError(ConflictError):
    """Whoever works on a job no longer holds it: the lease ran out and another took it, or it has ended."""


class UnfitError(
    StoreError, DontWrapMixin
):  # or SQLAlchemy would put its own error, with the statement, around it
    """What was given cannot be kept; the text says what to change."""
