"""What the tests of the service share."""

from collections.abc import Iterator

import pytest

from service.process import Served, serve


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return the sample service and the identity provider as a process, for all tests of a module."""
    with serve(tmp_path_factory.mktemp("served") / "log.jsonl") as server:
        yield server
