"""Flip boundaries in the engine, one at a time, and see that a test fails for each.

    python benchmarks/mutants.py

Works on a copy of the package. Prints what killed each mutant, and exits with 1
if one lives. It takes minutes, so it is not part of ``make test``;
``docs/mutation-check.md`` has the last result.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = [
    "tests/test_scoring.py",
    "tests/test_answers.py",
    "tests/test_audit.py",
    "tests/test_workdays.py",
    "tests/test_facts.py",
    "tests/rulebook/test_data.py",
    "tests/backends",
    "tests/test_rule_cases.py",
    "tests/test_incomplete.py",
    "tests/test_oracle.py",
    "tests/test_levels.py",
    "tests/test_factors.py",
    "tests/test_recommendations.py",
    "tests/case",
    "tests/packing",
]
MUTANTS = [
    ("answers.py", "due >= self.facts.as_of", "due > self.facts.as_of"),
    ("answers.py", "due < self.facts.as_of", "due <= self.facts.as_of"),
    ("answers.py", "if self.certain[EXCEPT]:", "if self.possible[EXCEPT]:"),
    ("answers.py", "if applies and late and not gaps:", "if applies and late:"),
    ("answers.py", "gaps |= self._open(APPLIES)", "pass"),
    ("answers.py", "elif not late:", "elif late:"),
    ("answers.py", "if may_apply else set()", "if applies else set()"),
    ("answers.py", "due_soon=soon if applies else ()", "due_soon=soon"),
    ("answers.py", "findings=late if computed is Answer.INSUFFICIENT else ()", "findings=late"),
    ("answers.py", "if self.question.judged:", "if not self.question.judged:"),
    ("answers.py", "answer = Answer(str(override.answer)) if override else computed", "answer = computed"),
    ("answers.py", "if part.kind in incomplete:", "if part.kind not in incomplete:"),
    ("answers.py", "            if self.certain[part]:", "            if self.possible[part]:"),
    ("answers.py", "(None, _in_order(gaps)) if gaps else (level.id, ())", "(level.id, ())"),
    ("answers.py", "if answer is computed and answer in ANSWERED", "if answer in ANSWERED"),
    ("answers.py", "if answer is computed and answer in ANSWERED", "if answer is computed"),
    (
        "answers.py",
        "level_part(level.id): level.body for level in question.levels",
        "level.id: level.body for level in ()",
    ),
    ("factors.py", "== max(days)", "== min(days)"),
    ("factors.py", 'return all(fact.values["sufficient"]', 'return any(fact.values["sufficient"]'),
    ("factors.py", 'return all(fact.values["level"]', 'return any(fact.values["level"]'),
    ("factors.py", "return None if unclear or not held else False", "return False"),
    ("factors.py", 'if "started_on" in fact.values', 'if "id" in fact.values'),
    ("highlights.py", "score >= limits.strength_percent", "score > limits.strength_percent"),
    (
        "highlights.py",
        "score < limits.improvement_below_percent",
        "score <= limits.improvement_below_percent",
    ),
    ("highlights.py", ">= limits.highlight_cases", "> limits.highlight_cases"),
    ("highlights.py", "if question.scored", "if question.id"),
    (
        "recommendations.py",
        "question.score < limits.recommendation_below_percent",
        "question.score <= limits.recommendation_below_percent",
    ),
    ("recommendations.py", ">= limits.recommendation_cases", "> limits.recommendation_cases"),
    ("recommendations.py", "if answer.answer is Answer.INSUFFICIENT", "if answer.findings"),
    ("recommendations.py", "max(found or known or", "max(known or found or"),
    ("recommendations.py", "(-len(one.cases), -_RISING", "(len(one.cases), -_RISING"),
    ("scoring.py", "if one.answer in ANSWERED", "if one.level"),
    ("scoring.py", "Fraction(1, 2))", "Fraction(49, 100))"),
    ("scoring.py", "Fraction(good, good + bad)", "Fraction(good, everything)"),
    ("scoring.py", "Fraction(good + unknown, everything)", "Fraction(good, everything)"),
    ("scoring.py", "if question.scored and", "if"),
    (
        "scoring.py",
        "chosen = by_questions if average is Average.QUESTIONS",
        "chosen = by_criteria if average is Average.QUESTIONS",
    ),
    ("scoring.py", "/ len(counted) if counted", "/ len(shares) if counted"),
    ("rulebook/unrecorded.py", "if firm & set(missing):", "if loose & set(missing):"),
    (
        "rulebook/unrecorded.py",
        "atom.field, Op.RECORDED) for atom in guards",
        "atom.field, Op.RECORDED) for atom in ()",
    ),
    (
        "rulebook/unrecorded.py",
        "tuple(part for way in ways for part, _ in way)",
        "tuple(way[0][0] for way in ways)",
    ),
    ("rulebook/unrecorded.py", "if not any(_reads(test, missing) for test in part.tests)", "if True"),
    ("rulebook/unrecorded.py", "if not lost)", "if True)"),
    ("rulebook/unrecorded.py", "and test.op not in _ABOUT_RECORDING", ""),
    ("rulebook/clauses.py", "relativedelta(months=self.amount)", "dt.timedelta(days=30 * self.amount)"),
    ("rulebook/lowering.py", "reference.offset.sign * size", "size"),
    ("rulebook/data.py", "value.start <= date", "value.start < date"),
    ("backends/wire.py", 'Op.AT_MOST: "$lte"', 'Op.AT_MOST: "$lt"'),
    ("backends/wire.py", 'Op.BEFORE: "$lt"', 'Op.BEFORE: "$lte"'),
    ("backends/wire.py", 'Op.AT_LEAST: "$gte"', 'Op.AT_LEAST: "$gt"'),
    ("backends/wire.py", 'Op.AFTER: "$gt"', 'Op.AFTER: "$gte"'),
    ("backends/wire.py", 'Op.AT_MOST: "up"', 'Op.AT_MOST: "down"'),
    ("backends/wire.py", 'Op.BEFORE: "down"', 'Op.BEFORE: "up"'),
    ("backends/wire.py", '"down" if other.amount >= 0 else "up"', '"down"'),
    ("backends/wire.py", "_pattern(clause.witness, WITNESS", "_pattern(clause.witness, EVIDENCE"),
    ("backends/wire.py", 'across.append({"$gte": {"one": {"p0": "one"}}})', "pass"),
    ("backends/durable.py", "MOST_PATTERNS = 48", "MOST_PATTERNS = 480"),
    ("facts.py", "item.completed_on <= as_of", "item.completed_on < as_of"),
    ("facts.py", "value > as_of", "value >= as_of"),
    ("workdays.py", "else passed + 1)", "else passed)"),
    ("case/loading.py", "if _keys_at_most(text) != _fields_set(record):", "if False:"),
    ("case/loading.py", 'b"\\t:", b"\\n:", b"\\r:"', 'b"\\t:", b"\\n:"'),
    (
        "case/loading.py",
        "            if read.case in seen:",
        "            if (source, line) != seen.get(read.case, (source, line)):",
    ),
    ("packing/asat.py", "pc.greater(days, as_of)", "pc.greater_equal(days, as_of)"),
    (
        "packing/asat.py",
        'pc.less_equal(table["completed_on"], as_of)',
        'pc.less(table["completed_on"], as_of)',
    ),
    ("packing/asat.py", 'elif kind.startswith(UNFINISHED) and name == "status":', "elif False:"),
    (
        "packing/manifest.py",
        "if path.stat().st_size == expected.bytes and file_hash(path) == expected.sha256:",
        "if path.stat().st_size == expected.bytes:",
    ),
    ("packing/records.py", "if not all(supply.is_used_up for supply in supplies):", "if False:"),
    ("packing/reading.py", "file.schema_arrow.equals(SHAPES[name])", "True"),
    ("packing/tables.py", "if growing.cases or growing.rejected:", "if growing.cases:"),
    ("packing/writing.py", "if folder.is_symlink() or not _is_ours(folder):", "if folder.is_symlink():"),
]


Mutant = tuple[str, str, str]
"""A file of the package, what stands in it, and what to put there."""


def check(mutants: Sequence[Mutant], tests: Sequence[str]) -> int:
    """Run tests against every mutant; return how many live."""
    if killer := _killer(ROOT / "engine", tests):
        raise RuntimeError(f"{killer} fails as things stand, so it can tell nothing of a mutant")
    alive = 0
    for file, old, new in mutants:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(ROOT / "engine" / "aboveline", Path(folder) / "aboveline")
            shutil.copytree(ROOT / "rules", Path(folder) / "aboveline" / "rules")
            path = Path(folder) / "aboveline" / file
            text = path.read_text(encoding="utf-8")
            if old not in text:
                raise LookupError(f"{file} does not hold: {old}")
            path.write_text(text.replace(old, new), encoding="utf-8")
            killer = _killer(Path(folder), tests)
        alive += killer is None
        print(f"| `{file}` | `{old}` | `{new}` | {killer or '**lives**'} |", flush=True)
    return alive


def _killer(folder: Path, tests: Sequence[str]) -> str | None:
    """Return the test that fails with the package in a folder; none where all pass."""
    there = [test for test in tests if (ROOT / test).exists()]
    done = subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider", *there],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    if not failed and done.returncode:
        return "all of them: it cannot be imported"
    if not failed:
        return None
    return failed[0].split(" ")[1].split("::")[-1].split("[")[0]


if __name__ == "__main__":
    sys.exit(bool(check(MUTANTS, TESTS)))
