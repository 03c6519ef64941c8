"""How far what somebody asked for has come, and from where it can come there: of an audit, and of a draft of the rules."""

from enum import StrEnum

from .errors import ConflictError

__all__ = ["State", "need_way"]


class State(StrEnum):
    """How far it has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


FROM = {
    State.RUNNING: {State.QUEUED, State.RUNNING},
    State.DONE: {State.RUNNING},
    State.FAILED: {State.QUEUED, State.RUNNING},
    State.QUEUED: {State.RUNNING},
}
"""The states from which one can come to a state. A worker may begin again, and may hand back what it began."""


def need_way(now: State, then: State, what: str) -> None:
    """Go on only if something can come from one state to another.

    Raises:
        ConflictError: it cannot.
    """
    if now not in FROM[then]:
        raise ConflictError(f"the {what} is {now} and cannot become {then}")
