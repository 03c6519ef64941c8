"""Rulebooks of more questions than were shipped, to see what rules cost."""

from dataclasses import replace

from aboveline.rulebook import Rulebook

__all__ = ["over"]


def over(rulebook: Rulebook, many: int) -> Rulebook:
    """Return a rulebook with every question so many times over, under other ids."""
    questions = list(rulebook.questions)
    mentions = dict(rulebook.mentions)
    for n in range(1, many):
        for question in rulebook.questions:
            copy = replace(question, id=f"{question.id}-again-{n}")
            questions.append(copy)
            mentions[copy.id] = rulebook.mentions[question.id]
    return replace(rulebook, questions=tuple(questions), mentions=mentions)
