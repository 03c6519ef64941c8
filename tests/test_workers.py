"""Things are worked through in several processes: all of them, once each, whatever ends on the way."""

import itertools
import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from aboveline.workers import Lost, WorkersError, in_processes
from breaking import ALWAYS, FOLDER, adding, ending_before_it_begins, raising, unsendable


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that says what is to break."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    return tmp_path


@pytest.fixture(autouse=True)
def _nobody_left() -> Iterator[None]:
    """No process is left when all is done."""
    yield
    assert [] == multiprocessing.active_children()


def done(
    things: Iterable[int],
    many: int,
    chunk: int,
    begin: Callable[[], Callable[[Iterable[int]], list[int]]] = adding,
) -> tuple[Counter[int], list[Lost[int]]]:
    """Count how often each thing was done, and list what was lost."""
    counted: Counter[int] = Counter()
    lost: list[Lost[int]] = []
    for outcome in in_processes(begin, things, many, chunk):
        if isinstance(outcome, Lost):
            lost.append(outcome)
        else:
            counted.update(outcome)
    return counted, lost


@pytest.mark.parametrize(
    ("things", "many", "chunk"), [(0, 2, 5), (1, 2, 5), (23, 1, 5), (23, 2, 1), (100, 3, 7)]
)
def test_everything_is_done_once(things: int, many: int, chunk: int) -> None:
    """However many things, processes and chunks there are."""
    assert (Counter(range(things)), []) == done(range(things), many, chunk)


def test_no_more_is_read_ahead_than_two_chunks_a_process() -> None:
    """Memory is bounded however many things there are: what is read and not done is little."""
    read = itertools.count()
    things = (n for n in itertools.count() if next(read) >= 0)
    outcomes = in_processes(adding, things, 2, 5)
    finished = 0
    for outcome in itertools.islice(outcomes, 20):
        assert isinstance(outcome, list)
        finished += len(outcome)
        ahead = int(repr(read)[len("count(") : -1]) - finished
        assert 0 <= ahead <= 2 * 2 * 5
    outcomes.close()


@pytest.mark.parametrize("chunk", [1, 4, 50])
def test_thing_on_which_a_process_is_killed_once_is_done_all_the_same(folder: Path, chunk: int) -> None:
    """It is tried again in a fresh process, and nothing is done twice that counts."""
    for number in (0, 7, 8, 19):
        (folder / str(number)).write_text("1", encoding="ascii")

    assert (Counter(range(20)), []) == done(range(20), 2, chunk)


@pytest.mark.parametrize("chunk", [1, 4, 50])
def test_thing_on_which_processes_are_killed_is_given_up_by_name(folder: Path, chunk: int) -> None:
    """A second time is enough; all others are done, those of its chunk too."""
    for number in (0, 7, 8):
        (folder / str(number)).write_text(str(ALWAYS), encoding="ascii")
    (folder / "19.leaves").write_text(str(ALWAYS), encoding="ascii")

    counted, lost = done(range(20), 2, chunk)

    assert Counter(set(range(20)) - {0, 7, 8, 19}) == counted
    assert {0: "by SIGKILL", 7: "by SIGKILL", 8: "by SIGKILL", 19: "with code 3"} == {
        one.thing: next(how for how in ("by SIGKILL", "with code 3") if how in one.reason) for one in lost
    }
    assert 4 == len(lost)
    assert all(ALWAYS - 2 == int((folder / name).read_text()) for name in ("0", "7", "8", "19.leaves"))


def test_process_that_is_killed_from_outside_loses_nothing() -> None:
    """Whichever process it is and whatever it was at."""
    counted: Counter[int] = Counter()
    killed = 0
    for n, outcome in enumerate(in_processes(adding, range(400), 2, 5)):
        assert isinstance(outcome, list)
        counted.update(outcome)
        children = multiprocessing.active_children()
        if n in {3, 20, 40} and children:
            children[n % len(children)].kill()
            killed += 1

    assert killed
    assert Counter(range(400)) == counted


def test_process_that_ends_in_telling_what_came_of_it_is_no_endless_loop() -> None:
    """The thing to blame is found by doing each by itself."""
    counted, lost = done(range(9), 2, 4, unsendable)

    assert Counter(set(range(9)) - {3}) == counted
    assert [3] == [one.thing for one in lost]


def test_processes_that_end_before_they_begin_are_an_error() -> None:
    """There is no use in starting them over and over."""
    with pytest.raises(
        WorkersError, match="worker processes end before they begin; the last ended with code 4"
    ):
        done(range(9), 2, 4, ending_before_it_begins)


def test_what_goes_wrong_in_a_process_goes_wrong_here() -> None:
    """An error in the work is not taken for a process that ended."""
    with pytest.raises(WorkersError, match="ZeroDivisionError"):
        done(range(9), 2, 4, raising)
