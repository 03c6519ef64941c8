"""What drafts of the rules would do: the JSON as it was made, gzipped, and in words what was found in the cases that change."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from aboveline.impact import Impact

from . import trail
from .act import Act
from .drafts import get, move
from .errors import ConflictError
from .packing import marks_of, packed, unpacked
from .results import without_reasons
from .schema import CaseVersionRow, DraftImpactRow
from .scope import AreaScope
from .states import State
from .turns import Turn, alone

__all__ = ["Prepared", "findings", "load", "load_json", "prepare", "save"]


Findings = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Prepared:
    """An impact that is ready to be kept. ``findings`` has what was found, in words, by case and deficiency."""

    impact: Impact
    findings: Findings
    digest: str
    packed: bytes


def prepare(impact: Impact, findings: Findings | None = None) -> Prepared:
    """Make an impact ready to be kept, before a transaction begins."""
    digest, content = packed(impact.to_json().encode())
    return Prepared(impact, dict(findings or {}), digest, content)


def save(session: Session, act: Act, draft: str, prepared: Prepared) -> None:
    """Keep what a draft would do, which is done with this. It is kept once, and without cases that were erased since.

    To be sure that nobody else does the same, end its job in the same transaction first (``holding.finish``).

    Raises:
        NotFoundError: there is no such draft.
        ConflictError: it is not being tried.
    """
    alone(session, Turn.UPLOAD)  # nothing is erased while this is kept
    move(session, act, draft, State.DONE)
    gone = _listed(prepared.impact) - set(session.scalars(select(CaseVersionRow.case_id).distinct()))
    if gone:
        prepared = prepare(_without(prepared.impact, gone), _left(prepared.findings, gone))
    _put(session, act, draft, prepared, erased=len(gone))
    trail.note(
        session,
        act,
        "draft_impact_kept",
        draft,
        cases=prepared.impact.cases,
        rulebook=prepared.impact.rulebook_after,
        digest=prepared.digest,
        erased=len(gone),
    )


def load(session: Session, scope: AreaScope, draft: str) -> Impact:
    """Return what a draft would do.

    Raises:
        NotFoundError: there is no such draft in the areas.
        ConflictError: it is not done; or what came of it is not as it was kept, or was kept by a version that said it otherwise.
    """
    try:
        return Impact.model_validate_json(load_json(session, scope, draft))
    except ValidationError:
        raise ConflictError(
            "the impact was kept by another version of Aboveline: send the draft again"
        ) from None


def load_json(session: Session, scope: AreaScope, draft: str) -> bytes:
    """Return what a draft would do as its JSON, to the byte as it was made.

    Raises:
        NotFoundError: there is no such draft in the areas.
        ConflictError: it is not done, or what came of it is not as it was kept.
    """
    known = get(session, scope, draft)
    row = session.get(DraftImpactRow, draft)
    if row is None:
        raise ConflictError(f"the draft is {known.state}: what it would do is not known")
    return unpacked(row.impact, row.digest)


def findings(session: Session, scope: AreaScope, draft: str) -> dict[str, dict[str, str]]:
    """Return what was found in the cases that change, in words, by case and deficiency; nothing where the draft is not done.

    Raises:
        NotFoundError: there is no such draft in the areas.
    """
    get(session, scope, draft)
    kept = session.scalars(
        select(DraftImpactRow.findings).where(DraftImpactRow.draft_id == draft)
    ).one_or_none()
    found: dict[str, dict[str, str]] = json.loads(kept or "{}")
    return found


def erase_cases(session: Session, act: Act, cases: Collection[str]) -> Counter[str]:
    """Take cases out of every impact that lists them; return from how many each was. They must stand in ``erasing``."""
    impacts: Counter[str] = Counter()
    marks = marks_of(cases)
    for draft in session.scalars(select(DraftImpactRow.draft_id).order_by(DraftImpactRow.draft_id)).all():
        row = session.execute(
            select(DraftImpactRow.impact, DraftImpactRow.findings, DraftImpactRow.erased).where(
                DraftImpactRow.draft_id == draft
            )
        ).one()
        text = unpacked(row.impact)
        if not any(mark in text for mark in marks):
            continue
        before = Impact.model_validate_json(text)
        listed = _listed(before) & set(cases)
        after = _without(before, set(cases))
        if after == before:
            continue
        impacts.update(listed)
        erased = row.erased + len(listed)
        session.execute(delete(DraftImpactRow).where(DraftImpactRow.draft_id == draft))
        prepared = prepare(after, _left(json.loads(row.findings), set(cases)))
        _put(session, act, draft, prepared, erased=erased)
        trail.note(session, act, "draft_cases_taken_out", draft, erased=erased, digest=prepared.digest)
    return impacts


def _listed(impact: Impact) -> set[str]:
    return {one.case for one in impact.moved}


def _without(impact: Impact, cases: AbstractSet[str]) -> Impact:
    return impact.model_copy(
        update={
            "moved": tuple(one for one in impact.moved if one.case not in cases),
            "rejected": without_reasons(impact.rejected, cases),
        }
    )


def _left(found: Findings, cases: AbstractSet[str]) -> Findings:
    return {case: words for case, words in found.items() if case not in cases}


def _put(session: Session, act: Act, draft: str, prepared: Prepared, *, erased: int) -> None:
    session.execute(
        insert(DraftImpactRow),
        [
            {
                "draft_id": draft,
                "at": act.at,
                "impact": prepared.packed,
                "digest": prepared.digest,
                "findings": json.dumps(prepared.findings, sort_keys=True),
                "rulebook": prepared.impact.rulebook_after,
                "cases": prepared.impact.cases,
                "erased": erased,
            }
        ],
    )
