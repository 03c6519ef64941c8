"""What every model of a request is made of."""

from pydantic import BaseModel, ConfigDict

__all__ = ["Sent"]


class Sent(BaseModel):
    """A part of a request: immutable, and closed to fields it does not know. JSON has no dates, so types are not strict."""

    model_config = ConfigDict(frozen=True, extra="forbid")
