"""`dfdev mysql`: the database with all its fixtures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dfdev.cli.arguments import Yes
from dfdev.cli.common import Common
from dfdev.cli.options import command, group

app = group("The database: fixtures baked in, reset, snapshots, import and export.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The snapshot's name.")]
Force = Annotated[bool, typer.Option("--force", help="Even where there is one already.")]
Files = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="*.sql, *.csv, also .gz, .bz2, .xz, .zst; a folder of mysqlsh.")
]


@command(app)
def build(common: Common, force: Force = False) -> None:
    """Bake the fixtures into the image that [mysql] names; nothing to do where they are baked already."""
    from dfdev.cli.mysql_build import run_build

    run_build(common, force=force)


@command(app)
def reset(common: Common, yes: Yes = False) -> None:
    """Throw the database's container away and start the image anew: every row as it was baked."""
    from dfdev.cli.mysql_state import run_reset

    run_reset(common, yes=yes)


@command(app)
def snapshot(
    common: Common,
    words: Annotated[list[str], typer.Argument(metavar="NAME | rm NAME...", help="What it is called.")],
    force: Force = False,
) -> None:
    """Keep the database as it is by a name; `snapshot rm NAME` removes such a snapshot."""
    from dfdev.cli.mysql_state import run_snapshot

    run_snapshot(common, words, force=force)


@command(app)
def restore(common: Common, name: Name, yes: Yes = False) -> None:
    """Start the database anew from a snapshot; only the database is restarted."""
    from dfdev.cli.mysql_state import run_restore

    run_restore(common, name, yes=yes)


@command(app)
def snapshots(common: Common) -> None:
    """The snapshots of this workspace: age, size, git branch, version."""
    from dfdev.cli.mysql_state import run_snapshots

    run_snapshots(common)


@command(app, "import")
def import_files(
    common: Common,
    files: Files,
    into: Annotated[str, typer.Option("--into", metavar="DB", help="This database; made where there is none.")] = "",
) -> None:
    """Load files into the running database, each in one transaction where its statements allow that."""
    from dfdev.cli.mysql_data import run_import

    run_import(common, files, into)


@command(app)
def export(
    common: Common,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="dump.sql, dump.sql.zst; - is stdout.")] = None,
    tables: Annotated[str, typer.Option("--tables", metavar="A,B", help="Only these tables.")] = "",
    database: Annotated[str, typer.Option("--database", metavar="DB", help="Another database.")] = "",
    mysqlsh: Annotated[bool, typer.Option("--mysqlsh", help="A folder, by MySQL Shell's parallel dump.")] = False,
) -> None:
    """Dump the database with its views, triggers, routines and events; the file is complete or absent."""
    from dfdev.cli.mysql_data import run_dump, run_export

    only = [table for table in tables.split(",") if table]
    run_dump(common, file, only, database) if mysqlsh else run_export(common, file, only, database)


@command(app)
def status(common: Common) -> None:
    """Version, size, connections, the age of the fixtures and what was changed since."""
    from dfdev.cli.mysql_state import run_status

    run_status(common)


@command(app)
def url(common: Common) -> None:
    """The database's URL for programs on this computer, password included."""
    from dfdev.cli.mysql_data import run_url

    run_url(common)


@command(app)
def shell(common: Common) -> int:
    """The mysql client, in your terminal."""
    from dfdev.cli.mysql_data import run_shell

    return run_shell(common)


@command(app)
def check(
    common: Common,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A saved SHOW VARIABLES of production.")],
) -> int:
    """Compare the server's variables with production's: what differs, and what that breaks."""
    from dfdev.cli.mysql_data import run_check

    return run_check(common, file)
