"""The rulebook: a folder of rules, loaded whole and held to the vocabulary.

``framework.yaml`` says what questions count to; ``parameters/`` and ``lists/``
hold numbers and codes; ``standards/`` packs of other numbers; every other folder is an outcome with a file for each
question, and the question's cases beside it.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from aboveline.problems import InputError, Problem, did_you_mean, in_order, shown

from .checking import Catalogue, Mentions, check_question
from .clauses import APPLIES, EXCEPT, level_part
from .data import CodeList, Framework, Parameter, read_framework, read_lists, read_parameters
from .language import Item, Question, Status, branches
from .lines import read_yaml
from .reading import Reader, read_question
from .standards import DEFAULT_STANDARDS, Standards, read_standards, under

__all__ = ["CASES", "Rulebook", "load_rulebook", "read_rulebook", "shipped_rules"]

CASES = ".cases.yaml"
"""How the file of a question's cases ends."""

_NOT_OUTCOMES = frozenset({"parameters", "lists", "standards", "__pycache__"})


@dataclass(frozen=True)
class Rulebook:
    """All questions, by id, and the numbers, lists and framework that they mention.

    ``hash`` is of the bytes of every file: the same hash, the same rules.
    ``mentions`` has the parameters and lists that each question mentions.
    ``packs`` are the standards that there are, ``standards`` those that the
    parameters' values are by: none where the rulebook has not even the default.
    """

    questions: tuple[Question, ...]
    parameters: Mapping[str, Parameter]
    lists: Mapping[str, CodeList]
    framework: Framework
    folder: Path
    hash: str
    mentions: Mapping[str, Mentions]
    packs: Mapping[str, Standards] = field(default_factory=dict)
    standards: Standards | None = None

    @property
    def active(self) -> tuple[Question, ...]:
        """The questions that are audited."""
        return tuple(question for question in self.questions if question.status is Status.ACTIVE)

    @cached_property
    def kinds_together(self) -> Mapping[tuple[str, str], tuple[frozenset[str], ...]]:
        """The kinds of fact that each branch of a part looks for, by the question's id and the part."""
        bodies: dict[tuple[str, str], Item] = {}
        for question in self.active:
            bodies[question.id, APPLIES] = question.applies
            bodies[question.id, EXCEPT] = question.excepts
            bodies |= {(question.id, one.id): one.body for one in question.deficiencies}
            bodies |= {(question.id, level_part(one.id)): one.body for one in question.levels}
        return {
            place: tuple(frozenset(pattern.kind for pattern in there) for there, _ in branches(body))
            for place, body in bodies.items()
        }

    def under(self, name: str) -> "Rulebook":
        """Return the rulebook with the values of a pack of standards.

        Raises:
            InputError: there is no such pack; the message names those that there are.
        """
        pack = self.packs.get(name)
        if pack is None:
            known = ", ".join(self.packs) or "none"
            reason = f"there are no standards '{name}'{did_you_mean(name, self.packs)}; there are: {known}"
            raise InputError([Problem(shown(self.folder), None, "", reason)])
        return replace(self, parameters=under(pack, self.parameters), standards=pack)

    def question(self, identifier: str) -> Question:
        """Return a question by id.

        Raises:
            InputError: there is none; the message names the nearest.
        """
        for question in self.questions:
            if question.id == identifier:
                return question
        near = did_you_mean(identifier, (question.id for question in self.questions))
        raise InputError([Problem(shown(self.folder), None, "", f"there is no question {identifier}{near}")])


def shipped_rules() -> Path:
    """Return the folder of the rules that come with Aboveline."""
    return Path(str(files("aboveline.rules").joinpath("framework.yaml"))).parent


def load_rulebook(folder: Path | None = None, standards: str = DEFAULT_STANDARDS) -> Rulebook:
    """Load a rulebook, by default the shipped one, with the values of a pack of standards.

    Raises:
        InputError: there is no such pack (a rulebook may be without the default one, and keeps
            its own values then), or something in the rulebook cannot be used; every problem is
            named with its file and line.
    """
    rulebook, problems = read_rulebook(folder or shipped_rules())
    if problems:
        raise InputError(problems)
    return rulebook if standards == DEFAULT_STANDARDS else rulebook.under(standards)


def read_rulebook(folder: Path) -> tuple[Rulebook, list[Problem]]:
    """Read a rulebook as far as it can be read, by its default standards, with everything that is wrong with it.

    Raises:
        InputError: there is no such folder, or no question in it.
    """
    if not folder.is_dir():
        raise InputError([Problem(shown(folder), None, "", "there is no such folder of rules")])
    problems: list[Problem] = []
    catalogue = Catalogue(
        read_parameters(folder, problems), read_lists(folder, problems), read_framework(folder, problems)
    )
    mentions: dict[str, Mentions] = {}
    questions: list[Question] = []
    paths = list(_question_files(folder, catalogue.framework, problems))
    if not paths:
        raise InputError([*problems, Problem(shown(folder), None, "", "there is no question in this folder")])
    for path in paths:
        before = len(problems)
        root = read_yaml(path, problems)
        if root is None:
            if len(problems) == before:
                problems.append(Problem(shown(path), None, "", "there is no question in this file"))
            continue
        reader = Reader(shown(path), problems)
        question = read_question(root, path.parent.name, reader)
        checked, mentions[question.id] = check_question(question, reader, catalogue)
        questions.append(checked)
        if question.id and not path.name.startswith(f"{question.id}-"):
            reader.problem(
                question.line, "id", f"the file of {question.id} is called {question.id}-and-some-words.yaml"
            )
    questions.sort(key=lambda question: (question.id, question.path))
    problems += _said_twice(questions)
    rulebook = Rulebook(
        tuple(questions),
        catalogue.parameters,
        catalogue.lists,
        catalogue.framework,
        folder,
        _hash(folder),
        mentions,
        read_standards(folder, catalogue.parameters, problems),
    )
    if DEFAULT_STANDARDS in rulebook.packs:
        rulebook = rulebook.under(DEFAULT_STANDARDS)
    return rulebook, in_order(problems)


def _question_files(folder: Path, framework: Framework, problems: list[Problem]) -> Iterator[Path]:
    for inner in sorted(
        path for path in folder.iterdir() if path.is_dir() and path.name not in _NOT_OUTCOMES
    ):
        if inner.name not in framework.outcomes:
            near = did_you_mean(inner.name, framework.outcomes)
            problems.append(
                Problem(shown(inner), None, "", f"the framework has no outcome of this name{near}")
            )
            continue
        yield from sorted(path for path in inner.glob("*.yaml") if not path.name.endswith(CASES))


def _said_twice(questions: list[Question]) -> Iterator[Problem]:
    ids: dict[str, Question] = {}
    titles: dict[str, Question] = {}
    deficiencies: dict[str, Question] = {}
    for question in questions:
        first = ids.setdefault(question.id, question)
        if first is not question:
            yield Problem(
                question.path,
                question.line,
                "id",
                f"the id {question.id} is also in {first.path}:{first.line}",
            )
            continue
        first = titles.setdefault(question.title.casefold(), question)
        if first is not question and question.title:
            yield Problem(question.path, question.line, "title", f"{first.id} has the same title")
        for deficiency in question.deficiencies:
            taken = deficiencies.setdefault(deficiency.id, question)
            if taken is not question or [d.id for d in question.deficiencies].count(deficiency.id) > 1:
                yield Problem(
                    question.path,
                    deficiency.line,
                    deficiency.id,
                    f"the deficiency id {deficiency.id} is used twice",
                )
            elif deficiency.id and not deficiency.id.startswith(f"{question.id}."):
                yield Problem(
                    question.path,
                    deficiency.line,
                    deficiency.id,
                    f"a deficiency of {question.id} is called {question.id}.1 and so on",
                )


def _hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        if not path.name.endswith(CASES):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
