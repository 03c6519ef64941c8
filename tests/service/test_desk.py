"""How much of what audits found is held between requests."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from aboveline.service import Settings
from aboveline.service.clock import SystemClock
from aboveline.service.work.desk import Desk
from aboveline.store import AreaScope, Database, audits, results


@pytest.mark.parametrize(
    ("sizes", "read"),
    [
        ([49] * 8 + [49] * 8, 8),  # eight small ones stay
        ([49] * 9 + [49] * 9, 18),  # nine do not
        ([2000, 2000] * 2, 2),
        ([2000, 2000, 2000] * 2, 6),  # too many cases between them
        ([20000] * 3, 1),  # a large one stays by itself
        ([20000, 49, 20000, 49], 4),  # and with no other
    ],
)
def test_few_cases_are_held_at_once(
    sizes: list[int], read: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Results are opened one after the other; each is of so many cases, and named by its place in its round."""
    loaded: list[str] = []

    def load(_session: object, _scope: object, audit: str) -> Any:
        loaded.append(audit)
        return SimpleNamespace(cases=int(audit.partition(" ")[0]))

    monkeypatch.setattr(audits, "get", lambda *_: SimpleNamespace(digest="x"))
    monkeypatch.setattr(results, "load", load)
    round_ = len(sizes) // 2 if len(sizes) % 2 == 0 else 1
    with Database.open(f"sqlite:///{tmp_path}/x.db") as database, database.reading() as session:
        ours = Desk.of(Settings(), database, SystemClock())
        for number, size in enumerate(sizes):
            name = f"{size} {number % round_}"
            assert size == ours.result(session, AreaScope.everything(), name).cases

    assert read == len(loaded)


def test_many_who_open_it_at_once_read_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All get what one of them read. Where reading fails, each is told, and it can be read after."""
    loaded: list[str] = []
    together = threading.Barrier(8)

    def load(_session: object, _scope: object, audit: str) -> Any:
        loaded.append(audit)
        time.sleep(0.2)
        if len(loaded) > 1:
            raise ValueError("not as it was kept")
        return SimpleNamespace(cases=49)

    monkeypatch.setattr(audits, "get", lambda *_: SimpleNamespace(digest="x"))
    monkeypatch.setattr(results, "load", load)
    with Database.open(f"sqlite:///{tmp_path}/x.db") as database, database.reading() as session:
        ours = Desk.of(Settings(), database, SystemClock())

        def open_it(_: int) -> object:
            together.wait()
            return ours.result(session, AreaScope.everything(), "an audit")

        with ThreadPoolExecutor(8) as pool:
            opened = list(pool.map(open_it, range(8)))
        with pytest.raises(ValueError, match="kept"):
            ours.result(session, AreaScope.everything(), "another")
        with pytest.raises(ValueError, match="kept"):
            ours.result(session, AreaScope.everything(), "another")

    assert 1 == len({id(one) for one in opened})
    assert ["an audit", "another", "another"] == loaded
