"""The whole service, with its store and its pages: what ``aboveline serve`` serves, and what tests ask."""

from typing import Any

from fastapi import FastAPI

from aboveline.store import Database

from .adapters import StoredHealth, StoredSessions, StoredUsers
from .app import create_app
from .clock import Clock, SystemClock
from .pages import urls
from .pages.assets import STATIC
from .pages.context import Site
from .pages.error_page import error_page
from .pages.routes import PAGES
from .routes import API
from .settings import Settings
from .work.desk import Desk

__all__ = ["DEVELOPMENT", "compose"]

DEVELOPMENT = "Development: anybody on this machine can sign in as anybody. Use no real cases."


def compose(settings: Settings, database: Database, *, clock: Clock | None = None, **more: Any) -> FastAPI:
    """Put the whole service together on a database that is open, and stays its opener's to close."""
    clock = clock or SystemClock()
    more.setdefault("session_store", StoredSessions(database, clock))
    return create_app(
        settings,
        users=StoredUsers(database),
        store_health=StoredHealth(database),
        clock=clock,
        routers=(*API, *PAGES),
        assets={urls.ASSETS: STATIC},
        error_page=error_page,
        state={
            "desk": Desk.of(settings, database, clock),
            "site": Site(notice=None if settings.is_production else DEVELOPMENT),
        },
        **more,
    )
