"""What the tests of the service share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from aboveline.store import Database
from service.office import Office
from service.process import Served, serve


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return the sample service and the identity provider as a process, for all tests of a module."""
    with serve(tmp_path_factory.mktemp("served") / "log.jsonl") as server:
        yield server


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Return the whole service on a database of its own."""
    with Database.open(f"sqlite:///{tmp_path / 'aboveline.db'}") as database:
        database.migrate()
        with Office(database) as made:
            yield made
