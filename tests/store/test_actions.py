"""An action plan: each change is added, nothing is overwritten unseen, and it is seen where it belongs."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from aboveline.store import (
    Act,
    AreaScope,
    ConflictError,
    Database,
    NotFoundError,
    UnfitError,
    actions,
    audits,
    planning,
    trail,
)
from aboveline.store.actions import Action, ActionState, Plan
from stored import ALL, SCARBOROUGH, YORK, record, upload

PLAN = Plan("Ask the court team for reports.", "Team manager, York", dt.date(2026, 4, 1))
BOTH = AreaScope.of(["YRK", "SCA"])


def put(database: Database, act: Act, scope: AreaScope = ALL, plan: Plan = PLAN, **of: object) -> Action:
    """Put an action down."""
    with database.begin() as session:
        return planning.put(session, act, scope, plan, **of)  # type: ignore[arg-type]


def test_each_change_is_kept(database: Database, act: Callable[..., Act]) -> None:
    """What holds now is the last; who changed what and why is told."""
    made = put(database, act(), over=YORK)
    begun = replace(PLAN, state=ActionState.STARTED, owner="Ben")

    with database.begin() as session:
        changed = planning.change(session, act("BEN"), YORK, made.id, 1, begun, "Anna is away.")

    with database.reading() as session:
        assert changed == actions.get(session, YORK, made.id)
        history = actions.history(session, YORK, made.id)
        assert ["action_changed", "action_put"] == [
            one.what for one in trail.of_subjects(session, (made.id,))
        ]
    assert (2, begun) == (changed.version, changed.plan)
    assert [(1, PLAN, "", "ANNA"), (2, begun, "Anna is away.", "BEN")] == [
        (one.version, one.plan, one.note, one.who) for one in history
    ]


def test_what_somebody_else_changed_is_not_overwritten(database: Database, act: Callable[..., Act]) -> None:
    """A change is made to a version that was seen."""
    made = put(database, act(), over=YORK)
    with database.begin() as session:
        planning.change(session, act(), YORK, made.id, 1, replace(PLAN, state=ActionState.DONE))

    with pytest.raises(ConflictError, match="somebody else"), database.begin() as session:
        planning.change(session, act(), YORK, made.id, 1, replace(PLAN, state=ActionState.DROPPED))

    with database.reading() as session:
        assert ActionState.DONE is actions.get(session, YORK, made.id).plan.state


def test_an_action_is_seen_with_all_its_areas(database: Database, act: Callable[..., Act]) -> None:
    """Those of its audit, of its case, or those it was put down for."""
    upload(database, record("S-1", "SCA"), record("N-1", None), act=act())
    with database.begin() as session:
        audit = audits.ask(session, act(), ALL, label="x", as_of=dt.date(2026, 3, 1), over=BOTH).id
    made = {
        "audit": put(database, act(), audit=audit, recommendation="R-1").id,
        "case": put(database, act(), SCARBOROUGH, case="S-1").id,
        "none": put(database, act(), case="N-1").id,
        "york": put(database, act(), YORK, over=YORK).id,
    }
    seen = {ALL: set(made), BOTH: {"audit", "case", "york"}, YORK: {"york"}, SCARBOROUGH: {"case"}}

    with database.reading() as session:
        for scope, names in seen.items():
            assert {made[name] for name in names} == {one.id for one in actions.page(session, scope).items}
            for hidden in set(made) - names:
                for look in (actions.get, actions.history):
                    with pytest.raises(NotFoundError):
                        look(session, scope, made[hidden])
        assert [made["audit"]] == [one.id for one in actions.page(session, ALL, audit=audit).items]
        assert [made["case"]] == [one.id for one in actions.page(session, ALL, case="S-1").items]
    for of in ({"audit": audit}, {"case": "S-1"}, {"over": BOTH}, {"over": ALL}):
        with pytest.raises(NotFoundError):
            put(database, act(), YORK, **of)
    with pytest.raises(NotFoundError), database.begin() as session:
        planning.change(session, act(), YORK, made["case"], 1, PLAN)


def test_pages_by_state(database: Database, act: Callable[..., Act]) -> None:
    """By the state they are in now, the latest first."""
    made = [put(database, act(), over=YORK) for _ in range(3)]
    with database.begin() as session:
        planning.change(session, act(), YORK, made[1].id, 1, replace(PLAN, state=ActionState.DONE))

    with database.reading() as session:
        open_ = actions.page(session, YORK, state=ActionState.OPEN)
        done = actions.page(session, YORK, state=ActionState.DONE)
        first = actions.page(session, YORK, limit=2)
        rest = actions.page(session, YORK, limit=2, after=first.after)

    assert [made[2].id, made[0].id] == [one.id for one in open_.items]
    assert [made[1].id] == [one.id for one in done.items]
    assert [one.id for one in made[::-1]] == [one.id for one in first.items + rest.items]


@pytest.mark.parametrize(
    "plan", [Plan(" ", "x", None), Plan("x", "", None), Plan("x" * 2001, "x", None), Plan("x", "a\0", None)]
)
def test_it_says_what_and_who(database: Database, act: Callable[..., Act], plan: Plan) -> None:
    """Otherwise nobody can do it."""
    with pytest.raises(UnfitError):
        put(database, act(), plan=plan, over=YORK)
    with pytest.raises(UnfitError, match="which audit"):
        put(database, act())
