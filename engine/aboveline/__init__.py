"""Aboveline: audits probation case records against inspection expectations.

Data goes one way: ``case`` (records) to ``facts`` to ``rulebook`` and
``backends`` (rules fire) to ``answers`` to ``scoring`` to ``reports``.
``audit`` runs them in that order; ``cli`` is the way in.
"""

from importlib.metadata import version

__all__ = ["__version__"]

__version__ = version("aboveline")
