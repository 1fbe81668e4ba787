"""Dumps, names, files and folders that are wrong, where a database runs: what is said, and that nothing comes of it."""

from __future__ import annotations

import gzip
import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tests import machine
from tests.e2e.lab import DFDEV
from tests.e2e.mysql_lab import SMALL, MysqlLab, mysql_of_a_module
from tests.e2e.trouble import as_mortal, assert_fails, dfdev_as

pytestmark = [pytest.mark.engine, pytest.mark.timeout(120)]
INSERT = "INSERT INTO play (title) VALUES ('Medea');\n"
EVERYTHING = """SELECT CONCAT(table_schema, '.', table_name) FROM information_schema.tables
    WHERE table_schema NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema', 'dfdev_meta');
SELECT CONCAT(id, title) FROM play"""
ODD = """CREATE DATABASE IF NOT EXISTS `other one`;
USE `other one`;
CREATE TABLE act (id INT PRIMARY KEY);
DELIMITER //
CREATE PROCEDURE two() BEGIN INSERT INTO act VALUES (1); INSERT INTO act VALUES (2); END //
CREATE DEFINER=`ghost`@`10.0.0.%` VIEW seen AS SELECT id FROM act //
DELIMITER ;
CALL two()"""


@pytest.fixture(scope="module")
def running(engine: machine.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MysqlLab]:
    """Shared: tests only do to it what is refused, or put it back."""
    mysql = mysql_of_a_module(engine.host, tmp_path_factory.mktemp("bad-mysql"), "bad")
    mysql.workspace()
    mysql.small()
    try:
        mysql.mysql("build").ok()
        mysql.lab.up().ok()
        yield mysql
    finally:
        mysql.clean()


@pytest.fixture
def at_rest(running: MysqlLab) -> Iterator[MysqlLab]:
    """Nothing of what the test does may be in it."""
    yield running
    assert running.query(EVERYTHING) == [["dev.play"], ["1Antigone"]]


def written(folder: Path, name: str, data: str | bytes) -> str:
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return str(folder / name)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            INSERT + "\nSELEC nonsense;\n",
            ("line 3: You have an error", "(error 1064)", "the statement: SELEC nonsense;"),
        ),
        (INSERT + "INSERT INTO nope VALUES (1);\n", ("line 2: Table 'dev.nope' doesn't exist", "order of their names")),
        (
            INSERT + "INSERT INTO play (title) VALUES ('a'), (",
            ("line 2: You have an error", "cut off", "VALUES ('a'), ("),
        ),
        (INSERT + "/* a comment\nthat goes", ("line 2: the file ends inside this", "the statement: /* a comment")),
        (INSERT + "/*!50000 INSERT INTO play (title) VALUES ('a')", ("line 2: ", "cut off")),
        (
            INSERT + "INSERT INTO play (title) VALUES ('Anti",
            ("line 2: the file ends inside this statement", "VALUES ('Anti"),
        ),
        (INSERT + "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; ", ("line 3: ", "cut off")),
        (
            "CREATE TABLE fresh (t TEXT) COLLATE=utf8mb4_uca1400_ai_ci;",
            ("line 1: Unknown collation: 'utf8mb4_uca1400_ai_ci'", "newer version", "`base` under [mysql]"),
        ),
        (
            INSERT.encode() + b"INSERT INTO play (title) VALUES ('Stra\xdfe');\n",
            ("line 2: Incorrect string value: '\\xDFe'", "SET NAMES latin1"),
        ),
    ],
    ids=["syntax", "table", "statement", "comment", "versioned", "quote", "delimiter", "collation", "latin1"],
)
def test_a_dump_that_is_wrong(at_rest: MysqlLab, tmp_path: Path, data: str | bytes, said: tuple[str, ...]) -> None:
    """File, line, statement and way out are told, and no row that stood before the failure stays."""
    file = written(tmp_path, "dump.sql", data)
    done = at_rest.mysql("import", file)
    assert_fails(done, 1, file, *said)
    assert "dfdev-loaded" not in done.err


@pytest.mark.parametrize("cut", [0.3, 0.9])
def test_a_packed_dump_that_broke_off(at_rest: MysqlLab, tmp_path: Path, cut: float) -> None:
    whole = gzip.compress(INSERT.encode() * 3 + b"-- " + os.urandom(300_000).hex().encode() + b"\n")
    file = written(tmp_path, "dump.sql.gz", whole[: int(len(whole) * cut)])
    assert_fails(at_rest.mysql("import", file), 1, f"{file} is damaged", "make the file again")


def test_what_is_neither_packed_as_its_name_says_nor_text(at_rest: MysqlLab, tmp_path: Path) -> None:
    for suffix in (".gz", ".bz2", ".xz", ".zst"):
        file = written(tmp_path, f"dump.sql{suffix}", b"\x01\x02\0nonsense")
        assert_fails(
            at_rest.mysql("import", file), 1, f"{file} is damaged: it neither begins as {suffix} nor as a text"
        )


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("play.csv", "id,name\n9,Medea\n", ("Unknown column 'name'",)),
        (
            "play.csv",
            "id,title\n9,Medea\nten,Elektra\n",
            ("rows do not fit into play", "'ten' for column 'id' at row 2"),
        ),
        ("play.csv", "9,Medea\n10,Elektra\n", ("Unknown column '9'", "first line of a CSV names the columns")),
        ("play.csv", "9,Medea", ("no line that names its columns", "id,title,opened")),
        ("play.csv", "", ("no line that names its columns",)),
        ("play.csv", "id,title\n9,Medea\n10\n", ("Row 2 doesn't contain data for all columns",)),
        ("play.csv", "id,title\n9,Medea\n10,Elektra,11\n", ("Row 2 was truncated",)),
        ("play.csv", "id,title\n9,Medea\n1,Elektra\n", ("Duplicate entry '1'",)),
        ("nope.csv", "id,title\n9,Medea\n", ("Table 'dev.nope' doesn't exist",)),
    ],
    ids=["column", "number", "headless", "one-line", "empty", "short", "long", "duplicate", "table"],
)
def test_a_csv_that_is_wrong(at_rest: MysqlLab, tmp_path: Path, name: str, data: str, said: tuple[str, ...]) -> None:
    file = written(tmp_path, name, data)
    assert_fails(at_rest.mysql("import", file), 1, file, *said)


def test_what_looks_odd_and_is_right(running: MysqlLab, tmp_path: Path) -> None:
    """Databases of its own, other delimiters, no last `;`, latin1 that says so, CSV; a strange definer is told."""
    odd = written(tmp_path, "odd.sql", ODD)
    latin = written(
        tmp_path, "latin.sql", "SET NAMES latin1;\nINSERT INTO play VALUES (8, 'Stra\xdfe')".encode("latin1")
    )
    table = written(tmp_path, "9-play.csv", 'id,title\n9,"Me,dea"\n')
    done = running.mysql("import", odd, latin, table).ok()
    assert "warning: 1 views, routines, triggers or events are defined by ghost@10.0.0.%" in done.err
    assert running.query("SELECT * FROM act", "other one") == [["1"], ["2"]]
    assert running.query("SELECT title FROM play WHERE id > 7 ORDER BY id") == [["Straße"], ["Me,dea"]]
    assert running.query("SELECT @@global.local_infile") == [["0"]], "as it was before the CSV"
    running.mysql("reset", "--yes").ok()


def test_what_cannot_be_imported(at_rest: MysqlLab, tmp_path: Path) -> None:
    for name in ("dump.txt", "script.sh", "dump.sql.zip"):
        assert_fails(at_rest.mysql("import", written(tmp_path, name, INSERT)), 2, name, "*.sql and *.csv")
    archive = written(tmp_path, "dump.sql", b"PK\x03\x04\x14")
    assert_fails(at_rest.mysql("import", archive), 1, f"{archive} is a zip archive", "`unzip dump.sql`")
    assert_fails(at_rest.mysql("import", str(tmp_path)), 2, "nothing that can be imported")
    assert_fails(at_rest.mysql("import", str(tmp_path / "nope.sql")), 1, "nope.sql: No such file")
    good = written(tmp_path, "good.sql", INSERT)
    assert_fails(at_rest.mysql("import", good, str(tmp_path / "nope.sql")), 1, "nope.sql")


def test_into_a_database_of_any_name(running: MysqlLab, tmp_path: Path) -> None:
    file = written(tmp_path, "dump.sql", SMALL)
    for name in ("fresh", "a`b/c", "--help", "Bühne"):
        running.mysql("import", file, f"--into={name}").ok()
        assert running.query(f"SELECT title FROM `{name.replace('`', '``')}`.play") == [["Antigone"]]
    assert_fails(running.mysql("import", file, "--into", "x" * 65), 1, "is too long")
    running.mysql("reset", "--yes").ok()


def test_an_export_that_cannot_be(at_rest: MysqlLab, tmp_path: Path) -> None:
    """Said, and no part of a file stays."""
    out = str(tmp_path / "out.sql")
    assert_fails(at_rest.mysql("export", "--database", "nope", out), 1, "Unknown database 'nope'")
    assert_fails(at_rest.mysql("export", "--database", "--help", out), 1, "Unknown database '--help'")
    assert_fails(at_rest.mysql("export", "--tables", "play,nope", out), 1, 'Couldn\'t find table: "nope"')
    assert_fails(at_rest.mysql("export", str(tmp_path / "no/out.sql")), 1, "no/out.sql: No such file")
    assert_fails(at_rest.mysql("export", str(tmp_path)), 1, "Is a directory")
    assert_fails(at_rest.mysql("export", f"{out}.zip"), 2, "does not pack .zip", f"dfdev mysql export {out}.gz")
    sealed = tmp_path / "sealed"
    sealed.mkdir(mode=0o555)
    assert_fails(dfdev_as(as_mortal(), at_rest.lab, "mysql", "export", str(sealed / "out.sql")), 1, "Permission denied")
    assert list(tmp_path.rglob("*")) == [sealed]


def test_an_export_to_a_pipe_and_through_a_link(at_rest: MysqlLab, tmp_path: Path) -> None:
    """Neither is replaced by a file."""
    pipe, link, real = tmp_path / "pipe.sql", tmp_path / "link.sql", tmp_path / "real.sql"
    os.mkfifo(pipe)
    link.symlink_to(real)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True) as reader:
        try:
            at_rest.mysql("export", str(pipe)).ok()
            assert "Dump completed" in reader.communicate(timeout=20)[0]
        finally:
            reader.kill()
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    at_rest.mysql("export", str(link)).ok()
    assert link.is_symlink() and "Dump completed" in real.read_text()


@pytest.mark.parametrize(
    ("shell", "said"),
    [("| true", "Broken pipe"), ("> /dev/full", "No space left on device"), (">&-", "there is no stdout")],
)
def test_an_export_to_a_stdout_that_takes_no_more(at_rest: MysqlLab, shell: str, said: str) -> None:
    command = ["bash", "-c", f"set -o pipefail; '{DFDEV}' mysql export - {shell}"]
    done = subprocess.run(command, env=at_rest.lab.environ, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr


@pytest.mark.parametrize("name", ["a/b", "../up", "", "-x", "Bühne", "x" * 200, "a:b", "."])
def test_what_is_no_name_of_a_snapshot(at_rest: MysqlLab, name: str) -> None:
    for command in ("snapshot", "restore"):
        assert_fails(at_rest.mysql(command, "--", name), 2, f"{name!r} cannot be the name", "letters, digits")


def test_snapshots_that_are_not_there(at_rest: MysqlLab) -> None:
    for words in (("restore", "nope"), ("snapshot", "rm", "nope")):
        assert_fails(at_rest.mysql(*words), 1, "there is no snapshot nope", "there are: none")
    assert_fails(at_rest.mysql("snapshot", "rm"), 2, "which snapshot?")
    assert_fails(at_rest.mysql("snapshot", "a", "b"), 2, "one name")


def test_a_snapshot_of_another_version_is_refused(at_rest: MysqlLab, tmp_path: Path) -> None:
    at_rest.mysql("snapshot", "now").ok()
    ref = f"dfdev-snapshots/{at_rest.lab.name}"
    label = 'LABEL dev.dfdev.snapshot.version="MySQL 8.4"'
    (tmp_path / "Dockerfile").write_text(f"FROM {ref}:now\n{label}\n")
    at_rest.lab.docker("build", "-q", "-t", f"{ref}:old", str(tmp_path))
    before = at_rest.container
    done = at_rest.mysql("restore", "old", "--yes")
    assert_fails(done, 1, "snapshot old was made by MySQL 8.4", "this workspace's database is MySQL 9.", "mysql import")
    assert at_rest.container == before
    at_rest.mysql("snapshot", "rm", "now", "old").ok()


def terminal(mysql: MysqlLab, *args: str) -> pexpect.spawn:
    environ = {**mysql.lab.environ, "TERM": "xterm-256color"}
    home = str(mysql.lab.home)
    return pexpect.spawn(
        str(DFDEV), ["mysql", *args], env=environ, cwd=home, timeout=30, encoding="utf-8", dimensions=(40, 100)
    )


def test_the_client_in_a_terminal(at_rest: MysqlLab) -> None:
    child = terminal(at_rest, "shell")
    child.expect(r"mysql *> ")
    child.sendline("SELECT CONCAT('A', title) FROM play;")
    child.expect("AAntigone")
    child.expect(r"mysql *> ")
    child.sendline("exit")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert at_rest.mysql("shell", stdin="SELECT title FROM play;\n").ok().out == "title\nAntigone\n"
    failed = at_rest.mysql("shell", stdin="SELEC title;\n")
    assert failed.code == 1 and "ERROR 1064" in failed.err


def test_reset_asks_at_a_terminal(running: MysqlLab) -> None:
    running.query(INSERT)
    for answer, rows in (("n", "2"), ("y", "1")):
        child = terminal(running, "reset")
        child.expect("1 table was changed since the bake: dev.play")
        child.sendline(answer)
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == (0 if answer == "y" else 1)
        assert running.query("SELECT COUNT(*) FROM play") == [[rows]]


def test_a_database_that_does_not_run(running: MysqlLab, tmp_path: Path) -> None:
    file = written(tmp_path, "dump.sql", INSERT)
    out = tmp_path / "out.sql"
    running.lab.dfdev("down").ok()
    try:
        for words in (("status",), ("import", file), ("export", str(out)), ("shell",)):
            assert_fails(running.mysql(*words), 1, "does not run", "dfdev up mysql")
        assert_fails(running.mysql("reset"), 1, "may hold changes", "--yes")
        assert not out.exists()
    finally:
        running.lab.up().ok()
    assert running.query("SELECT title FROM play") == [["Antigone"]]


def test_one_whose_server_cannot_be_asked(running: MysqlLab) -> None:
    """A wrong password: its own words, and whose password it is."""
    running.query("ALTER USER dev IDENTIFIED BY 'another'", "mysql")
    try:
        assert_fails(running.mysql("status"), 1, "Access denied for user 'dev'", "`user` and `password` under [mysql]")
        assert_fails(running.mysql("reset"), 1, "may hold changes", "--yes")
    finally:
        running.mysql("reset", "--yes").ok()
    assert "nothing since the bake" in running.mysql("status").ok().out
