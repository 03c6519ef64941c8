"""Small rulebooks, written out for a test: the head of a question is filled in, the rest is the test's own."""

from collections.abc import Mapping
from pathlib import Path

from aboveline.rulebook import Rulebook, load_rulebook

__all__ = ["FRAMEWORK", "THRESHOLDS", "book", "deficiency"]

FRAMEWORK = """\
outcomes:
  protecting-the-public: {title: Protecting the public, criteria: ["4.1", "4.2"]}
  victims: {title: Victims, criteria: ["5.1"]}
criteria: {"4.1": Assessment, "4.2": Delivery, "5.1": Victims}
stages: {assessment-and-planning: ["4.1", "5.1"], delivery: ["4.2"]}
recommendations: {R1: {text: Ask in all cases, questions: [PP-01]}}
"""
PARAMETERS = """\
few: {description: d, unit: working_days, values: [{from: 1990-01-01, value: 5, source: our reading}]}
none: {description: d, unit: working_days, values: [{from: 1990-01-01, value: 0, source: our reading}]}
some: {description: d, unit: days, values: [{from: 1990-01-01, value: 10, source: our reading}]}
limit: {description: d, unit: number, values: [{from: 1990-01-01, value: 12, source: our reading}]}
"""
THRESHOLDS = "".join(
    f"{name}: {{description: d, unit: number, values: [{{from: 1990-01-01, value: {value}, source: our reading}}]}}\n"
    for name, value in {
        "recommendation_below_percent": 80,
        "recommendation_cases": 2,
        "strength_percent": 90,
        "improvement_below_percent": 80,
        "highlight_cases": 2,
        "highlights_most": 2,
    }.items()
)
LISTS = {
    "grave": '{name: grave, description: d, source: s, members: ["00100", "019*"], others: ["10500", "12*"]}',
    "open": '{name: open, description: d, source: s, members: ["00100", "AR*"]}',
}
HEAD = {
    "title": "The question {id}",
    "criteria": '["4.1"]',
    "status": "active",
    "sources": "[{{document: report, paragraph: O4 3.2}}]",
}


def book(
    folder: Path,
    questions: Mapping[str, str],
    *,
    framework: str = FRAMEWORK,
    parameters: str = PARAMETERS,
    lists: Mapping[str, str] = LISTS,
) -> Rulebook:
    """Write a rulebook to a folder and load it; a question's text follows its id and the keys it leaves out."""
    files = {
        "framework.yaml": framework,
        "parameters/numbers.yaml": parameters,
        "parameters/what-stands-out.yaml": THRESHOLDS,
        **{f"lists/{name}.yaml": text for name, text in lists.items()},
        **{f"protecting-the-public/{i}-x.yaml": _question(i, text) for i, text in questions.items()},
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_rulebook(folder)


def deficiency(identifier: str, body: str, finding: str = "Missing.", put_right: str = "Mend it.") -> str:
    """Write a deficiency of a question: ``body`` has its ``when``, ``without`` and ``due``."""
    return f"{{id: {identifier}, severity: high, {body}, finding: '{finding}', put_right: '{put_right}'}}"


def _question(identifier: str, text: str) -> str:
    given = {line.partition(":")[0] for line in text.splitlines()}
    head = [f"{key}: {value.format(id=identifier)}" for key, value in HEAD.items() if key not in given]
    return "\n".join([f"id: {identifier}", *head, text])
