"""What a browser's form sent, as texts; what was sent as a file is not among them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from .views.parts import FieldError

__all__ = ["Sent", "SentForm", "day_of"]


@dataclass(frozen=True)
class SentForm:
    """The fields of a form, each as often as it was sent."""

    fields: tuple[tuple[str, str], ...]

    @property
    def values(self) -> dict[str, str]:
        """Each field's text, without what surrounds it; the last where there are several."""
        return {name: text.strip() for name, text in self.fields}

    def text(self, name: str) -> str:
        """Return the text of a field, empty where it was not sent."""
        return self.values.get(name, "")

    def every(self, name: str) -> tuple[str, ...]:
        """Return what was chosen of a field's choices."""
        return tuple(dict.fromkeys(text for one, text in self.fields if one == name and text))


async def _sent(request: Request) -> SentForm:
    form = await request.form()
    return SentForm(
        tuple(
            (name, value.replace("\r\n", "\n"))
            for name, value in form.multi_items()
            if isinstance(value, str)
        )
    )


Sent = Annotated[SentForm, Depends(_sent)]
"""The form of a request. The guard has counted it and looked at its token."""


def day_of(values: Mapping[str, str], field: str, what: str = "The day") -> dt.date | FieldError:
    """Return the day that three fields hold, or what is wrong with them."""
    parts = [values.get(f"{field}-{part}", "") for part in ("year", "month", "day")]
    if not any(parts):
        return FieldError(field=field, text=f"{what} must be given")
    try:
        return dt.date(*(int(part) for part in parts))
    except ValueError:
        return FieldError(field=field, text=f"{what} must be a real date")
