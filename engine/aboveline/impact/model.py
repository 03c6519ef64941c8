"""What a change of rules does: the contract with whoever reads its JSON.

Nothing here is an estimate. The cases are the same and so is the day, so every
difference comes of the rules and their numbers.
"""

import datetime as dt

from aboveline.answers import Answer
from aboveline.case.base import Record
from aboveline.comparison.model import Difference, OutcomeSide, QuestionSide, Standing
from aboveline.result import RejectedRecord

__all__ = ["CaseImpact", "Cell", "Impact", "OutcomeImpact", "QuestionImpact"]


class Cell(Record):
    """How many cases were answered one way before and one way after. None where the question is not asked."""

    before: Answer | None
    after: Answer | None
    cases: int

    @property
    def moved(self) -> bool:
        """Whether these cases have another answer."""
        return self.before is not self.after


class QuestionImpact(Record):
    """A question by both rulebooks.

    ``changed`` says which parts of its rule differ; ``cells`` add up to the
    cases. A question whose rule does not differ and whose answers do not move
    is not listed.
    """

    id: str
    title: str
    standing: Standing
    changed: tuple[str, ...]
    before: QuestionSide | None
    after: QuestionSide | None
    cells: tuple[Cell, ...]


class OutcomeImpact(Record):
    """An outcome by both rulebooks."""

    id: str
    title: str
    before: OutcomeSide | None
    after: OutcomeSide | None


class CaseImpact(Record):
    """A question for a case whose answer or deficiencies differ, with the ids of the deficiencies that are new and gone."""

    case: str
    question: str
    before: Answer | None
    after: Answer | None
    new: tuple[str, ...]
    gone: tuple[str, ...]


class Impact(Record):
    """What a change of rules does to cases."""

    aboveline: str
    as_of: dt.date
    cases: int
    cases_hash: str
    rulebook_before: str
    rulebook_after: str
    differences: tuple[Difference, ...]
    questions: tuple[QuestionImpact, ...]
    outcomes: tuple[OutcomeImpact, ...]
    moved: tuple[CaseImpact, ...]
    rejected: tuple[RejectedRecord, ...]

    @property
    def changes_anything(self) -> bool:
        """Whether a question is added or removed, or an answer or a deficiency of a case differs. Other words alone change nothing."""
        return bool(self.moved) or any(one.standing is not Standing.BOTH for one in self.questions)

    def to_json(self) -> str:
        """Return the impact as JSON text: the same rules and cases, the same bytes."""
        return self.model_dump_json(indent=2) + "\n"
