"""Dumps of MySQL Shell: as a fixture, out and in again.

By what stands in for it; by the real one, on MySQL 8.4, with DFDEV_TEST_MYSQLSH=real.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import machine
from tests.e2e.client_commands import SHELL, obeyed
from tests.e2e.images import ensure_mysqlsh, real_mysqlsh
from tests.e2e.mysql_lab import MysqlLab

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]
EVERYTHING = """
CREATE TABLE play (id INT AUTO_INCREMENT PRIMARY KEY, title VARCHAR(99), data BLOB, place POINT, extra JSON,
    shout VARCHAR(99) AS (UPPER(title)) STORED);
INSERT INTO play (title, data, place, extra) VALUES
    ('Antigone', 0x00010d0a1a5c27ff, ST_GeomFromText('POINT(1 2)'), '{"a": [1, null]}'),
    ('Lysistrata \U0001f3ad', NULL, NULL, NULL);
CREATE TABLE night (id INT PRIMARY KEY, play_id INT NOT NULL, FOREIGN KEY (play_id) REFERENCES play (id));
INSERT INTO night VALUES (1, 1), (2, 2);
CREATE VIEW sold AS SELECT title, COUNT(*) AS nights FROM play JOIN night ON play_id = play.id GROUP BY title;
DELIMITER $$
CREATE TRIGGER tidy BEFORE INSERT ON play FOR EACH ROW BEGIN SET NEW.title = TRIM(NEW.title); END $$
CREATE PROCEDURE count_plays(OUT n INT) BEGIN SELECT COUNT(*) INTO n FROM play; END $$
"""


@pytest.fixture
def base(engine: machine.Engine) -> str:
    return ensure_mysqlsh(engine.host)


def test_a_dump_of_mysqlsh_goes_out_and_in_and_into_an_image(mysql: MysqlLab, base: str, tmp_path: Path) -> None:
    mysql.small(**{"01": EVERYTHING})
    mysql.workspace(base=base)
    mysql.mysql("build").ok()
    mysql.lab.up().ok()
    baked = mysql.digests()

    dump = tmp_path / "dump"
    written = mysql.mysql("export", "--mysqlsh", str(dump), "--json").ok().json()
    assert written["bytes"] == sum(path.stat().st_size for path in dump.iterdir()) > 0
    assert "is there already" in mysql.mysql("export", "--mysqlsh", str(dump)).err
    mysql.query("DROP DATABASE dev; CREATE DATABASE dev", database="mysql")
    mysql.mysql("import", str(dump)).ok()
    assert mysql.digests() == baked
    mysql.mysql("import", str(dump), "--into", "copy").ok()
    asked = "SELECT HEX(data), title FROM play"
    assert mysql.query(asked, database="copy") == mysql.query(asked)
    assert mysql.query("SELECT @@local_infile") == [["0"]], "only for the moment"
    assert obeyed(mysql) == []
    if real_mysqlsh():  # the client of MySQL 8.4, which obeys what 9.7's does not
        assert SHELL in obeyed(mysql, closed=False), "it would be seen"

    for path in mysql.fixtures.iterdir():
        path.unlink()
    dump.rename(mysql.fixtures / "01-all")
    assert mysql.mysql("build", "--json").ok().json()["rows"] == {"dev.night": 2, "dev.play": 2}
    mysql.mysql("reset", "--yes").ok()
    assert mysql.digests() == baked


def test_some_tables_alone_and_what_is_not_there(mysql: MysqlLab, base: str, tmp_path: Path) -> None:
    mysql.small(**{"01": EVERYTHING})
    mysql.workspace(base=base)
    mysql.mysql("build").ok()
    mysql.lab.up().ok()
    mysql.mysql("export", "--mysqlsh", "--tables", "night", str(tmp_path / "one")).ok()
    assert {path.name.partition("@")[2].partition(".")[0] for path in (tmp_path / "one").glob("dev@*.sql")} == {"night"}
    failed = mysql.mysql("export", "--mysqlsh", "--database", "nosuch", str(tmp_path / "two"))
    assert failed.code == 1
    assert "'nosuch'" in failed.err
    assert [path.name for path in tmp_path.iterdir() if "two" in path.name] == []


def test_an_image_without_mysqlsh_says_which_has_it(mysql: MysqlLab, tmp_path: Path) -> None:
    mysql.small()
    mysql.workspace()
    mysql.mysql("build").ok()
    mysql.lab.up().ok()
    failed = mysql.mysql("export", "--mysqlsh", str(tmp_path / "dump"))
    assert failed.code == 1
    assert "there is no mysqlsh in the database's image" in failed.err
    assert "mysql:8.4 has it" in failed.err
