"""The routes of the pages: a module for each group. ``PAGES`` has all of their routers."""

from . import audits, cases, dashboard, rules, uploads
from . import open as open_pages

__all__ = ["PAGES"]

PAGES = (
    audits.router,
    cases.router,
    dashboard.router,
    open_pages.router,
    rules.router,
    uploads.router,
)
"""Every router of pages, for ``create_app``."""
