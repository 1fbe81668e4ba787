"""`dfdev mysql import`, `export`, `url`, `shell`, `check`: data in and out, and what production says."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from dfdev.cli.changing import changing
from dfdev.cli.common import Common
from dfdev.cli.session import site_of
from dfdev.core.amounts import size_text
from dfdev.core.events import Emit, Planned
from dfdev.core.typed import typed
from dfdev.errors import DfdevError, UsageError
from dfdev.mysql.database import config_of, published_port, running
from dfdev.mysql.definers import strangers, tell_strangers
from dfdev.mysql.export import export, target
from dfdev.mysql.fixtures import Fixture, fixture_at
from dfdev.mysql.for_now import roomy_log
from dfdev.mysql.load import load
from dfdev.mysql.mysqlsh import write_dump
from dfdev.mysql.server import quoted_name, shell_argv
from dfdev.mysql.sql_file import must_fit
from dfdev.stack.database_url import database_url
from dfdev.stack.mysql import NAME
from dfdev.system.step import step
from dfdev.ui.out import lead_nowhere
from dfdev.ui.reporter import reporter_for

_AFTER = "the server takes back what it had not committed yet"
_FORMATS = "*.sql and *.csv, each also .gz, .bz2, .xz or .zst, and folders that mysqlsh dumped"


def run_import(common: Common, files: Sequence[Path], into: str) -> None:
    fixtures = [_importable(path) for path in files]
    site = site_of(common)
    database = into or config_of(site).database
    began = time.monotonic()
    with reporter_for(common.out) as reporter, changing(common, site, "dfdev mysql import", reporter.emit, _AFTER):
        server = running(site).server
        if into:
            _must_fit(fixtures, into, reporter.emit)
            server.run(f"CREATE DATABASE IF NOT EXISTS {quoted_name(into)}")
        reporter.emit(Planned(tuple(f"load {fixture.path.name}" for fixture in fixtures)))
        before = strangers(server)
        with roomy_log(server, sum(fixture.size for fixture in fixtures)):
            loaded = [load(server, fixture, database, reporter.emit, into=into) for fixture in fixtures]
        tell_strangers(server, reporter.emit, before)
    seconds = time.monotonic() - began
    names = sorted({name for one in loaded for name in one.databases if name})
    size = sum(one.size for one in loaded)
    common.out.document(
        {
            "files": [str(path) for path in files],
            "database": database,
            "databases": names,
            "bytes": size,
            "seconds": round(seconds, 3),
        }
    )
    rate = f", {size_text(round(size / seconds))}/s" if seconds > 1 else ""
    where = f"loaded into {', '.join(names)}" if names else "read, and no table was written"
    common.out.say(f"{size_text(size)} {where} in {seconds:.1f} s{rate}")


def _must_fit(fixtures: Sequence[Fixture], into: str, emit: Emit) -> None:
    """DfdevError, before anything is loaded."""
    for fixture in fixtures:
        if fixture.kind == "sql":
            with step(f"look through {fixture.path.name}", emit):
                must_fit(fixture.path, into)


def _importable(path: Path) -> Fixture:
    try:
        found = fixture_at(path)
    except OSError as error:
        raise DfdevError(f"cannot read {path}: {error.strerror}", "check its name and who may read it") from error
    if found is None or found.kind == "sh":
        raise UsageError(f"{path} is nothing that can be imported", f"what can be: {_FORMATS}")
    return found


def run_export(common: Common, file: Path | None, tables: Sequence[str], database: str) -> None:
    site = site_of(common)
    name = database or config_of(site).database
    if not name:
        raise UsageError("which database?", "dfdev mysql export --database NAME dump.sql.gz")
    stdout = str(file) == "-" or (file is None and not os.isatty(1))
    if file is None and not stdout:
        raise UsageError("where to?", f"{typed('dfdev mysql export', f'{name}.sql.gz')}, or `-` for stdout")
    server = running(site).server
    began = time.monotonic()
    where = nullcontext(_to_stdout) if stdout or file is None else target(file)
    with reporter_for(common.out) as reporter, where as take:
        size = export(server, name, tables, take, reporter.emit)
    seconds = time.monotonic() - began
    if not stdout:
        common.out.document({"file": str(file), "database": name, "bytes": size, "seconds": round(seconds, 3)})
    common.out.say(f"{size_text(size)} of {name} in {seconds:.1f} s{'' if stdout else f': {file}'}")


def run_dump(common: Common, folder: Path | None, tables: Sequence[str], database: str) -> None:
    """`export --mysqlsh`."""
    site = site_of(common)
    name = database or config_of(site).database
    if not name or folder is None:
        raise UsageError("which database, and where to?", "dfdev mysql export --mysqlsh --database NAME FOLDER")
    server, key = running(site).server, f"dump {name}"
    with reporter_for(common.out) as reporter, step(key, reporter.emit) as took:
        size = write_dump(server, name, tables, folder, key, reporter.emit)
    common.out.document({"file": str(folder), "database": name, "bytes": size, "seconds": round(took(), 3)})
    common.out.say(f"{size_text(size)} of {name} in {took():.1f} s: {folder}")


def _to_stdout(piece: bytes) -> None:
    if sys.stdout is None:  # closed, as by `>&-`
        raise DfdevError("cannot write the dump: there is no stdout", "name a file instead")
    try:
        sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except OSError as error:
        lead_nowhere(sys.stdout)
        raise DfdevError(f"cannot write the dump: {error.strerror}", "name a file instead") from error


def run_url(common: Common) -> None:
    site = site_of(common)
    config = config_of(site)
    url = database_url(config, site.address, published_port(site))
    out = common.out.with_secrets()
    out.document({"url": url})
    out.data(url)


def run_shell(common: Common) -> int:
    """The client's exit code; does not return where the docker CLI takes over."""
    from dfdev.cli.exec import enter

    config_of(site_of(common))
    return enter(common, NAME, shell_argv(), "", needs_terminal=False)


def run_check(common: Common, file: Path) -> int:
    """1 where something differs."""
    from dfdev.cli.mysql_check import show_check
    from dfdev.mysql.checking import check, saved_text

    text = saved_text(file)
    return show_check(common, check(running(site_of(common)).server.rows, text), file)
