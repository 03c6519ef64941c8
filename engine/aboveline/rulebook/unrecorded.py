"""What a branch of a rule comes to where fields are not recorded: certain clauses and gap clauses.

Each set of fields that may be unrecorded is taken in turn. Where one of them is
read by what must be there, or by the due date, nothing is certain: the clause
says which fields decide. Where they are read only under ``without``, it may
still be certain: that nothing is there at all is so whatever they are. A fact
that might be the one that should not be there is the clause's witness.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations

from aboveline.vocabulary import VOCABULARY

from .clauses import Across, Clause, Gap, Members, Op, Part, Test
from .data import CodeList

__all__ = ["MOST_GAPS", "Branch", "clauses_of", "may_be_unrecorded"]

MOST_GAPS = 5
"""Fields that may be unrecorded in one branch. Each doubles the clauses."""

_ABOUT_RECORDING = frozenset({Op.RECORDED, Op.UNRECORDED})


@dataclass(frozen=True)
class Branch:
    """One conjunction of a question's part: facts that are ``there``, and parts that no fact may match.

    ``needs`` holds the kind and field of what the question needs recorded.
    """

    question: str
    part: str
    there: tuple[Part, ...]
    gone: tuple[Part, ...]
    due: Across | None
    needs: frozenset[tuple[str, str]]


@dataclass(frozen=True, order=True)
class _Atom:
    """A field of the branch's ``position``-th part, or its membership of a closed list, that may be unrecorded."""

    position: int
    field: str
    list_name: str
    members: Members | None

    def unrecorded(self) -> Test:
        return Test(self.field, Op.UNRECORDED, self.members)

    def read_by(self, test: Test) -> bool:
        """Tell whether a test of the same part reads this. Whether a field is recorded is no reading of it."""
        same = test.field == self.field and (self.members is None or self.members == test.operand)
        return same and test.op not in _ABOUT_RECORDING


def clauses_of(branch: Branch) -> Iterator[Clause]:
    """Yield the clauses of a branch: what is certain, and what takes an unrecorded field to decide."""
    firm = set(_read_where_they_stand(branch))
    firm |= {_plain(across) for across in _read_across(branch.there, branch.due) if _needed(branch, across)}
    loose = {_plain(across) for across in _read_across(branch.gone, None) if _needed(branch, across)} - firm
    for missing in _subsets(sorted(firm | loose)):
        if firm & set(missing):
            yield _undecided(branch, firm | loose, set(missing))
        else:
            yield from _decided(branch, firm | loose, set(missing))


def may_be_unrecorded(branch: Branch) -> int:
    """Count the fields of a branch that may be unrecorded."""
    across = (*_read_across(branch.there, branch.due), *_read_across(branch.gone, None))
    return len(set(_read_where_they_stand(branch)) | {_plain(a) for a in across if _needed(branch, a)})


def _undecided(branch: Branch, atoms: set[_Atom], missing: set[_Atom]) -> Clause:
    """Return the clause that holds where the missing would decide, and what is recorded does not rule it out."""
    due_unknown = branch.due is not None and _plain(branch.due) in missing
    return Clause(
        branch.question,
        branch.part,
        _there(branch, atoms, missing),
        tuple(part for part in branch.gone if not any(_reads(test, missing) for test in part.tests)),
        gaps=_gaps(missing),
        due=None if due_unknown else branch.due,
        due_unknown=due_unknown,
    )


def _decided(branch: Branch, atoms: set[_Atom], missing: set[_Atom]) -> Iterator[Clause]:
    """Yield the clause that is certain although some are missing, and one for each witness against it."""
    there = _there(branch, atoms, missing)
    kept = [Part(p.kind, tuple(test for test in p.tests if not _reads(test, missing))) for p in branch.gone]
    blurred = [{a for a in missing if any(_reads(test, {a}) for test in part.tests)} for part in branch.gone]
    ways = [list(_ways(branch, part)) for part in kept]
    yield Clause(
        branch.question, branch.part, there, tuple(part for way in ways for part, _ in way), due=branch.due
    )
    sure = tuple(part for part, lost in zip(branch.gone, blurred, strict=True) if not lost)
    for way, lost in zip(ways, blurred, strict=True):
        for witness, fields in way:
            gaps = (*_gaps(lost), *(Gap(len(there), field) for field in fields))
            if gaps:
                yield Clause(branch.question, branch.part, there, sure, witness, gaps, branch.due)


def _ways(branch: Branch, part: Part) -> Iterator[tuple[Part, tuple[str, ...]]]:
    """Yield every way a part under ``without`` could match, with the fields that are open in each."""
    for missing in _subsets(sorted(_own(branch, 0, part))):
        kept = tuple(test for test in part.tests if not any(atom.read_by(test) for atom in missing))
        yield (
            Part(part.kind, tuple(a.unrecorded() for a in missing) + kept),
            tuple(sorted({a.field for a in missing})),
        )


def _there(branch: Branch, atoms: set[_Atom], missing: set[_Atom]) -> tuple[Part, ...]:
    """Return the parts that bind facts: the missing unrecorded, the rest recorded, and no test that reads the missing."""
    parts = []
    for n, part in enumerate(branch.there):
        lost = sorted(atom for atom in missing if atom.position == n)
        guards = sorted(atom for atom in atoms - missing if atom.position == n and atom.members is None)
        tests = (
            *(atom.unrecorded() for atom in lost),
            *(Test(atom.field, Op.RECORDED) for atom in guards),
            *(t for t in part.tests if not _reads(t, missing) and not any(atom.read_by(t) for atom in lost)),
        )
        parts.append(Part(part.kind, tests, part.alias))
    return tuple(parts)


def _read_where_they_stand(branch: Branch) -> Iterator[_Atom]:
    for n, part in enumerate(branch.there):
        yield from _own(branch, n, part)


def _own(branch: Branch, position: int, part: Part) -> Iterator[_Atom]:
    """Yield what a part reads of its own fact that may be unrecorded."""
    for test in part.tests:
        if test.op in _ABOUT_RECORDING:
            continue
        operand = test.operand
        if isinstance(operand, Members) and isinstance(operand.codes, CodeList) and operand.codes.others:
            yield _Atom(position, test.field, operand.name, operand)
        elif _may_be_missing(branch, part.kind, test.field):
            yield _Atom(position, test.field, "", None)


def _read_across(parts: Iterable[Part], due: Across | None) -> Iterator[Across]:
    if due is not None:
        yield due
    for part in parts:
        yield from (test.operand for test in part.tests if isinstance(test.operand, Across))


def _needed(branch: Branch, across: Across) -> bool:
    return _may_be_missing(branch, branch.there[across.position].kind, across.field)


def _may_be_missing(branch: Branch, kind: str, field: str) -> bool:
    return not VOCABULARY[kind].fields[field].recorded and (kind, field) in branch.needs


def _plain(across: Across) -> _Atom:
    return _Atom(across.position, across.field, "", None)


def _reads(test: Test, missing: set[_Atom]) -> bool:
    """Tell whether a test compares with one of the missing."""
    return isinstance(test.operand, Across) and _plain(test.operand) in missing


def _gaps(missing: set[_Atom]) -> tuple[Gap, ...]:
    return tuple(
        Gap(position, field) for position, field in sorted({(atom.position, atom.field) for atom in missing})
    )


def _subsets(atoms: list[_Atom]) -> Iterator[tuple[_Atom, ...]]:
    """Yield every subset, the empty one first."""
    return chain.from_iterable(combinations(atoms, size) for size in range(len(atoms) + 1))
