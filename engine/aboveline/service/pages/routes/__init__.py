"""The routes of the pages: a module for each group. ``PAGES`` has all of their routers."""

from . import open as open_pages
from . import rules

__all__ = ["PAGES"]

PAGES = (open_pages.router, rules.router)
"""Every router of pages, for ``create_app``."""
