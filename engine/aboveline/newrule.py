"""Begin a rule: a draft that loads, its cases on both sides, both to be rewritten.

The draft is a whole small rule, so that its author changes something that
works instead of filling in a form.
"""

import re
from pathlib import Path

from aboveline.problems import InputError, Problem, did_you_mean, shown
from aboveline.rulebook import read_rulebook
from aboveline.rulebook.book import CASES

__all__ = ["begin_rule"]

_RULE = """\
id: {id}
title: {title}
criteria: ["{criterion}"]           # what it counts to: see framework.yaml
status: draft                   # active once its cases say what you mean
sources:                        # where the expectation stands
  - {{document: our reading, paragraph: write the document and paragraph here}}
applies:                        # whom it is about: all of these. This one: a child protection concern that stands
  - concern: {{kind: child_protection, ended_on|unknown: true}}
needs: [concern.kind]           # fields that must be recorded before the question can be decided
deficiencies:                   # any of these makes the answer insufficient
  - id: {id}.1
    severity: medium
    when:
      - sentence: {{as: sentence}}
    without:                    # what should be there
      - oversight: {{}}
    finding: Say what is missing, to the person who will put it right.
    put_right: Say what to do.
judged: false                   # true: an assessor answers it where no deficiency is found
known_gaps:
  - Say what the rule cannot see.
"""

_CASES = """\
question: {id}
as_of: 2013-12-02
given:
  - sentence: {{sentenced_on: 2013-03-01, started_on: 2013-03-01}}
  - concern: {{kind: child_protection, raised_on: 2013-03-01}}
cases:
  - name: the work was done
    with: [oversight: {{recorded_on: 2013-03-12}}]
    expect: sufficient
  - name: the work was not done
    expect: insufficient
    deficiencies: [{id}.1]
  - name: the question is not about this case
    facts:
      - sentence: {{sentenced_on: 2013-03-01, started_on: 2013-03-01}}
    expect: not_applicable
"""


def begin_rule(folder: Path, identifier: str, outcome: str, title: str) -> tuple[Path, Path]:
    """Write a draft rule and its cases into a rulebook; return both paths.

    Raises:
        InputError: the id is taken or misshapen, there is no such outcome, or the files cannot be written.
    """
    rulebook, _ = read_rulebook(folder)
    outcomes = rulebook.framework.outcomes
    problems = []
    if not re.fullmatch(r"[A-Z]{2}-[0-9]{2,3}", identifier):
        problems.append(f"'{identifier}' is no id of a question: write two capitals and a number, as PP-43")
    if any(question.id == identifier for question in rulebook.questions):
        problems.append(f"there is a question {identifier} already")
    if outcome not in outcomes:
        problems.append(f"there is no outcome '{outcome}'{did_you_mean(outcome, outcomes)}")
    if not title.strip():
        problems.append("write a title: what is expected, as a sentence that can be true or false")
    if problems:
        raise InputError([Problem(shown(folder), None, "", reason) for reason in problems])
    slug = "-".join(re.findall(r"[a-z0-9]+", title.casefold())[:5])
    places = {
        "id": identifier,
        "title": _quoted(title.strip()),
        "criterion": outcomes[outcome].criteria[0],
    }
    rule = folder / outcome / f"{identifier}-{slug}.yaml"
    cases = folder / outcome / f"{identifier}{CASES}"
    for path, text in ((rule, _RULE), (cases, _CASES)):
        try:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text.format(**places), encoding="utf-8")
        except OSError as error:
            reason = f"this cannot be written: {error.strerror}"
            raise InputError([Problem(shown(path), None, "", reason)]) from error
    return rule, cases


def _quoted(title: str) -> str:
    """Quote a title where YAML would read it as something else."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 ,.'()-]*", title)
    return title if plain else '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"'
