"""`dfdev mysql build`: an empty server in a container, filled, shut down, and kept as an image.

Not a Dockerfile: a copied dump would stay in a layer, a build's labels cannot hold what was counted in it, and its
errors name no line. The data folder lies outside the declared volume, so the image's own layer holds the data.
"""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Sequence
from dataclasses import field
from typing import TypeVar

from dfdev.core.desired import File, Service
from dfdev.core.events import Emit, Planned, Progress
from dfdev.core.frozen import dataclass
from dfdev.core.labels import HELPER
from dfdev.core.ours import is_helper
from dfdev.engine.protocol import NO_NETWORK, ContainerSpec, Engine, ImageConfig
from dfdev.errors import DfdevError, NotFound
from dfdev.mysql.baked import FIXTURES, Baked, baked_of
from dfdev.mysql.definers import tell_strangers
from dfdev.mysql.fixtures import Fixture, digest
from dfdev.mysql.lifeline import HELD, lifeline
from dfdev.mysql.load import load
from dfdev.mysql.orphans import COMMENT, remove_orphans
from dfdev.mysql.server import Server, Version, quoted_name, quoted_text
from dfdev.mysql.tables import DATA, row_counts, tables
from dfdev.mysql.tags import Tags
from dfdev.resources import templates_dir
from dfdev.stack.mysql import META
from dfdev.stack.option_file import SETTINGS
from dfdev.stack.ready import plain_line
from dfdev.system.step import step

T = TypeVar("T")
_SOCKET = "/tmp/dfdev-mysqld.sock"
_AS_ROOT = ("--no-defaults", "--protocol=socket", f"--socket={_SOCKET}", "--user=root")
_LOGIN = {"user": "root", "password": "", "socket": _SOCKET}
_START, _STOP = 300.0, 1800.0
_POLL = 0.1
_LABEL = "mysql-build"
_BEFORE, _AFTER = ("start an empty server", "load the time zones"), ("count the rows", "shut down")
_ZONES = (
    "[ -d /usr/share/zoneinfo ] && "
    "$(command -v mariadb-tzinfo-to-sql || command -v mysql_tzinfo_to_sql) /usr/share/zoneinfo 2>/dev/null"
)
_SMALL = {
    "MySQL": "SET GLOBAL innodb_redo_log_capacity = 8388608;",
    "MariaDB": "SET GLOBAL innodb_log_file_size = 16777216;",
}
"""Every container copies the log at its first write."""


@dataclass(frozen=True)
class Recipe:
    """What is baked. `settings`: an option file for the server, b"" for none; `migrations`: see `Baked`."""

    workspace: str
    tags: Tags
    base: str
    fixtures: Sequence[Fixture]
    database: str
    user: str
    password: str = field(repr=False)
    settings: bytes = b""
    migrations: tuple[str, ...] = ()

    def digest(self, base_id: str) -> str:
        """Of the inputs; the migrations are no input."""
        scripts = (_template("bake.sh").decode(), _template("server.cnf").decode(), self.settings.decode())
        return digest(self.fixtures, base_id, self.database, self.user, self.password, *scripts)


@dataclass(frozen=True)
class Built:
    """`made`: False when an image of the same inputs was there."""

    baked: Baked
    refs: tuple[str, ...]
    made: bool


def build(
    engine: Engine, recipe: Recipe, emit: Emit, *, force: bool = False, now: Callable[[], float] = time.time
) -> Built:
    """DfdevError; the image is complete or absent."""
    _sweep(engine, recipe.workspace)
    base_id = engine.image_id(recipe.base) or _pulled(engine, recipe.base, emit)
    inputs = recipe.digest(base_id)
    ref = recipe.tags.by_digest(inputs)
    there = None if force or engine.image_id(ref) is None else baked_of(engine.image_labels(ref))
    baked = there or _Bake(engine, recipe, emit, now).made(ref, inputs)
    others = (recipe.tags.by_date(baked.at), recipe.tags.ref)
    for other in others:
        engine.tag(ref, other)
    remove_orphans(engine, f"{FIXTURES}={inputs}")
    return Built(baked, (ref, *others), there is None)


def _name(workspace: str) -> str:
    return f"{workspace}-{_LABEL}"


def _sweep(engine: Engine, workspace: str) -> None:
    """What a build that was killed has left."""
    for left in engine.containers():
        if is_helper(left, _name(workspace), _LABEL):
            engine.remove(left.id, volumes=True)


def _pulled(engine: Engine, base: str, emit: Emit) -> str:
    key = f"pull image {base}"
    with step(key, emit, "the engine does not have it"):
        try:
            engine.pull(base, lambda line: emit(Progress(key, line)))
        except NotFound as error:
            raise NotFound(f"{error.message} (mysql.base)", f"`base` under [mysql] names it; {error.hint}") from error
    return engine.image_id(base) or ""


class _Bake:
    """One bake in the making."""

    def __init__(self, engine: Engine, recipe: Recipe, emit: Emit, now: Callable[[], float]) -> None:
        self._engine = engine
        self._recipe = recipe
        self._emit = emit
        self._now = now
        self._server = Server(engine, "", _AS_ROOT, _LOGIN)

    def made(self, ref: str, inputs: str) -> Baked:
        loads = [f"load {fixture.path.name}" for fixture in self._recipe.fixtures]
        self._emit(Planned((*_BEFORE, *loads, *_AFTER, f"make image {ref}")))
        id = self._created()
        try:
            self._engine.start(id)
            self._server = Server(self._engine, id, _AS_ROOT, _LOGIN)
            with lifeline(self._engine, id):
                return self._filled(ref, inputs)
        finally:
            self._engine.remove(id, volumes=True)

    def _filled(self, ref: str, inputs: str) -> Baked:
        version = self._step("start an empty server", self._started)
        self._step("load the time zones", self._zones)
        self._server.run(self._account())
        for fixture in self._recipe.fixtures:
            load(self._server, fixture, self._recipe.database, self._emit, whole=False)
        tell_strangers(self._server, self._emit)
        rows = self._step("count the rows", lambda: row_counts(self._server, tables(self._server)))
        baked = Baked(inputs, self._now(), str(version), len(self._recipe.fixtures), rows, self._recipe.migrations)
        self._server.run(_sentinel(baked))
        self._step("shut down", lambda: self._shut_down(version))
        self._step(f"make image {ref}", lambda: self._commit(ref, baked, version))
        return baked

    def _created(self) -> str:
        name = _name(self._recipe.workspace)
        script = ("sh", "/etc/dfdev/bake.sh", DATA, _SOCKET, HELD)
        service = Service(_LABEL, self._recipe.base, entrypoint=script, user="0:0", files=self._files(), stop_seconds=1)
        return self._engine.create(ContainerSpec(name, service, NO_NETWORK, {HELPER: _LABEL}))

    def _files(self) -> tuple[File, ...]:
        files = [
            File("/etc/dfdev/bake.sh", _template("bake.sh")),
            File("/etc/mysql/conf.d/dfdev.cnf", _template("server.cnf")),
            File("/root/.my.cnf", f"[client]\nsocket={_SOCKET}\nuser=root\n".encode(), mode=0o600),
        ]
        if self._recipe.settings:
            files.append(File(SETTINGS, self._recipe.settings))
        return tuple(files)

    def _started(self) -> Version:
        end = time.monotonic() + _START
        while True:
            self._must_run()
            try:
                return self._server.version()
            except DfdevError as error:
                if time.monotonic() > end:
                    raise self._died("the server does not start") from error
            self._emit(Progress("start an empty server", self._doing()))
            time.sleep(_POLL)

    def _must_run(self) -> None:
        found = self._engine.container(self._server.container)
        if not found.running:
            raise self._died(f"the server ended with exit code {found.exit_code}")

    def _died(self, what: str) -> DfdevError:
        return DfdevError(
            f"building on {self._recipe.base}: {what}",
            "`base` and [mysql.settings] under [mysql] decide how it starts",
            details=self._last_words(12),
        )

    def _doing(self) -> str:
        """Its last line that is no complaint: of an empty server that means nothing."""
        lines = [line for line in self._last_words(6) if "[Warning]" not in line and "[Note]" not in line]
        return plain_line(lines[-1]) if lines else "it makes its files"

    def _last_words(self, count: int) -> tuple[str, ...]:
        lines = [line.text for line in self._engine.logs(self._server.container, tail=count)]
        return tuple(lines) or ("it has not said anything yet",)

    def _zones(self) -> None:
        """Named ones, where the image has them at all."""
        into = shlex.join(self._server.client("--force", "mysql"))
        self._engine.exec(self._server.container, ["sh", "-c", f"{_ZONES} | {into}"], timeout=_START)

    def _account(self) -> str:
        recipe = self._recipe
        who = f"{quoted_text(recipe.user)}@'%'"
        database = f"CREATE DATABASE IF NOT EXISTS {quoted_name(recipe.database)};" if recipe.database else ""
        return (
            f"{database}\nCREATE USER {who} IDENTIFIED BY {quoted_text(recipe.password)};\n"
            f"GRANT ALL PRIVILEGES ON *.* TO {who} WITH GRANT OPTION;\n"
        )

    def _shut_down(self, version: Version) -> None:
        self._server.run(f"{_SMALL[version.flavour]}\nSHUTDOWN;\n")
        end = time.monotonic() + _STOP
        while (found := self._engine.container(self._server.container)).running:
            if time.monotonic() > end:
                raise self._died("the server does not end")
            self._emit(Progress("shut down", "the server writes what it has in memory"))
            time.sleep(_POLL)
        if found.exit_code:
            raise self._died(f"the server ended with exit code {found.exit_code}")

    def _commit(self, ref: str, baked: Baked, version: Version) -> None:
        program = "mariadbd" if version.flavour == "MariaDB" else "mysqld"
        config = ImageConfig((program,), user="mysql", ports=(3306,), stop_signal="SIGTERM")
        marks = {HELPER: "", **baked.labels()}
        self._engine.commit(self._server.container, ref, labels=marks, config=config, comment=COMMENT)

    def _step(self, key: str, work: Callable[[], T]) -> T:
        with step(key, self._emit):
            return work()


def _sentinel(baked: Baked) -> str:
    return f"""CREATE DATABASE {META};
CREATE TABLE {META}.fixture
    (id INT PRIMARY KEY, files INT NOT NULL, baked_at BIGINT NOT NULL, digest CHAR(64) NOT NULL);
INSERT INTO {META}.fixture VALUES (1, {baked.files}, {round(baked.at)}, '{baked.digest}');
"""


def _template(name: str) -> bytes:
    return (templates_dir() / "mysql" / name).read_bytes()
