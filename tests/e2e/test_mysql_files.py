"""Files as people have them, baked and imported, on real servers: what is inside decides; nothing else is touched."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.e2e.client_commands import SHELL, obeyed
from tests.e2e.mysql_lab import SMALL, MysqlLab, mysql_of_a_module
from tests.e2e.trouble import assert_fails

pytestmark = [pytest.mark.engine, pytest.mark.timeout(180)]
ALL: dict[str, str] = {"mysql": "mysqldump", "mariadb": "mariadb-dump"}
COMMAND_IN_A_STRING = """-- it's a comment; so:
/* one
DELIMITER $$
*/
CREATE TABLE memo (id INT, said TEXT);
INSERT INTO memo VALUES (1, 'so:
DELIMITER $$
USE mysql;
source nope.sql ;
');
DELIMITER //
CREATE PROCEDURE two() BEGIN SELECT '//'; SELECT 4 / 2; END //
DELIMITER ;
INSERT INTO memo VALUES (2, "the last")"""
FIXTURES: dict[str, bytes] = {
    "01-PLAY.SQL": SMALL.encode(),
    "02-memo.sql": COMMAND_IN_A_STRING.encode(),
    "03-wide.sql": "INSERT INTO play (title) VALUES ('Вишнёвый сад 🎭');\r\n".encode("utf-16"),
    "04-packed.sql": gzip.compress(b"INSERT INTO play (title) VALUES ('packed');"),
    "05-misnamed.sql.gz": bz2.compress(b"INSERT INTO play (title) VALUES ('bzip2')"),
    "06-sandbox.sql": "\ufeff/*M!999999\\- enable the sandbox mode */ \r\n"
    "INSERT INTO play (title) VALUES ('sandbox');\r\n"
    "DELIMITER ;;\r\nINSERT INTO play (title) VALUES ('CR LF');;".encode(),
    "07-employees.sql": b"SELECT 'LOADING' as 'INFO';\nsource load_dept.dump ;\n\\. parts/more.sql\nCALL filled();",
    "08-script.sh": b"#!/bin/sh\r\nset -eu\r\necho \"INSERT INTO play (title) VALUES ('by a script');\" |\r\n"
    b'  $(command -v mysql || command -v mariadb) "$MYSQL_DATABASE"\r\n',
    "09-empty.sql": b"",
    "2fa_tokens.csv": "\ufeffid,said\r\n1,one\r\n2,\"two\r\nlines\"\r\n\r\n".encode(),
    "load_dept.dump": b"CREATE TABLE 2fa_tokens (id INT PRIMARY KEY, said TEXT);\n"
    b"INSERT INTO play (title) VALUES ('sourced')",
    "parts/more.sql": b"DELIMITER $$\nCREATE PROCEDURE filled() BEGIN\n"
    b"INSERT INTO play (title) VALUES ('deep'); END $$\nDELIMITER ;\n",
    **dict.fromkeys(
        (".x.sql", "._x.sql", ".DS_Store", "x.sql~", "#x.sql#", ".x.sql.swp", "x.sql.bak", "x.sql.rej", "Thumbs.db"),
        b"\0 nonsense",
    ),
    "10-later.sql.lz4": b"\x04\x22\x4d\x18",
}  # fmt: skip
TITLES = ["Antigone", "Вишнёвый сад 🎭", "packed", "bzip2", "sandbox", "CR LF", "sourced", "deep", "by a script"]


@pytest.fixture(scope="module", params=["mysql", "mariadb"])
def running(
    request: pytest.FixtureRequest, engine: machine.Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MysqlLab]:
    """Baked of everything above. Shared: a test puts back what it changes."""
    mysql = mysql_of_a_module(engine.host, tmp_path_factory.mktemp("files"), "files", request.param)
    mysql.workspace()
    for name, content in FIXTURES.items():
        (mysql.fixtures / name).parent.mkdir(parents=True, exist_ok=True)
        (mysql.fixtures / name).write_bytes(content)
    (mysql.fixtures / ".#x.sql").symlink_to("me@here.4711:1700000000")
    try:
        done = mysql.mysql("build").ok()
        assert "not taken from fixtures/: 10-later.sql.lz4; what is: *.sql" in done.err
        mysql.lab.up().ok()
        yield mysql
    finally:
        mysql.clean()


def test_everything_is_baked_that_is_meant_and_nothing_else(running: MysqlLab) -> None:
    assert running.query("SELECT title FROM play ORDER BY id") == [[title] for title in TITLES]
    assert running.query("SELECT id, CHAR_LENGTH(said) FROM 2fa_tokens") == [["1", "3"], ["2", "10"]]
    assert running.query("SELECT id, said LIKE '%DELIMITER $$%' FROM memo") == [["1", "1"], ["2", "0"]]
    assert not running.mysql("build", "--json").ok().json()["built"]


def test_what_is_wrong_in_a_sourced_file_is_told_with_its_own_line(running: MysqlLab, tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/deep.sql").write_text("SELECT 'a\nb';\nSELEC nonsense;\n")
    (tmp_path / "main.sql").write_text("SELECT 1;\n\nsource parts/deep.sql ;\nSELECT 2;\n")
    done = running.mysql("import", str(tmp_path / "main.sql"))
    assert_fails(done, 1, f"{tmp_path}/parts/deep.sql, line 3: You have an error", "the statement: SELEC nonsense;")


def test_a_file_runs_nothing_in_the_container_of_the_database(running: MysqlLab, tmp_path: Path) -> None:
    """MariaDB's client obeys commands by itself, and MySQL 9's does not."""
    assert obeyed(running) == []
    assert (SHELL in obeyed(running, closed=False)) == (running.flavour == "mariadb"), "it would be seen"
    dump = tmp_path / "dump.sql"
    dump.write_text(f"use dev\nSELECT 1;\n{SHELL}\n")
    assert_fails(running.mysql("import", str(dump)), 1, f"{dump}, line 3: ", "DELIMITER, USE and source")
    running.lab.docker("exec", running.container, "test", "!", "-e", "/tmp/obeyed")


def test_into_is_where_it_goes_or_it_is_refused(running: MysqlLab, tmp_path: Path) -> None:
    """The dump names the workspace's own database, as one of production does."""
    before = running.query("SELECT COUNT(*) FROM play")
    dump = tmp_path / "prod.sql"
    dump.write_bytes(running.server.dump(["dev"]) + b"INSERT INTO play (title) VALUES ('of production');\n")
    assert "loaded into scratch" in running.mysql("import", str(dump), "--into", "scratch").ok().err
    assert running.query("SELECT COUNT(*) FROM play", "scratch") == [[str(int(before[0][0]) + 1)]]
    assert running.query("SELECT COUNT(*) FROM play") == before

    for more, line in (("USE other;\n", 3), ("DROP TABLE dev.play;\n", 3), ("/*!40000 use `other` */;\n", 3)):
        dump.write_text(f"USE dev;\nDROP TABLE play;\n{more}")
        done = running.mysql("import", str(dump), "--into", "fresh")
        assert_fails(done, 1, f"{dump}, line {line}: ", "without --into")
        assert running.query("SHOW DATABASES LIKE 'fresh'") == [], "nothing was begun"
    assert running.query("SELECT COUNT(*) FROM play") == before

    dump.write_text("CREATE DATABASE other; USE other; CREATE TABLE t (a INT);\nCREATE TABLE scratch.u (a INT);")
    done = running.mysql("import", str(dump), "--json").ok()
    assert done.json()["databases"] == ["other", "scratch"]
    running.query("DROP DATABASE other; DROP DATABASE scratch")


def test_another_servers_accounts_stay_there(running: MysqlLab, tmp_path: Path) -> None:
    """A dump of everything, with accounts that nobody here has: who gets in still gets in after a restart."""
    dump = tmp_path / "all.sql"
    whole = running.server.run(ALL[running.flavour], "--user=root", "--all-databases", "--events", "--routines")
    assert b"USE `mysql`" in whole
    wrong = b"\nUSE `mysql`;\nDELETE FROM `mysql`.`user` WHERE user = 'dev';\nDROP TABLE IF EXISTS global_priv, user;\n"
    dump.write_bytes(whole + wrong + b"CREATE USER elsewhere@localhost;\nFLUSH PRIVILEGES;\n")
    accounts = running.query("SELECT user, host FROM mysql.user ORDER BY 1, 2")
    running.query("DELETE FROM play")
    done = running.mysql("import", str(dump)).ok()
    assert "left out" in done.err and "mysql" in done.err
    assert f"{dump}, line " in done.err
    assert running.query("SELECT title FROM play ORDER BY id") == [[title] for title in TITLES]
    running.query("DROP USER elsewhere@localhost")
    running.lab.dfdev("restart", "mysql").ok()
    assert running.mysql("status").ok()
    assert running.query("SELECT user, host FROM mysql.user ORDER BY 1, 2") == accounts
