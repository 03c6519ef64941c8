"""The next thing is made while the one before is at work, and no more than that."""

import threading

import pytest

from aboveline.ahead import one_ahead


def test_things_come_in_order_one_ahead() -> None:
    """While one is in hand the next is being made, and nothing after it."""
    begun: list[int] = []
    second = threading.Event()

    def make(thing: int) -> int:
        begun.append(thing)
        if thing == 2:
            second.set()
        return thing * 10

    made = one_ahead(make, [1, 2, 3, 4])

    assert 10 == next(made)
    assert second.wait(10)
    assert {1, 2} == set(begun)
    assert [20, 30, 40] == list(made)
    assert [1, 2, 3, 4] == begun


def test_what_goes_wrong_comes_in_its_place() -> None:
    """What was made before is had first."""
    made = one_ahead(lambda thing: 10 // thing, [5, 0, 1])

    assert 2 == next(made)
    with pytest.raises(ZeroDivisionError):
        next(made)


def test_nothing_of_nothing() -> None:
    """There may be no thing at all, or nobody who wants the rest."""
    assert [] == list(one_ahead(str, []))
    made = one_ahead(str, [1, 2, 3])
    assert "1" == next(made)
    made.close()  # type: ignore[attr-defined]  # a generator, by its type an iterator
