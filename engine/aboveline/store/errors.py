"""What can go wrong with the store, by name."""

from sqlalchemy.exc import DontWrapMixin

__all__ = ["ConflictError", "LeaseLostError", "NotFoundError", "StoreError", "UnfitError"]


class StoreError(Exception):
    """The store cannot do what was asked. The text never holds what is recorded of a case, nor its identifier."""


class NotFoundError(StoreError):
    """There is no such thing, or it is outside the areas of whoever asks: nobody can tell which."""


class ConflictError(StoreError):
    """It cannot be done as things stand: somebody did something else meanwhile, or before."""


class LeaseLostError(ConflictError):
    """Whoever works on a job no longer holds it: the lease ran out, and it may be another's by now."""


class UnfitError(
    StoreError, DontWrapMixin
):  # or SQLAlchemy would put its own error, with the statement, around it
    """What was given cannot be kept; the text says what to change."""
