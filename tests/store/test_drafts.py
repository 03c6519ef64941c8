"""Drafts of the rules are kept as they were sent, with what they would do, for those with all of their areas."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from aboveline.answers import Answer
from aboveline.case import CaseRecord
from aboveline.impact import Impact
from aboveline.impact.model import CaseImpact
from aboveline.result import RejectedRecord
from aboveline.store import (
    Act,
    AreaScope,
    ConflictError,
    Database,
    NotFoundError,
    UnfitError,
    drafts,
    impacts,
    jobs,
    retention,
    trail,
)
from aboveline.store.drafts import Draft
from aboveline.store.states import State
from stored import ALL, SCARBOROUGH, YORK, record, upload

AS_OF = dt.date(2014, 2, 28)
TEXTS = {"victims/VW-01.yaml": "a secret draft", "framework.yaml": "another text"}
WORDS = {"VW-01.1": "The victim was not told."}


def put(database: Database, act: Act, scope: AreaScope = ALL) -> Draft:
    """Keep a draft."""
    with database.begin() as session:
        return drafts.put(
            session, act, scope, label=" Stricter ", as_of=AS_OF, texts=TEXTS, options={"base": "shipped"}
        )


def impact_on(*cases: str) -> Impact:
    """Return an impact that lists some cases, each of which moves once."""
    return Impact(
        aboveline="1",
        as_of=AS_OF,
        cases=len(cases),
        cases_hash="c" * 64,
        rulebook_before="b" * 64,
        rulebook_after="a" * 64,
        differences=(),
        questions=(),
        outcomes=(),
        moved=tuple(
            CaseImpact(
                case=case,
                question="VW-01",
                before=Answer.SUFFICIENT,
                after=Answer.INSUFFICIENT,
                new=("VW-01.1",),
                gone=(),
            )
            for case in cases
        ),
        rejected=tuple(
            RejectedRecord(source="the store", line=None, path="", reason=f"'{case}' cannot be read")
            for case in cases
        ),
    )


def keep(database: Database, act: Callable[..., Act], draft: str, impact: Impact) -> None:
    """Try a draft."""
    with database.begin() as session:
        drafts.move(session, act(), draft, State.RUNNING)
        impacts.save(
            session, act(), draft, impacts.prepare(impact, {one.case: WORDS for one in impact.moved})
        )


def test_draft_comes_back_as_it_was_sent(database: Database, act: Callable[..., Act]) -> None:
    """With who, when, as at which day, over which areas; and none of its text is in the trail."""
    sender = act("ADA")
    made = put(database, sender, AreaScope.of(["YRK", "SCA"]))

    with database.reading() as session:
        assert made == drafts.get(session, ALL, made.id)
        assert drafts.files(session, ALL, made.id) == TEXTS
        (entry,) = trail.of_subjects(session, (made.id,))
        told = session.execute(text("select * from trail")).all()
        assert trail.verify(session) is None
    assert ("ADA", sender.at, "Stricter", AS_OF) == (made.who, made.at, made.label, made.as_of)
    assert (("SCA", "YRK"), {"base": "shipped"}, State.QUEUED) == (made.areas, made.options, made.state)
    assert ("draft_sent", 2, made.sent) == (entry.what, entry.details["files"], entry.details["digest"])
    assert "secret" not in repr(told)
    assert "VW-01" not in repr(told)


def test_impact_is_kept_once_and_to_the_byte(database: Database, act: Callable[..., Act]) -> None:
    """It ends the draft; before that there is none, and afterwards no other."""
    upload(database, record("A-1"), record("A-2"), act=act())
    made, impact = put(database, act()), impact_on("A-1", "A-2")
    with database.reading() as session:
        with pytest.raises(ConflictError, match="queued"):
            impacts.load(session, ALL, made.id)
        assert {} == impacts.findings(session, ALL, made.id)
    keep(database, act, made.id, impact)

    with database.reading() as session:
        done = drafts.get(session, ALL, made.id)
        assert impact.to_json().encode() == impacts.load_json(session, ALL, made.id)
        assert impact == impacts.load(session, ALL, made.id)
        assert {"A-1": WORDS, "A-2": WORDS} == impacts.findings(session, ALL, made.id)
    assert (State.DONE, 2, "a" * 64, 0) == (done.state, done.cases, done.rulebook, done.erased)
    with pytest.raises(ConflictError, match="is done"):
        keep(database, act, made.id, impact)


def test_draft_is_seen_with_all_of_its_areas_and_not_found_otherwise(
    database: Database, act: Callable[..., Act]
) -> None:
    """Nor its files or what it would do; a list leaves it out."""
    both = put(database, act(), AreaScope.of(["YRK", "SCA"]))
    york = put(database, act(), YORK)
    everything = put(database, act())

    with database.reading() as session:
        for scope, seen in (
            (ALL, [everything.id, york.id, both.id]),
            (YORK, [york.id]),
            (SCARBOROUGH, []),
            (AreaScope.of([]), []),
        ):
            assert seen == [one.id for one in drafts.page(session, scope).items]
            for one in {both.id, york.id, everything.id} - set(seen):
                for look in (drafts.get, drafts.files, impacts.load, impacts.findings):
                    with pytest.raises(NotFoundError):
                        look(session, scope, one)
        first = drafts.page(session, ALL, limit=2)
        assert [both.id] == [one.id for one in drafts.page(session, ALL, after=first.after).items]


@pytest.mark.parametrize(("label", "scope"), [("", ALL), ("x" * 201, ALL), ("x", AreaScope.of([]))])
def test_draft_without_a_label_or_an_area_is_refused(
    database: Database, act: Callable[..., Act], label: str, scope: AreaScope
) -> None:
    """Nothing is kept of it."""

    def refused() -> None:
        with database.begin() as session:
            drafts.put(session, act(), scope, label=label, as_of=AS_OF, texts=TEXTS)

    with pytest.raises(UnfitError):
        refused()
    with database.reading() as session:
        assert () == drafts.page(session, ALL).items


def test_draft_goes_its_way_and_no_other(database: Database, act: Callable[..., Act]) -> None:
    """It may begin again and be handed back; what failed stays so."""
    made = put(database, act("ADA"))
    with database.begin() as session:
        assert (1, 0) == (drafts.unfinished(session, ALL, "ADA"), drafts.unfinished(session, ALL, "EVE"))
        for state in (State.RUNNING, State.RUNNING, State.QUEUED, State.RUNNING):
            drafts.move(session, act(), made.id, state)
        drafts.move(session, act(), made.id, State.FAILED, "too long")
        assert 0 == drafts.unfinished(session, ALL, "ADA")
    with database.reading() as session:
        assert "too long" == drafts.get(session, ALL, made.id).reason

    def again() -> None:
        with database.begin() as session:
            drafts.move(session, act(), made.id, State.RUNNING)

    def missing() -> None:
        with database.begin() as session:
            drafts.move(session, act(), "made-up", State.RUNNING)

    with pytest.raises(ConflictError):
        again()
    with pytest.raises(NotFoundError):
        missing()


def test_nothing_of_a_draft_can_be_changed_or_taken_away(database: Database, act: Callable[..., Act]) -> None:
    """Not even while a case is erased, but for what it would do, which is then written anew."""
    upload(database, record("A-1"), act=act())
    keep(database, act, put(database, act()).id, impact_on("A-1"))

    def change(statement: str, *, erasing: bool) -> None:
        with database.begin() as session:
            if erasing:
                session.execute(text("insert into erasing (case_id) values ('A-1')"))
            session.execute(text(statement))

    for table in ("draft_states", "draft_areas", "drafts", "draft_impacts"):
        for statement in (f"delete from {table}", f"update {table} set draft_id = 'x'"):  # noqa: S608 - names of ours
            with pytest.raises(DatabaseError):
                change(statement.replace("drafts set draft_id", "drafts set id"), erasing=False)
    for table in ("draft_states", "draft_areas", "drafts"):
        with pytest.raises(DatabaseError):
            change(f"delete from {table}", erasing=True)  # noqa: S608 - names of ours


def test_erased_case_is_taken_out_of_every_impact(database: Database, act: Callable[..., Act]) -> None:
    """It stays in the counts; each impact says how many it lost, and so does the tombstone."""
    upload(database, record("A-1"), record("A-2"), act=act())
    both, other = put(database, act()), put(database, act())
    keep(database, act, both.id, impact_on("A-1", "A-2"))
    keep(database, act, other.id, impact_on("A-2"))
    with database.begin() as session:
        made = retention.erase(session, act(), ALL, "A-1")

    with database.reading() as session:
        left = impacts.load(session, ALL, both.id)
        assert {"A-2": WORDS} == impacts.findings(session, ALL, both.id)
        known = drafts.get(session, ALL, both.id)
        assert impact_on("A-2").to_json().encode() == impacts.load_json(session, ALL, other.id)
        told = [one.what for one in trail.of_subjects(session, (both.id,))]
        assert trail.verify(session) is None
    assert (1, 1, 2) == (made.counts["drafts"], known.erased, left.cases)
    assert ["A-2"] == [one.case for one in left.moved]
    assert "A-1" not in left.to_json()
    assert "draft_cases_taken_out" == told[0]


def test_case_that_was_erased_meanwhile_is_not_kept(
    database: Database, act: Callable[..., Act], york: tuple[CaseRecord, ...]
) -> None:
    """A worker brings an impact that still lists it."""
    cases = [one.case for one in york]
    upload(database, *york, act=act())
    made = put(database, act())
    with database.begin() as session:
        jobs.enqueue(session, act(), "impact", made.id)
        retention.erase(session, act(), ALL, cases[0])
    keep(database, act, made.id, impact_on(*cases))

    with database.reading() as session:
        assert 1 == drafts.get(session, ALL, made.id).erased
        assert set(cases[1:]) == impacts.findings(session, ALL, made.id).keys()
        assert cases[1:] == [one.case for one in impacts.load(session, ALL, made.id).moved]
