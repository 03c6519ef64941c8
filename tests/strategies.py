"""Random cases and random rulebooks, for holding backends to the oracle.

Dates are few and close together, around weekends, Easter, Christmas and year
ends, so that boundaries are met often; fields are often not recorded.
"""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from aboveline.vocabulary import UNFINISHED, VOCABULARY, KnownField

Facts = dict[str, Any]

AS_OF = dt.date(2013, 4, 2)
DATES = [
    *("2012-12-21", "2012-12-24", "2012-12-27", "2012-12-31", "2013-01-02", "2013-02-28"),
    *("2013-03-22", "2013-03-23", "2013-03-26", "2013-03-28", "2013-03-29", "2013-03-31"),
    *("2013-04-01", "2013-04-02", "2013-04-03", "2013-04-06", "2013-05-31", "2013-06-30"),
]
CODES = ["00801", "00806", "03401", "10501", "99999"]
LISTS = {
    "grave": {"members": ["008*"], "others": ["034*", "10501"]},
    "open_list": {"members": ["00801", "10501"]},
}
PARAMETERS = {
    "few": ("working_days", 3),
    "some": ("days", 4),
    "many": ("weeks", 1),
    "long": ("months", 1),
    "limit": ("number", 12),
}
WORLDS = [
    ("sentence", "check", "concern", "plan", "objective"),
    ("sentence", "offence", "mappa", "visor", "registration", "review"),
    ("sentence", "factor", "progress", "intervention", "oversight", "significant_change"),
    ("person", "sentence", "plan", "review", "assessment", "appointment", "victim"),
]
"""Kinds of fact that one random rulebook speaks of."""


def value_of(field: KnownField) -> st.SearchStrategy[Any]:
    """Return values of a field as JSON has them."""
    match field.type:
        case "bool":
            return st.booleans()
        case "date":
            return st.sampled_from(DATES)
        case "int":
            return st.integers(1, 2) if field.name in {"level", "category"} else st.sampled_from([11, 12, 13])
        case "enum":
            return st.sampled_from(field.members[:3])
        case _:
            return st.sampled_from(CODES)


@st.composite
def facts(draw: st.DrawFn, kinds: tuple[str, ...]) -> Facts:
    """Return a case record's JSON with random facts of some kinds, ids with letters of any script left to texts."""
    record: Facts = {"case": "R-1"}
    for kind in kinds:
        single = VOCABULARY[kind].single
        count = 1 if single else draw(st.integers(0, 3))
        found = [draw(_fact(kind, f"{kind}-{n}")) for n in range(1, count + 1)]
        if single:
            record[kind] = {name: value for name, value in found[0].items() if name != "id"}
        elif found:
            record[kind] = draw(st.permutations(found))
    for kind, field, to in (("objective", "plan", "plan"), ("review", "registration", "registration")):
        for fact in record.get(kind, ()):
            if record.get(to) and draw(st.booleans()):
                fact[field] = draw(st.sampled_from(record[to]))["id"]
    if draw(st.integers(0, 5)) == 0:
        record["incomplete"] = [
            draw(st.sampled_from([kind for kind in kinds if not VOCABULARY[kind].single]))
        ]
    answers = ["sufficient", "insufficient", "not_applicable"]
    for said in ("judgement", "override"):
        if draw(st.integers(0, 3)) == 0:
            record[said] = [
                {
                    "question": draw(st.sampled_from(["PP-01", "PP-02"])),
                    "answer": draw(st.sampled_from(answers)),
                    "made_on": draw(st.sampled_from(DATES)),
                    "assessor": "QA-1",
                    "reason": "seen é \"quoted\" 'so' \u2014 ☃",
                }
            ]
    return record


@st.composite
def _fact(draw: st.DrawFn, kind: str, identifier: str) -> Facts:
    fact: Facts = {"id": identifier}
    status = (
        draw(st.sampled_from(["complete", "complete", "open", "locked_incomplete"]))
        if UNFINISHED + kind in VOCABULARY
        else None
    )
    for name, field in VOCABULARY[kind].fields.items():
        needed = field.recorded and name != "id"
        if name in {"id", "plan", "registration", "status"} or (
            field.type == "bool" and not draw(st.booleans())
        ):
            continue
        if needed or draw(st.integers(0, 3)):
            fact[name] = draw(value_of(field))
    if status:
        fact["status"] = status
    return fact


@st.composite
def rulebook_files(draw: st.DrawFn, kinds: tuple[str, ...]) -> Mapping[str, str]:
    """Return the files of a random rulebook of two questions that loads. JSON is YAML, so they are written as JSON."""
    files = {
        "framework.yaml": {
            "outcomes": {"protecting-the-public": {"title": "Public", "criteria": ["4.1"]}},
            "criteria": {"4.1": "Assessment"},
            "stages": {"assessment-and-planning": ["4.1"]},
            "recommendations": {"R1": {"text": "Ask", "questions": ["PP-01"]}},
        },
        "parameters/p.yaml": {
            name: {
                "description": "d",
                "unit": unit,
                "values": [
                    {"from": "2001-01-01", "value": 99, "source": "s"},
                    {"from": "2002-01-01", "value": value, "source": "s"},
                ],
            }
            for name, (unit, value) in PARAMETERS.items()
        },
        **{
            f"lists/{name}.yaml": {"name": name, "description": "d", "source": "s", **codes}
            for name, codes in LISTS.items()
        },
        **{
            f"protecting-the-public/{i}-x.yaml": _Question(draw, i, kinds).written()
            for i in ("PP-01", "PP-02")
        },
    }
    return {name: _yaml(content) for name, content in files.items()}


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write the files of a rulebook."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def _yaml(content: object) -> str:
    """Write JSON, with dates bare so that YAML takes them as dates."""
    text = json.dumps(content, ensure_ascii=False)
    for date in (*DATES, "2001-01-01", "2002-01-01"):
        text = text.replace(f'"{date}"', date)
    return text


class _Question:
    """Draws one question. ``needs`` grows as fields are read that may not be recorded."""

    MOST_NEEDS = 3

    def __init__(self, draw: st.DrawFn, identifier: str, kinds: tuple[str, ...]) -> None:
        self.draw: Any = draw
        self.id = identifier
        self.kinds = [
            *kinds,
            *(UNFINISHED + kind for kind in kinds if UNFINISHED + kind in VOCABULARY),
            "audit",
        ]
        self.needs: set[str] = set()
        self.aliases = 0

    def written(self) -> Facts:
        draw = self.draw
        applies = self.items({}, 1) if draw(st.integers(0, 4)) else []
        excepts = [self.pattern({}, binds=False) for _ in range(draw(st.sampled_from([0, 0, 1, 2])))]
        deficiencies = [self.deficiency(n) for n in range(1, draw(st.integers(1, 2)) + 1)]
        return {
            "id": self.id,
            "title": f"The question {self.id}",
            "criteria": ["4.1"],
            "status": "active",
            "sources": [{"document": "d", "paragraph": "1"}],
            "applies": applies,
            "except": excepts,
            "deficiencies": deficiencies,
            "needs": sorted(self.needs),
            "judged": draw(st.integers(0, 3)) == 0,
        }

    def deficiency(self, number: int) -> Facts:
        scope: dict[str, Facts] = {}
        when = self.items(scope, 2)
        gone = [self.pattern(scope, binds=False) for _ in range(self.draw(st.integers(0, 2)))]
        found: Facts = {
            "id": f"{self.id}.{number}",
            "severity": "high",
            "when": when,
            "without": gone,
            "put_right": "Mend it.",
        }
        dated = [
            (alias, name)
            for alias, pattern in scope.items()
            for name, field in VOCABULARY[next(iter(pattern))].fields.items()
            if field.type == "date" and self.readable(pattern, name)
        ]
        if dated and self.draw(st.booleans()):
            alias, name = self.draw(st.sampled_from(dated))
            self.read(scope[alias], name)
            found["due"] = f"{alias}.{name}{self.offset()}"
        told = "".join(
            f" {{{alias}.{'as_of' if 'audit' in pattern else 'id'}}}" for alias, pattern in scope.items()
        )
        found["finding"] = f"Missing{told}{' by {due}' if 'due' in found else ''}, {{few}}."
        return found

    def items(self, scope: dict[str, Facts], most: int) -> list[Facts]:
        draw = self.draw
        found: list[Facts] = [self.pattern(scope, binds=True) for _ in range(draw(st.integers(1, most)))]
        if draw(st.integers(0, 2)) == 0:
            one, other = ([self.pattern(dict(scope), binds=False)] for _ in range(2))
            found.append({"any": [one[0], {"all": other} if draw(st.booleans()) else {"without": other}]})
        if draw(st.integers(0, 3)) == 0:
            found.append({"without": [self.pattern(scope, binds=False)]})
        return found

    def pattern(self, scope: dict[str, Facts], *, binds: bool) -> Facts:
        draw = self.draw
        kind = draw(st.sampled_from(self.kinds))
        body: Facts = {}
        pattern = {kind: body}
        for name in draw(st.lists(st.sampled_from(sorted(VOCABULARY[kind].fields)), max_size=2, unique=True)):
            self.condition(pattern, VOCABULARY[kind].fields[name], scope)
        if binds:
            self.aliases += 1
            body["as"] = f"a{self.aliases}"
            scope[body["as"]] = pattern
        return pattern

    def condition(self, pattern: Facts, field: KnownField, scope: dict[str, Facts]) -> None:
        draw = self.draw
        body = next(iter(pattern.values()))
        if draw(st.integers(0, 5)) == 0:
            body[f"{field.name}|{draw(st.sampled_from(['known', 'unknown']))}"] = True
            return
        others = [
            (alias, name)
            for alias, other in scope.items()
            for name, target in VOCABULARY[next(iter(other))].fields.items()
            if self.comparable(field, target, next(iter(other))) and self.readable(other, name)
        ]
        listed = draw(st.sampled_from(sorted(LISTS)))
        closed = field.type == "text" and listed == "grave"
        if not self.readable(pattern, field.name, must_need=closed):
            return
        if others and draw(st.booleans()):
            alias, name = draw(st.sampled_from(others))
            modifier = (
                draw(st.sampled_from(["at_least", "at_most", "before", "after"]))
                if field.type == "date"
                else "is"
            )
            self.read(scope[alias], name)
            value: Any = f"{alias}.{name}{self.offset() if field.type == 'date' else ''}"
        elif field.type == "id":
            return
        else:
            modifier, value = self.constant(field, listed)
        self.read(pattern, field.name, must_need=closed)
        body[field.name if modifier == "is" else f"{field.name}|{modifier}"] = value

    def constant(self, field: KnownField, listed: str) -> tuple[str, Any]:
        value = self.draw(value_of(field))
        match field.type:
            case "text":
                choices = [("in", listed), ("not", listed), ("is", value), ("not", value)]
            case "enum":
                two = list(field.members[:2])
                choices = [("is", value), ("not", value), ("in", two), ("not", two)]
            case "int":
                few = ("in", [11, 2])
                choices = [("is", value), ("at_least", value), ("at_most", "limit"), ("not", value), few]
            case "date":
                choices = [(modifier, value) for modifier in ("is", "at_least", "at_most", "before", "after")]
            case _:
                choices = [("is", value)]
        chosen: tuple[str, Any] = self.draw(st.sampled_from(choices))
        return chosen

    def offset(self) -> str:
        draw = self.draw
        amount = draw(
            st.sampled_from(
                [
                    "",
                    "1 days",
                    "2 working_days",
                    "few working_days",
                    "some days",
                    "many weeks",
                    "1 months",
                    "long months",
                ]
            )
        )
        return f" {draw(st.sampled_from('+-'))} {amount}" if amount else ""

    def comparable(self, field: KnownField, target: KnownField, kind: str) -> bool:
        if field.type != target.type or field.type == "bool":
            return False
        return kind in field.links_to if field.type == "id" else field.members == target.members

    def readable(self, pattern: Facts, name: str, *, must_need: bool = False) -> bool:
        """Tell whether a field can still be read: it is recorded, needed, tested, or there is room to need it."""
        ((kind, body),) = pattern.items()
        if f"{name}|unknown" in body:
            return False
        recorded = VOCABULARY[kind].fields[name].recorded and not must_need
        tested = f"{name}|known" in body and not must_need
        return (
            recorded
            or tested
            or f"{kind}.{name}" in self.needs
            or len(self.needs) < self.MOST_NEEDS
            or not must_need
        )

    def read(self, pattern: Facts, name: str, *, must_need: bool = False) -> None:
        """Make reading a field right: need it, or test that it is known."""
        ((kind, body),) = pattern.items()
        recorded = VOCABULARY[kind].fields[name].recorded and not must_need
        if recorded or f"{kind}.{name}" in self.needs or (f"{name}|known" in body and not must_need):
            return
        if must_need or (len(self.needs) < self.MOST_NEEDS and self.draw(st.booleans())):
            self.needs.add(f"{kind}.{name}")
        else:
            body[f"{name}|known"] = True
