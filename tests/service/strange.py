"""What is done in a process of its own and does not end well. It can be pickled, so it stands here."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import OperationalError

__all__ = ["Eats", "Ends", "Loses", "Raises", "Says", "Turns"]

Tell = Callable[[int], None]


@dataclass(frozen=True)
class Says:
    """Says how far it is, and a text."""

    what: tuple[str, int, int]

    def __call__(self, tell: Tell) -> str:
        """Do so."""
        text, *numbers = self.what
        for one in numbers:
            tell(one)
        return text


class Loses:
    """Finds the database gone."""

    def __call__(self, tell: Tell) -> str:
        """Do so."""
        tell(0)
        raise OperationalError("select 1", {}, ValueError("gone"))


class Turns:
    """Is at one pattern for ever, in code that lets nothing else of Python go on."""

    def __call__(self, tell: Tell) -> str:
        """Do so."""
        tell(0)
        return str(re.match(r"(a+)+$", "a" * 64 + "b"))


class Eats:
    """Wants more memory than there may be."""

    def __call__(self, tell: Tell) -> str:
        """Do so."""
        tell(0)
        return str(len(bytearray(64 * 1024**3)))


class Ends:
    """Ends without a word."""

    def __call__(self, tell: Tell) -> str:
        """Do so."""
        tell(0)
        os._exit(3)


@dataclass(frozen=True)
class Raises:
    """Raises an error with some words."""

    words: str

    def __call__(self, tell: Tell) -> str:
        """Do so."""
        tell(0)
        raise ValueError(self.words)
