"""Fixtures, images, settings, ports and workspaces that are wrong: nothing is baked, and what runs goes on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.images import ensure_official
from tests.e2e.lab import Lab
from tests.e2e.mysql_lab import BASES, SMALL, MysqlLab
from tests.e2e.trouble import assert_fails
from tests.mysql.dataset import Flavour

pytestmark = [pytest.mark.engine, pytest.mark.timeout(120)]
LISTEN = "import socket, sys; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); print(flush=True); s.accept()"


def assert_nothing_is_baked(mysql: MysqlLab) -> None:
    """No image, and no container that was to be one."""
    assert mysql.lab.docker("images", "-q", mysql.image.rpartition(":")[0]) == ""
    assert mysql.lab.docker("ps", "-aq", "--filter", f"name={mysql.lab.name}-mysql-build") == ""


def test_a_fixture_that_fails(mysql: MysqlLab) -> None:
    mysql.workspace()
    mysql.small(**{"01": SMALL, "02": "INSERT INTO play (title) VALUES ('a');\n\nSELEC nonsense;\n"})
    done = mysql.mysql("build")
    assert_fails(done, 1, f"{mysql.fixtures / '02.sql'}, line 3: You have an error", "the statement: SELEC nonsense;")
    assert_nothing_is_baked(mysql)


def test_no_fixtures(mysql: MysqlLab) -> None:
    mysql.workspace()
    assert_fails(mysql.mysql("build"), 1, f"cannot read the fixtures' folder {mysql.fixtures}", "`fixtures` under")
    mysql.fixtures.mkdir()
    assert_fails(mysql.mysql("build"), 1, f"nothing to bake in {mysql.fixtures}", "*.sql")
    (mysql.fixtures / "README.txt").touch()
    assert_fails(mysql.mysql("build"), 1, f"nothing to bake in {mysql.fixtures}")
    mysql.lab.workspace(f'[mysql]\nimage = "{mysql.image}"\nport = {mysql.port}\n')
    assert_fails(mysql.mysql("build"), 3, "[mysql] names no fixtures", "fixtures =")
    assert_nothing_is_baked(mysql)


def test_a_base_that_is_none(mysql: MysqlLab) -> None:
    mysql.small()
    mysql.workspace(base="dfdev/small:1")
    assert_fails(mysql.mysql("build"), 1, "building on dfdev/small:1", "no mysqld and no mariadbd", "`base`")
    mysql.workspace(base="127.0.0.1:9/no/such:1")
    assert_fails(mysql.mysql("build"), 5, "127.0.0.1:9/no/such:1", "(mysql.base)", "`base` under [mysql]")
    assert_nothing_is_baked(mysql)


@pytest.mark.parametrize("flavour", ["mysql", "mariadb"])
@pytest.mark.parametrize(
    ("setting", "said"), [('sql_mode = "NO_SUCH_MODE"', "NO_SUCH_MODE"), ("no_such = 1", "no_such=1")]
)
def test_a_setting_that_the_server_refuses(
    new_mysql: Callable[..., MysqlLab], flavour: Flavour, setting: str, said: str
) -> None:
    mysql: MysqlLab = new_mysql(flavour)
    mysql.small()
    mysql.workspace(f"[mysql.settings]\n{setting}\n")
    assert_fails(mysql.mysql("build"), 1, said, "[mysql.settings]")
    assert_nothing_is_baked(mysql)


def test_an_age_that_is_none(mysql: MysqlLab) -> None:
    mysql.small()
    mysql.workspace('rebuild_after = "soon"')
    for words in (("config", "check"), ("mysql", "build"), ("up",)):
        done = mysql.lab.dfdev(*words)
        assert done.code == 3
        assert "mysql.rebuild_after" in done.err and '"soon"' in done.err and '"7d"' in done.err


def test_a_workspace_without_a_database(lab: Lab, tmp_path: Path) -> None:
    lab.workspace('[services.app]\nimage = "dfdev/small:1"\n')
    (tmp_path / "dump.sql").write_text(SMALL)
    commands = ("build", "reset", "snapshot a", "restore a", "snapshots", "status", "url", "export x.sql", "shell")
    for command in (*commands, f"import {tmp_path / 'dump.sql'}"):
        done = lab.dfdev("mysql", *command.split())
        assert_fails(done, 3, "there is no [mysql] in dfdev.toml", "image, user, password, database, fixtures")
    assert lab.containers() == {}


def test_nothing_was_baked_yet(mysql: MysqlLab, tmp_path: Path) -> None:
    mysql.small()
    mysql.workspace()
    for words in (("mysql", "reset"), ("up",)):
        assert_fails(mysql.lab.dfdev(*words), 5, mysql.image, "(mysql.image)", "`dfdev mysql build` makes it")
    (tmp_path / "dump.sql").write_text(SMALL)
    for command in ("status", "snapshot a", "shell", f"import {tmp_path / 'dump.sql'}", f"export {tmp_path / 'x.sql'}"):
        assert_fails(mysql.mysql(*command.split()), 1, "dfdev up mysql")
    assert "there are no snapshots" in mysql.mysql("snapshots").ok().err
    assert not (tmp_path / "x.sql").exists()


@contextmanager
def local_mysql(folder: Path, port: int) -> Iterator[int]:
    """A process by that name that listens there; its pid."""
    program = folder / "mysqld"
    program.symlink_to(sys.executable)
    process = subprocess.Popen([str(program), "-c", LISTEN, str(port)], stdout=subprocess.PIPE)
    assert process.stdout
    try:
        process.stdout.readline()
        yield process.pid
    finally:
        process.kill()
        process.communicate()


def test_what_keeps_a_database_from_starting_takes_nothing(mysql: MysqlLab, tmp_path: Path) -> None:
    """A port of a MySQL of this computer, an image that is gone, a setting that its server refuses."""
    mysql.small()
    mysql.workspace()
    mysql.mysql("build").ok()
    with local_mysql(tmp_path, mysql.port) as pid:
        done = mysql.lab.up()
        assert_fails(done, 1, f"mysql wants port {mysql.port}", f"mysqld (pid {pid})", "stop that process, or change")
        assert mysql.lab.containers() == {}
        moved = mysql.lab.home / "dfdev.local.toml"
        moved.write_text(f"[mysql]\nport = {mysql.port + 1}\n")
        mysql.lab.up().ok()
        moved.unlink()
        before = mysql.container
        assert_fails(mysql.mysql("reset", "--yes"), 1, f"mysqld (pid {pid})")
        assert mysql.container == before
    mysql.lab.up("--yes").ok()
    before = mysql.container
    mysql.query("INSERT INTO play (title) VALUES ('Medea')")
    toml = mysql.lab.home / "dfdev.toml"
    right = toml.read_text()
    toml.write_text(right.replace(mysql.image, f"{mysql.image}-gone"))
    assert_fails(mysql.mysql("reset", "--yes"), 5, f"{mysql.image}-gone", "`dfdev mysql build`")
    assert mysql.container == before
    assert mysql.query("SELECT COUNT(*) FROM play") == [["2"]]
    toml.write_text(f'{right}\n[mysql.settings]\nsql_mode = "NO_SUCH_MODE"\n')
    assert_fails(mysql.lab.up("--yes"), 1, "mysql stopped with exit code 1", "NO_SUCH_MODE", "dfdev logs mysql")
    toml.write_text(right)
    mysql.lab.up("--yes").ok()
    assert mysql.container == before, "it gives way only to one that serves"
    assert mysql.query("SELECT title FROM play ORDER BY title") == [["Antigone"], ["Medea"]]


@pytest.fixture(params=["mysql", "mariadb"])
def official(request: pytest.FixtureRequest, new_mysql: Callable[..., MysqlLab]) -> tuple[MysqlLab, str]:
    """A workspace, and an image that fills its declared volume at the first start."""
    mysql: MysqlLab = new_mysql(request.param)
    return mysql, ensure_official(mysql.lab.docker_host, BASES[mysql.flavour])


def test_an_official_image_as_base(official: tuple[MysqlLab, str]) -> None:
    mysql, ref = official
    mysql.small()
    mysql.workspace(base=ref)
    mysql.mysql("build").ok()
    mysql.lab.up().ok()
    assert mysql.query("SELECT title FROM play") == [["Antigone"]]
    mysql.query("INSERT INTO play (title) VALUES ('Medea')")
    mysql.mysql("reset", "--yes").ok()
    assert mysql.query("SELECT title FROM play") == [["Antigone"]]
    volume = mysql.lab.docker("exec", mysql.container, "sh", "-c", "ls -A /var/lib/mysql")
    assert volume == "", "the data lie outside the volume that the image declares"


def test_an_official_image_as_it_is(official: tuple[MysqlLab, str], tmp_path: Path) -> None:
    """Not ready before the server that serves: the one that fills it answers its socket alone."""
    mysql, ref = official
    mysql.lab.workspace(f"""
[mysql]
image = "{ref}"
port = {mysql.port}
user = "dev"
password = "dev"
database = "dev"
env = {{ MYSQL_ROOT_PASSWORD = "root", MYSQL_USER = "dev", MYSQL_PASSWORD = "dev", MYSQL_DATABASE = "dev" }}
""")
    mysql.lab.up().ok()
    log = mysql.lab.dfdev("logs", "mysql").out
    assert "ready for start up" in log
    (tmp_path / "play.sql").write_text(SMALL)
    (tmp_path / "play.csv").write_text("id,title\n7,Medea\n")
    mysql.mysql("import", str(tmp_path / "play.sql")).ok()
    refused = mysql.mysql("import", str(tmp_path / "play.csv"))
    if mysql.flavour == "mysql":
        assert_fails(refused, 1, "Loading local data is disabled", "local_infile = true in [mysql.settings]")
    assert "unknown: the image was not made by" in mysql.mysql("status").ok().out
