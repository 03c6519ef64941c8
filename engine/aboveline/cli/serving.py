"""``aboveline serve`` and ``aboveline work``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer
from pydantic import SecretStr

from .app import app
from .options import COULD_NOT_RUN, AsOf, day

if TYPE_CHECKING:
    from aboveline.service import Settings

__all__ = ["serve_command", "work_command"]

DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="Where data is kept. Default: ABOVELINE_DATABASE_URL, or aboveline.db in this folder.",
        show_default=False,
    ),
]


@app.command("serve")
def serve_command(
    database: DatabaseUrl = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            min=1,
            max=65534,
            help="Port to listen on; the development identity takes the next. Default: ABOVELINE_PORT, or 8000.",
            show_default=False,
        ),
    ] = None,
    sample: Annotated[
        Path | None,
        typer.Option(
            "--sample",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="Case records to load and audit where no case is kept yet.",
            show_default=False,
        ),
    ] = None,
    as_of: AsOf = None,
    *,
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Run a worker beside the server.")
    ] = True,
) -> None:
    """Serve the pages and the API: by default for development, on this machine only."""
    # What serves is loaded when it is wanted: it would slow every other command.
    from aboveline.service import SettingsError, read_settings  # noqa: PLC0415
    from aboveline.service.clock import SystemClock  # noqa: PLC0415
    from aboveline.service.composing import compose  # noqa: PLC0415
    from aboveline.service.identity import PEOPLE, create_identity  # noqa: PLC0415
    from aboveline.service.observing.logs import log_service  # noqa: PLC0415
    from aboveline.service.room import own_room  # noqa: PLC0415
    from aboveline.service.server import need_port, run, server_of  # noqa: PLC0415
    from aboveline.service.starting import grant_invented, load_sample  # noqa: PLC0415
    from aboveline.service.working import beside  # noqa: PLC0415
    from aboveline.store import Database, StoreError  # noqa: PLC0415

    try:
        settings = _with(read_settings(), database, port)
        if settings.is_production and sample:
            raise typer.BadParameter("a sample is for development", param_hint="--sample")
        settings = _quieter(settings)
        log_service(settings.log_level)
        need_port(settings.host, settings.port)
        identity = urlsplit(settings.auth_url)
        if not settings.is_production:
            need_port(identity.hostname or "", identity.port or 80)
        clock = SystemClock()
        with own_room(), Database.open(settings.database_url.get_secret_value()) as opened:
            opened.migrate()
            made = compose(settings, opened, clock=clock)
            others = []
            if not settings.is_production:
                grant_invented(opened, clock.now())
                if sample and load_sample(made.state.desk, sample, day(as_of)):
                    typer.echo("The sample is loaded, and is being audited: that takes some seconds.")
                others = [
                    server_of(
                        create_identity(settings), identity.hostname or "127.0.0.1", identity.port or 80
                    )
                ]
                typer.echo(f"\nAboveline for development: open {settings.base_url} in a browser.")
                typer.echo(
                    "ANYBODY ON THIS MACHINE CAN SIGN IN AS ANYBODY, WITHOUT A PASSWORD. Use no real cases."
                )
                typer.echo("Choose there who to be:")
                for person in PEOPLE:
                    typer.echo(f"  {person.called}: {person.does}")
                typer.echo(f"What is kept is in {_place(settings)}. Ctrl+C stops this.\n")
            if worker:
                with beside(settings):
                    run(made, settings, others)
            else:
                run(made, settings, others)
    except (SettingsError, StoreError) as error:
        typer.echo(f"aboveline: {error}", err=True)
        raise typer.Exit(COULD_NOT_RUN) from None


@app.command("work")
def work_command(database: DatabaseUrl = None) -> None:
    """Do the audits that were asked for, beside a server that runs without a worker of its own."""
    from aboveline.service import SettingsError, read_settings  # noqa: PLC0415
    from aboveline.service.working import work  # noqa: PLC0415
    from aboveline.store import StoreError  # noqa: PLC0415

    try:
        work(_with(read_settings(), database, None))
    except (SettingsError, StoreError) as error:
        typer.echo(f"aboveline: {error}", err=True)
        raise typer.Exit(COULD_NOT_RUN) from None


def _quieter(settings: "Settings") -> "Settings":
    """Leave a person who tries this out alone with lines of JSON, unless something is wrong or they asked for them."""
    if settings.is_production or "log_level" in settings.model_fields_set or not sys.stderr.isatty():
        return settings
    return settings.model_copy(update={"log_level": "ERROR"})


def _place(settings: "Settings") -> str:
    """Return where data is kept, for a person to find: the file, or that it is elsewhere. A URL may hold a password."""
    scheme, _, file = settings.database_url.get_secret_value().partition(":///")
    return str(Path(file).resolve()) if scheme.startswith("sqlite") else "the database that is set"


def _with(settings: "Settings", database: str | None, port: int | None) -> "Settings":
    """Return the settings with what was said on the command line in place of the environment's."""
    update: dict[str, object] = {}
    if database is not None:
        update["database_url"] = SecretStr(database)
    if port is not None:
        update["port"] = port
        if not settings.is_production:
            update["base_url"] = f"http://{settings.host}:{port}"
            update["auth_url"] = f"http://{settings.host}:{port + 1}"
    return settings.model_copy(update=update)
