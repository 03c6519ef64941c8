"""Rules as the API tells of them."""

from aboveline.case.base import Record
from aboveline.rulebook import Question, Severity

__all__ = ["DeficiencyView", "RecommendationView", "RuleView", "Rules"]


class DeficiencyView(Record):
    """What makes an answer insufficient, and how to put it right."""

    id: str
    severity: Severity
    finding: str
    put_right: str
    recommendation: str | None


class RuleView(Record):
    """A question of the inspection, with what is found to fall short of it."""

    id: str
    title: str
    outcome: str
    criteria: tuple[str, ...]
    status: str
    scored: bool
    judged: bool
    deficiencies: tuple[DeficiencyView, ...]

    @classmethod
    def of(cls, one: Question) -> "RuleView":
        """Return how a question is told of."""
        return cls(
            id=one.id,
            title=one.title,
            outcome=one.outcome,
            criteria=one.criteria,
            status=str(one.status),
            scored=one.scored,
            judged=one.judged,
            deficiencies=tuple(
                DeficiencyView(
                    id=it.id,
                    severity=it.severity,
                    finding=it.finding,
                    put_right=it.put_right,
                    recommendation=it.recommendation,
                )
                for it in one.deficiencies
            ),
        )


class RecommendationView(Record):
    """A recommendation that an audit can make, and the questions whose shortfall leads to it."""

    id: str
    text: str
    questions: tuple[str, ...]


class Rules(Record):
    """The rulebook: its hash, its packs of standards, every question, and what can be recommended."""

    rulebook: str
    standards: dict[str, str]
    questions: tuple[RuleView, ...]
    recommendations: tuple[RecommendationView, ...]
