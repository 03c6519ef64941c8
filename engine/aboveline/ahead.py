"""Make the next thing while somebody is at work on the one before."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["one_ahead"]

Thing = TypeVar("Thing")
Made = TypeVar("Made")


def one_ahead(make: Callable[[Thing], Made], things: Iterable[Thing]) -> Iterator[Made]:
    """Yield what is made of each thing, in order, while a thread makes the next: there are two at a time, never more.

    Whatever making one raises is raised in its place.
    """
    with ThreadPoolExecutor(1, "ahead") as thread:
        before: Future[Made] | None = None
        for thing in things:
            # The one before is taken first: there would be three otherwise.
            made = [before.result()] if before else []
            before = thread.submit(make, thing)
            yield from made
        if before:
            yield before.result()
