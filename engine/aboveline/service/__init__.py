"""Aboveline over HTTP: an API for programs and pages for browsers.

``app`` puts it together. A request meets ``security.headers`` and
``observing`` first, then the ``guard`` of its route (who asks, may they, how
much do they send), then the route itself (``routes``). Whatever goes wrong
leaves as a problem document (``problems``, ``answering``). What it needs to be
kept it asks for by ``ports``. ``server`` runs it.
"""

from .app import create_app
from .settings import Settings, SettingsError, read_settings

__all__ = ["Settings", "SettingsError", "create_app", "read_settings"]
