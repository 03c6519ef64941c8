"""The routes of the pages: a module for each group. ``PAGES`` has all of their routers."""

from . import (
    actions,
    administration,
    assessments,
    audits,
    cases,
    comparing,
    dashboard,
    facts,
    impact,
    judged,
    moderation,
    overriding,
    retention,
    rules,
    trail,
    uploads,
)
from . import open as open_pages

__all__ = ["PAGES"]

PAGES = (
    actions.router,
    administration.router,
    assessments.router,
    audits.router,
    cases.router,
    comparing.router,
    dashboard.router,
    facts.router,
    impact.router,
    judged.router,
    moderation.router,
    open_pages.router,
    overriding.router,
    retention.router,
    rules.router,
    trail.router,
    uploads.router,
)
"""Every router of pages, for ``create_app``."""
