"""``aboveline trail verify``, ``retain`` and ``grant``: what whoever runs the service does to what it keeps."""

import datetime as dt
import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from .app import app
from .options import COULD_NOT_RUN, FINDINGS

if TYPE_CHECKING:
    from aboveline.store import Act, Database

__all__ = ["grant_command", "retain_command", "verify_command"]

trail_app = typer.Typer(help="The audit trail: who did what, to what, when.", no_args_is_help=True)
app.add_typer(trail_app, name="trail")

DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="Where data is kept. Default: ABOVELINE_DATABASE_URL, or aboveline.db in this folder.",
        show_default=False,
    ),
]
_HASH = 64
_LONGEST_REASON = 200


@trail_app.command("verify")
def verify_command(
    database: DatabaseUrl = None,
    head: Annotated[
        str | None,
        typer.Option(
            "--head",
            metavar="NUMBER:HASH",
            help="An entry that was written down elsewhere: it must be there, as it was.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Check that nothing in the trail was changed, taken out or put in; exit 1 where something was."""
    from aboveline.store import trail  # noqa: PLC0415

    known = None if head is None else trail.Head(*_head(head))
    with _opened(database) as opened, opened.reading() as session:
        broken = trail.verify(session, known)
        last = trail.head(session)
    if broken is not None:
        typer.echo(f"The trail is broken at entry {broken.seq}: {broken.reason}.")
        raise typer.Exit(FINDINGS)
    if last is None:
        typer.echo("The trail is empty: nothing was done yet.")
        return
    typer.echo(f"The trail is whole: {last.seq:,} {'entry' if last.seq == 1 else 'entries'}.")
    typer.echo(f"Write this down elsewhere, for --head: {last.seq}:{last.hash}")


@app.command("retain")
def retain_command(
    database: DatabaseUrl = None,
    case: Annotated[
        str | None,
        typer.Option("--case", metavar="ID", help="Erase this case.", show_default=False),
    ] = None,
    before: Annotated[
        dt.datetime | None,
        typer.Option(
            "--before",
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="Erase cases that were not uploaded on this day or since.",
            show_default=False,
        ),
    ] = None,
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it. Without this, say what would be erased.")
    ] = False,
) -> None:
    """Erase a case, or all that are older than a day, with everything said of them. The trail keeps that it was done."""
    if (case is None) == (before is None):
        raise typer.BadParameter("say what to erase: --case or --before, one of them")
    moment = None if before is None else before.replace(tzinfo=dt.UTC)
    if moment is not None and moment > _now():
        raise typer.BadParameter("this day is to come: every case is older", param_hint="--before")
    with _opened(database) as opened:
        if not yes:
            many = _would_erase(opened, case, moment)
            typer.echo(f"{_cases(many)} would be erased. To do it, add --yes.")
            return
        many = _erase(opened, case, moment)
        opened.tidy()
    typer.echo(f"{_cases(many)} erased. Backups still hold what was erased.")


@app.command("grant")
def grant_command(
    user: Annotated[
        str, typer.Argument(metavar="USER", help="The user_name that the identity provider gives them.")
    ],
    areas: Annotated[
        list[str],
        typer.Argument(metavar="AREA...", help="Areas whose cases they may see; '*' is every area."),
    ],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why. It is kept in the trail.")],
    database: DatabaseUrl = None,
) -> None:
    """Grant somebody areas, as the first administrator needs: in the pages nobody can grant what they do not have."""
    from aboveline.store import UnfitError, trail, users  # noqa: PLC0415

    with _opened(database) as opened, opened.begin() as session:
        if not 0 < len(reason := reason.strip()) <= _LONGEST_REASON:
            raise UnfitError(f"give a reason of 1 to {_LONGEST_REASON} characters")
        act = _act()
        new = [
            area
            for area in areas
            if users.change(session, act, user, users.Grantable.AREA, area, granted=True)
        ]
        if new:
            trail.note(session, act, "access_changed", user, reason=reason)
        named = users.access(session, user).scope.named
    typer.echo(f"{user} has {len(named):,} {'area' if len(named) == 1 else 'areas'}: {', '.join(named)}")


def _would_erase(database: "Database", case: str | None, before: dt.datetime | None) -> int:
    from aboveline.store import AreaScope, cases, retention  # noqa: PLC0415

    with database.reading() as session:
        if case is not None:
            cases.get(session, AreaScope.everything(), case)
            return 1
        return retention.count_older(session, AreaScope.everything(), before or _now())


def _erase(database: "Database", case: str | None, before: dt.datetime | None) -> int:
    from aboveline.store import AreaScope, retention  # noqa: PLC0415

    everything = AreaScope.everything()
    if case is not None:
        with database.begin() as session:
            retention.erase(session, _act(), everything, case)
        return 1
    many = 0
    while True:
        with database.begin() as session:
            erased = retention.erase_older(session, _act(), everything, before or _now())
        many += len(erased)
        if not erased:
            return many


@contextmanager
def _opened(url: str | None) -> Iterator["Database"]:
    """Give the database, if its tables are those of this version; end the command with a reason if not."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    from aboveline.service import SettingsError, read_settings  # noqa: PLC0415
    from aboveline.store import Database, StoreError, UnfitError  # noqa: PLC0415

    try:
        with Database.open(url or read_settings().database_url.get_secret_value(), make=False) as opened:
            if not opened.is_current():
                raise UnfitError(
                    "there is no database of this version of Aboveline there: say where it is with --database; "
                    "`aboveline serve` brings an older one up to date"
                )
            yield opened
    except (SettingsError, StoreError) as error:
        typer.echo(f"aboveline: {error}", err=True)
        raise typer.Exit(COULD_NOT_RUN) from None
    except SQLAlchemyError as error:  # its own words may hold what was to be written
        typer.echo(f"aboveline: the database could not be used ({type(error).__name__})", err=True)
        raise typer.Exit(COULD_NOT_RUN) from None


def _head(text: str) -> tuple[int, str]:
    number, _, hash_ = text.partition(":")
    if not number.isascii() or not number.isdecimal() or len(hash_) != _HASH:
        raise typer.BadParameter(
            "this is NUMBER:HASH, as aboveline trail verify tells it", param_hint="--head"
        )
    return int(number), hash_


def _act() -> "Act":
    from aboveline.store import Act  # noqa: PLC0415

    return Act(f"command line: {getpass.getuser()}", _now(), "")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _cases(many: int) -> str:
    return f"{many:,} {'case' if many == 1 else 'cases'}"
