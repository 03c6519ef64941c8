"""What the tests of the service share."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aboveline.store import Database
from service.office import Office
from service.process import Served, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from service.site import Site


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


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Site]":
    """Serve the sample as a person starts it, for all tests of a module."""
    from service.site import served_site  # noqa: PLC0415 - a browser's library is loaded where there is one

    with served_site(tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.fixture(params=[1280, 375], ids=["desktop", "phone"])
def page(browser: "Browser", site: "Site", request: pytest.FixtureRequest) -> "Iterator[Page]":
    """Return a page of a browser that nobody has used, as wide as a desktop and as a phone."""
    from service.site import paged  # noqa: PLC0415 - the same

    with paged(browser, site, request.param) as made:
        yield made


@pytest.fixture
def desktop(browser: "Browser", site: "Site") -> "Iterator[Page]":
    """Return a page of a browser that nobody has used, as wide as a desktop."""
    from service.site import paged  # noqa: PLC0415 - the same

    with paged(browser, site, 1280) as made:
        yield made
