"""Check a rulebook as one checks code: everything that can be wrong with it, all at once.

Beyond what loading refuses, this finds what is missing or unused: sources,
parameters and lists that no rule mentions, deficiencies whose cases do not show
both sides, levels that no case shows, recommendations to
which no question leads, cases that do not come out as they say.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from aboveline.problems import Problem, did_you_mean, in_order, shown
from aboveline.rulebook import Question, Rulebook, read_rulebook
from aboveline.rulebook.data import NUMBER
from aboveline.rulebook.language import Status
from aboveline.rulebook.reading import NO_LEVEL
from aboveline.rulebook.thresholds import THRESHOLDS, missing
from aboveline.rulecases import RuleCase, RuleCaseRunner, read_rule_cases

__all__ = ["lint"]


def lint(folder: Path) -> list[Problem]:
    """Return everything that is wrong with the rulebook in a folder, in the order of files and lines.

    Raises:
        InputError: there is no such folder, or no question in it.
    """
    rulebook, problems = read_rulebook(folder)
    sound = not problems
    cases = read_rule_cases(rulebook, problems)
    problems += [
        *_unsourced(rulebook),
        *_unused(rulebook),
        *_retired(rulebook),
        *_one_sided(rulebook, cases),
        *_levels(rulebook, cases),
        *_thresholds(rulebook),
        *_advice(rulebook),
        *_leading(rulebook),
    ]
    if sound:
        problems += _failing(rulebook, cases)
    return in_order(problems)


def _unsourced(rulebook: Rulebook) -> Iterator[Problem]:
    for question in rulebook.questions:
        if not question.sources:
            yield _of(
                question,
                "sources",
                "no source: name the document and paragraph, or the document 'our reading'",
            )
        if not question.criteria:
            yield _of(question, "criteria", "no criterion: the question would count to no score")
    for parameter in rulebook.parameters.values():
        if any(not value.source for value in parameter.values):
            yield Problem(
                parameter.path, parameter.line, parameter.name, "a value has no source; ours is 'our reading'"
            )


def _unused(rulebook: Rulebook) -> Iterator[Problem]:
    parameters = {name for mentions in rulebook.mentions.values() for name in mentions.parameters}
    lists = {name for mentions in rulebook.mentions.values() for name in mentions.lists}
    parameters |= set(THRESHOLDS)
    for name, parameter in rulebook.parameters.items():
        if name not in parameters:
            yield Problem(parameter.path, parameter.line, name, "no rule mentions this parameter")
    for name, code_list in rulebook.lists.items():
        if name not in lists:
            yield Problem(code_list.path, code_list.line, name, "no rule mentions this list")


def _retired(rulebook: Rulebook) -> Iterator[Problem]:
    ids = {question.id for question in rulebook.questions}
    for question in rulebook.questions:
        if question.status is Status.RETIRED and question.replaced_by not in ids:
            yield _of(question, "replaced_by", "a retired question names the one that replaced it")
        if question.status is not Status.RETIRED and question.replaced_by:
            yield _of(question, "replaced_by", "only a retired question is replaced")


def _one_sided(rulebook: Rulebook, cases: list[RuleCase]) -> Iterator[Problem]:
    """Find deficiencies that no case shows, and those that no case shows to be absent while the question applies."""
    by_question: dict[str, list[RuleCase]] = defaultdict(list)
    for case in cases:
        by_question[case.question].append(case)
    for question in rulebook.active:
        own = by_question[question.id]
        if not own:
            yield _of(question, "", f"no cases: write {question.id}.cases.yaml beside it")
            continue
        applied = [case for case in own if case.answer in {"sufficient", "insufficient", "not_assessed"}]
        for deficiency in question.deficiencies:
            if not any(deficiency.id in case.deficiencies for case in own):
                yield Problem(question.path, deficiency.line, deficiency.id, "no case shows this deficiency")
            if not any(deficiency.id not in case.deficiencies for case in applied):
                yield Problem(
                    question.path,
                    deficiency.line,
                    deficiency.id,
                    "no case shows work without this deficiency",
                )
        known = {deficiency.id for deficiency in question.deficiencies}
        for case in own:
            for identifier in sorted((case.deficiencies | (case.due_soon or frozenset())) - known):
                yield Problem(
                    case.path, case.line, case.name, f"{question.id} has no deficiency {identifier}"
                )


def _levels(rulebook: Rulebook, cases: list[RuleCase]) -> Iterator[Problem]:
    """Find levels that no case shows, and levels in cases that the question does not have."""
    for question in rulebook.active:
        own = [case for case in cases if case.question == question.id]
        known = [level.id for level in question.levels]
        for level in question.levels:
            if not any(case.level == level.id for case in own):
                yield Problem(question.path, level.line, f"levels.{level.id}", "no case shows this level")
        for case in own:
            if case.level and case.level not in {*known, NO_LEVEL}:
                near = did_you_mean(case.level, known)
                yield Problem(
                    case.path, case.line, case.name, f"{question.id} has no level {case.level}{near}"
                )


def _thresholds(rulebook: Rulebook) -> Iterator[Problem]:
    """Find the parameters that every audit reads, where they are not there or are lengths of time."""
    for name in THRESHOLDS:
        parameter = rulebook.parameters.get(name)
        if parameter is None:
            yield missing(rulebook, name)
        elif parameter.unit != NUMBER:
            reason = f"every audit reads this parameter: its unit is {NUMBER}"
            yield Problem(parameter.path, parameter.line, name, reason)


def _advice(rulebook: Rulebook) -> Iterator[Problem]:
    """Find questions that lead to a recommendation and are not there."""
    known = {question.id: question.status for question in rulebook.questions}
    for advice in rulebook.framework.recommendations.values():
        reasons = [] if advice.questions else ["no question leads to this: it would never be made"]
        for identifier, times in Counter(advice.questions).items():
            if identifier not in known:
                reasons.append(f"there is no question {identifier}{did_you_mean(identifier, known)}")
            elif known[identifier] is Status.RETIRED:
                reasons.append(f"{identifier} is retired: name the one that replaced it")
            if times > 1:
                reasons.append(f"{identifier} stands here twice")
        path = f"recommendations.{advice.id}.questions"
        yield from (Problem(advice.path, advice.line, path, reason) for reason in reasons)


def _leading(rulebook: Rulebook) -> Iterator[Problem]:
    """Find deficiencies that lead to a recommendation which does not list their question."""
    made = rulebook.framework.recommendations
    for question in rulebook.questions:
        for deficiency in question.deficiencies:
            advice = made.get(deficiency.recommendation or "")
            if advice and question.id not in advice.questions:
                reason = (
                    f"{advice.id} does not list {question.id}: add it in framework.yaml, or take this out"
                )
                path = f"{deficiency.id}.recommendation"
                yield Problem(question.path, deficiency.line, path, reason)


def _failing(rulebook: Rulebook, cases: list[RuleCase]) -> Iterator[Problem]:
    active = {question.id for question in rulebook.active}
    runner = RuleCaseRunner(rulebook)
    for case in cases:
        if case.question in active:
            for wrong in runner.run(case):
                yield Problem(case.path, case.line, case.name, wrong)


def _of(question: Question, path: str, reason: str) -> Problem:
    return Problem(question.path, question.line, path, reason)


def counted(folder: Path, problems: list[Problem]) -> str:
    """Say in a sentence how a check came out."""
    many = f"{len(problems)} problem{'s' * (len(problems) != 1)}"
    return f"{many} in {shown(folder)}" if problems else f"{shown(folder)}: no problems"
