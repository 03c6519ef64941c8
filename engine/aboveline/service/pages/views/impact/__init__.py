"""A draft of the rules: the form that sends one, how far trying it has come, and what it would do."""

from .page import ImpactPage, impact_page
from .sending import DraftSummary, ImpactForm, impact_form, impact_progress

__all__ = ["DraftSummary", "ImpactForm", "ImpactPage", "impact_form", "impact_page", "impact_progress"]
