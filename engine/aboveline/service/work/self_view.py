"""How practitioners see their own work, beside what an audit found, over the same cases and questions."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from aboveline.answers import ANSWERED, Answer
from aboveline.result import AuditResult

__all__ = ["Beside", "SelfView", "self_view_of"]


@dataclass(frozen=True, slots=True)
class Beside:
    """Answers that both gave: how many each calls sufficient, and how many are the same, kinder or harder than the findings."""

    compared: int
    own: int
    found: int
    same: int
    kinder: int
    harder: int

    @classmethod
    def of(cls, said: list[tuple[bool, bool]]) -> "Beside":
        """Count pairs of whether the assessor, and whether the audit, calls the work sufficient."""
        return cls(
            compared=len(said),
            own=sum(mine for mine, _ in said),
            found=sum(its for _, its in said),
            same=sum(mine == its for mine, its in said),
            kinder=sum(mine and not its for mine, its in said),
            harder=sum(its and not mine for mine, its in said),
        )


@dataclass(frozen=True, slots=True)
class SelfView:
    """What assessors say of ``cases`` of an audit, over all and by question, those alone that both answered."""

    cases: int
    overall: Beside
    questions: tuple[tuple[str, Beside], ...]


def self_view_of(result: AuditResult, own: Mapping[str, Mapping[str, Answer]]) -> SelfView:
    """Set assessors' answers beside those of an audit.

    Args:
        result: what the audit found, with its answers listed.
        own: assessors' answers, by case and question. Only where both say
            sufficient or insufficient is an answer compared.
    """
    said: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    cases = 0
    for one in result.answers:
        engine = dict.fromkeys(one.sufficient, True) | dict.fromkeys(one.insufficient, False)
        mine = own.get(one.case, {})
        cases += bool(mine)
        for question, answer in mine.items():
            if question in engine and answer in ANSWERED:
                said[question].append((answer is Answer.SUFFICIENT, engine[question]))
    return SelfView(
        cases,
        Beside.of([pair for pairs in said.values() for pair in pairs]),
        tuple((question, Beside.of(said[question])) for question in sorted(said)),
    )
