"""The database while dfdev, a container or a client is killed: nothing is half there, and the next command works."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.e2e import trouble
from tests.e2e.lab import Done
from tests.e2e.mysql_lab import SMALL, MysqlLab, mysql_of_a_module
from tests.e2e.test_faults_interrupt import wait_for_lock
from tests.e2e.trouble import assert_fails, wait_until

pytestmark = [pytest.mark.engine, pytest.mark.timeout(180)]
IN_FLIGHT = "SELECT COALESCE(SUM(trx_rows_modified), 0) FROM information_schema.innodb_trx"
CROWD = 50
WWW = '[services.www]\nimage = "dfdev/mysql:9"\nentrypoint = ["sleep", "1000000"]\ndepends_on = ["mysql"]\n'
VISIT = 'mysql -h "$MYSQL_HOST" -u "$MYSQL_USER" -p"$MYSQL_PASSWORD" -e "SELECT SLEEP(1000)"'


def inserts(megabytes: int) -> str:
    statement = "INSERT INTO play (title) VALUES " + ",".join(["('%s')" % ("Nathan der Weise " * 5)] * 11_000)
    return f"{statement};\n" * megabytes


@pytest.fixture(scope="module")
def shared(engine: machine.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MysqlLab]:
    mysql = mysql_of_a_module(engine.host, tmp_path_factory.mktemp("faults-mysql"), "faults")
    mysql.small()
    mysql.workspace(services=WWW)
    try:
        mysql.mysql("build").ok()
        yield mysql
    finally:
        mysql.clean()


@pytest.fixture
def running(shared: MysqlLab) -> MysqlLab:
    """As it was baked, whatever the test before has done to it."""
    shared.lab.up().ok()
    shared.mysql("reset", "--yes").ok()
    return shared


def under_way(mysql: MysqlLab, step: str, *args: str) -> subprocess.Popen[str]:
    return trouble.under_way(mysql.lab, step, "mysql", *args)


def killed_at(mysql: MysqlLab, step: str, *args: str) -> None:
    trouble.killed_at(mysql.lab, step, "mysql", *args)


def build_containers(mysql: MysqlLab, *options: str) -> list[str]:
    return mysql.lab.docker("ps", "-q", "--filter", f"name={mysql.lab.name}-mysql-build", *options).split()


def tags(mysql: MysqlLab) -> list[str]:
    return mysql.lab.docker("images", "--format", "{{.Tag}}", mysql.image.rpartition(":")[0]).split()


def rows(mysql: MysqlLab) -> int:
    return int(mysql.query("SELECT COUNT(*) FROM play")[0][0])


def rows_in_flight(mysql: MysqlLab) -> int:
    return int(mysql.query(IN_FLIGHT)[0][0])


def test_build_killed_at_every_step(mysql: MysqlLab) -> None:
    """The container ends with its builder, no image appears, and the next build begins anew."""
    mysql.small(**{"01-play": SMALL, "02-more": inserts(4)})
    mysql.workspace()
    for step in ("load 02-more.sql", "shut down"):
        killed_at(mysql, step, "build")
        wait_until(lambda: not build_containers(mysql), 20, f"the container of a build killed at {step!r} to end")
        assert tags(mysql) == []
    killed_at(mysql, "make image", "build")
    wait_until(lambda: not build_containers(mysql), 20, "the container to end")
    built = mysql.mysql("build", "--json").ok().json()
    assert built["rows"] == {"dev.play": 44_001}
    baked = f"label=dev.dfdev.mysql.fixtures={built['digest']}"
    assert len(mysql.lab.docker("images", "-q", "--no-trunc", "--filter", baked).split()) == len(tags(mysql)) == 3
    assert mysql.image.rpartition(":")[2] in tags(mysql)
    assert build_containers(mysql, "-a") == []


def test_build_killed_as_soon_as_there_is_a_container(mysql: MysqlLab) -> None:
    mysql.small()
    mysql.workspace()
    for options in (("-a",), ()):
        process = mysql.lab.start("mysql", "build")
        wait_until(lambda: build_containers(mysql, *options), 20, "the container")  # noqa: B023
        process.send_signal(signal.SIGKILL)
        process.communicate()
        wait_until(lambda: not build_containers(mysql), 20, "the container to end")
    mysql.mysql("build").ok()
    assert build_containers(mysql, "-a") == []


def test_build_whose_container_is_killed(mysql: MysqlLab) -> None:
    mysql.small(**{"01-play": SMALL, "02-more": inserts(8)})
    mysql.workspace()
    process = under_way(mysql, "load 02-more.sql", "build")
    mysql.lab.docker("kill", *build_containers(mysql))
    out, err = process.communicate(timeout=30)
    ended = "the database ended with exit code 137 while"
    assert_fails(Done(process.returncode, out, err), 1, ended, "02-more.sql", "want of memory")
    assert (tags(mysql), build_containers(mysql, "-a")) == ([], [])


def importing(mysql: MysqlLab, folder: Path) -> subprocess.Popen[str]:
    """An import of which rows are in the server, and not committed."""
    file = folder / "more.sql"
    file.write_text(inserts(25))
    process = mysql.lab.start("mysql", "import", str(file))
    wait_until(lambda: rows_in_flight(mysql) or process.poll() is not None, 30, "rows in flight")
    assert process.poll() is None, process.communicate()
    return process


def log(mysql: MysqlLab) -> list[list[str]]:
    return mysql.query("SELECT @@global.innodb_redo_log_capacity")


def test_import_of_a_csv_killed_in_the_middle(running: MysqlLab, tmp_path: Path) -> None:
    file = tmp_path / "play.csv"
    file.write_text("title\n" + ("Nathan der Weise\n" * 500_000))
    process = running.lab.start("mysql", "import", str(file))
    wait_until(lambda: rows_in_flight(running) or process.poll() is not None, 30, "rows in flight")
    assert running.query("SELECT @@global.local_infile") == [["1"]]
    process.send_signal(signal.SIGKILL)
    process.communicate()
    wait_until(
        lambda: running.query("SELECT @@global.local_infile") == [["0"]], 20, "what may be loaded to be as it was"
    )
    wait_until(lambda: not rows_in_flight(running), 60, "the server to take it back")
    assert rows(running) == 1


def test_import_killed_in_the_middle(running: MysqlLab, tmp_path: Path) -> None:
    before = log(running)
    process = importing(running, tmp_path)
    assert log(running) != before
    process.send_signal(signal.SIGKILL)
    process.communicate()
    wait_until(lambda: not rows_in_flight(running), 20, "the server to take it back")
    assert rows(running) == 1
    wait_until(lambda: log(running) == before, 20, "its redo log to be as it was")
    assert (
        running.lab.docker("exec", running.container, "sh", "-c", "ls /tmp /dev/shm | grep -c dfdev-fed", check=False)
        == "0\n"
    )
    (tmp_path / "more.sql").write_text(inserts(1))
    running.mysql("import", str(tmp_path / "more.sql")).ok()
    assert rows(running) == 11_001


def test_import_interrupted(running: MysqlLab, tmp_path: Path) -> None:
    process = importing(running, tmp_path)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130 and "interrupted; the server takes back" in err
    wait_until(lambda: not rows_in_flight(running), 20, "the server to take it back")
    assert rows(running) == 1


def test_import_whose_database_is_killed(running: MysqlLab, tmp_path: Path) -> None:
    process = importing(running, tmp_path)
    running.lab.docker("kill", running.container)
    out, err = process.communicate(timeout=30)
    assert_fails(Done(process.returncode, out, err), 1, "the database ended with exit code 137 while", "more.sql")
    running.lab.up().ok()
    assert rows(running) == 1
    (tmp_path / "more.sql").write_text(inserts(1))
    running.mysql("import", str(tmp_path / "more.sql")).ok()
    assert rows(running) == 11_001


def test_reset_snapshot_and_restore_killed(running: MysqlLab) -> None:
    """At their steps: the same command then goes on from there, and so does `up`, to what was begun."""
    running.query("INSERT INTO play (title) VALUES ('Medea')")
    killed_at(running, "keep one", "snapshot", "one")
    assert (state(running), rows(running)) == ("running", 2), "it goes on at once"
    assert running.mysql("snapshot", "one", "--force", "--json").ok().json()["size"] > 0
    kept = f"label=dev.dfdev.snapshot.workspace={running.lab.name}"
    assert len(running.lab.docker("images", "-q", "--filter", kept).split()) == 1, "none without a name"
    every = ("create mysql", "start mysql", "wait for mysql", "remove mysql")
    for args, left in ((("reset", "--yes"), 1), (("restore", "one", "--yes"), 2)):
        for number, step in enumerate(every):
            killed_at(running, step, *args)
            (running.lab.up() if number >= 2 else running.mysql(*args)).ok()
            assert rows(running) == left
            names = running.lab.docker("ps", "-a", "--format", "{{.Names}}", "--filter", f"name={running.lab.name}")
            assert sorted(names.split()) == [f"{running.lab.name}-mysql", f"{running.lab.name}-www"]
    assert running.lab.up("--json").ok().json()["plan"] == []


def state(mysql: MysqlLab) -> str:
    return mysql.lab.docker("inspect", "--format", "{{.State.Status}}", mysql.container).strip()


def test_two_resets_at_once(running: MysqlLab) -> None:
    first = running.lab.start("mysql", "reset", "--yes")
    wait_for_lock(running.lab, first.pid)
    first.send_signal(signal.SIGSTOP)  # or it has ended before the second has begun
    second = running.lab.start("mysql", "reset", "--yes")
    assert second.stderr
    assert f"waiting for `dfdev mysql reset` (pid {first.pid})" in second.stderr.readline()
    first.send_signal(signal.SIGCONT)
    for process in (first, second):
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
    assert set(running.lab.containers()) == {"mysql", "www"}
    assert rows(running) == 1


def test_reset_with_fifty_open_connections(running: MysqlLab) -> None:
    """They end, whoever has them learns it at once, and the new server is as quick as ever."""
    before = running.lab.containers()
    crowd = f"for i in $(seq {CROWD}); do {VISIT} & done; wait"
    docker = ["docker", "-H", running.lab.docker_host, "exec", before["www"], "sh", "-c", crowd]
    with subprocess.Popen(docker, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as visitors:
        wait_until(lambda: connections(running) >= CROWD, 30, "all of them")
        done = running.mysql("reset", "--yes", "--json").ok().json()
        _, err = visitors.communicate(timeout=10)
    assert err.count("Lost connection to MySQL server") == CROWD, err
    assert done["seconds"] < 5
    assert running.lab.containers()["www"] == before["www"]
    assert (connections(running), rows(running)) == (0, 1)


def connections(mysql: MysqlLab) -> int:
    found: int = mysql.mysql("status", "--json").ok().json()["connections"]
    return found
