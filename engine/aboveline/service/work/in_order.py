"""The questions in the order in which an inspector goes through a case: by stage, then by criterion."""

from aboveline.rulebook import Question, Rulebook

__all__ = ["Stages", "in_order"]

Stages = tuple[tuple[str, tuple[tuple[str, tuple[Question, ...]], ...]], ...]
"""Stages, their criteria, their questions."""


def in_order(rulebook: Rulebook) -> Stages:
    """Return the questions in the inspector's order: stages, their criteria, their questions.

    A question of several criteria is asked under the first that comes.
    """
    asked: set[str] = set()
    stages = []
    for stage, criteria in rulebook.framework.stages.items():
        found = []
        for criterion in criteria:
            questions = tuple(
                one for one in rulebook.active if criterion in one.criteria and one.id not in asked
            )
            asked |= {one.id for one in questions}
            if questions:
                found.append((criterion, questions))
        stages.append((stage, tuple(found)))
    return tuple(stages)
