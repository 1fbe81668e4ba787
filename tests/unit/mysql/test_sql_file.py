"""What of a file of SQL is sent to a server, and where its lines come from."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from dfdev.errors import DfdevError
from dfdev.mysql.fixtures import Fixture, digest, fixtures_in, passed_over, with_sources
from dfdev.mysql.sql_file import SqlFile, must_fit, sources_of

SANDBOX = "/*M!999999\\- enable the sandbox mode */ \n"
TWO_SERVERS = """-- Host: elsewhere
CREATE DATABASE /*!32312 IF NOT EXISTS*/ `dev`;
USE `dev`;
INSERT INTO `t` VALUES (1);
CREATE DATABASE /*!32312 IF NOT EXISTS*/ `mysql`;

USE `mysql`;
DROP TABLE IF EXISTS `user`;
/*!40101 SET @saved_cs_client = @@character_set_client */;
CREATE TABLE `user` (
  `Host` char(60)
);
LOCK TABLES `user` WRITE;
INSERT INTO `user` VALUES ('%','root',
'USE `dev`;');
UNLOCK TABLES;
CREATE USER 'app'@'%';
DELIMITER ;;
CREATE PROCEDURE p() BEGIN DROP TABLE `user`; END ;;
DELIMITER ;
USE `shop`;
INSERT INTO `t` VALUES (2);
"""


def written(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def sent(file: SqlFile) -> str:
    return b"".join(file.pieces()).decode()


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def test_a_plain_file_is_sent_as_it_is(tmp_path: Path) -> None:
    text = "\ufeffDROP TABLE IF EXISTS t;\r\nINSERT INTO t VALUES ('a\nUSE mysql;\n'); -- USE mysql;\nSELECT 1"
    file = SqlFile(written(tmp_path / "a.sql", text), "dev")
    assert sent(file) == text.removeprefix("\ufeff")
    assert (file.loaded, file.left_out, file.delimiter) == ({"dev"}, {}, b";")
    assert file.done == file.total == (tmp_path / "a.sql").stat().st_size


@pytest.mark.parametrize("before", ["", "\ufeff", "-- a dump\n", "SELECT 1;\n"])
@pytest.mark.parametrize("mark", ["/*M!999999\\-", "/*!999999\\-"])
def test_mariadbs_sandbox_line_is_not_sent(tmp_path: Path, before: str, mark: str) -> None:
    text = f"{before}{mark} enable the sandbox mode */ \nSELECT 2;\n"
    told = sent(SqlFile(written(tmp_path / "a.sql", text)))
    assert "sandbox" not in told
    assert told.count("\n") == text.count("\n")
    assert told.endswith("\nSELECT 2;\n")


def test_what_is_another_servers_own_is_left_out_and_lines_stay_where_they_are(tmp_path: Path) -> None:
    path = written(tmp_path / "all.sql", TWO_SERVERS)
    file = SqlFile(path, "dev")
    told = sent(file)
    assert lines(told)[1:] == [
        "CREATE DATABASE /*!32312 IF NOT EXISTS*/ `dev`;",
        "USE `dev`;",
        "INSERT INTO `t` VALUES (1);",
        "/*!40101 SET @saved_cs_client = @@character_set_client */;",
        "CREATE USER 'app'@'%';",
        "DELIMITER ;;",
        "DELIMITER ;",
        "USE `shop`;",
        "INSERT INTO `t` VALUES (2);",
    ]
    assert told.splitlines().index("USE `shop`;") == TWO_SERVERS.splitlines().index("USE `shop`;")
    assert file.loaded == {"dev", "shop"}
    assert file.left_out == {"mysql": (path, 5)}


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE IF EXISTS mysql.user;",
        "INSERT INTO `mysql`.`user` VALUES (1);",
        "delete from MYSQL . user;",
        "/*!50001 CREATE VIEW sys.v AS SELECT 1 */;",
        "DROP DATABASE mysql;",
        "/*!40000 USE mysql */;",
        "use mysql\nDROP TABLE user;",
        "\\u mysql\nDROP TABLE user;",
        "CREATE TABLE dfdev_meta.fixture (id INT);",
    ],
)
def test_so_is_a_statement_that_names_it(tmp_path: Path, statement: str) -> None:
    file = SqlFile(written(tmp_path / "a.sql", f"SELECT 1;\n{statement}\n"))
    assert lines(sent(file)) == ["SELECT 1;"]
    assert [place[1] for place in file.left_out.values()] == [2]


@pytest.mark.parametrize(
    ("statement", "about"),
    [
        ("SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5';", "gtid_purged"),
        ("SET @@SESSION.SQL_LOG_BIN= 0;", "sql_log_bin"),
        ("/*!50003 SET sql_log_bin=0 */;", "sql_log_bin"),
        ("set session gtid_next = 'AUTOMATIC';", "gtid_next"),
        ("SET GLOBAL gtid_slave_pos='0-1-2';", "gtid_slave_pos"),
        ("SET GLOBAL max_connections = 5;", "max_connections"),
        ("CHANGE MASTER TO MASTER_LOG_FILE='bin.000001', MASTER_LOG_POS=4;", "change master"),
        ("CHANGE  REPLICATION SOURCE TO SOURCE_LOG_POS=4;", "change replication"),
        ("STOP SLAVE;", "stop slave"),
    ],
)
def test_so_is_what_is_about_the_server_that_it_comes_from(tmp_path: Path, statement: str, about: str) -> None:
    file = SqlFile(written(tmp_path / "a.sql", f"SELECT 1;\n{statement}\n{statement}\nSELECT 2;\n"))
    assert lines(sent(file)) == ["SELECT 1;", "SELECT 2;"]
    assert file.left_out == {about: (tmp_path / "a.sql", 2)}


@pytest.mark.parametrize(
    "statement",
    [
        "SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN;",
        "SET NAMES utf8mb4;",
        "SET PERSIST max_connections = 5;",
        "SET foreign_key_checks = 0;",
        "SET @global = 1;",
        "START TRANSACTION;",
    ],
)
def test_what_is_not_stays(tmp_path: Path, statement: str) -> None:
    file = SqlFile(written(tmp_path / "a.sql", f"{statement}\n"))
    assert lines(sent(file)) == [statement]
    assert file.left_out == {}


@pytest.mark.parametrize(
    "said",
    [
        "mysqldump: [Warning] Using a password on the command line interface can be insecure.",
        "mariadb-dump: [Warning] Using a password",
        "mysqldump: Error: 'Access denied; you need (at least one of) the PROCESS privilege(s)' when trying to dump"
        " tablespaces",
    ],
)
def test_a_warning_that_went_into_the_dump_is_not_sent(tmp_path: Path, said: str) -> None:
    text = f"{said}\n-- MySQL dump 10.13\nSELECT 1;\n{said}\nSELECT 2;\n"
    told = sent(SqlFile(written(tmp_path / "a.sql", text)))
    assert lines(told) == ["-- MySQL dump 10.13", "SELECT 1;", "SELECT 2;"]
    assert told.count("\n") == text.count("\n")


def test_an_error_that_went_into_the_dump_means_that_it_is_not_whole(tmp_path: Path) -> None:
    said = "mysqldump: Couldn't execute 'SHOW FIELDS FROM `v`': View 'dev.v' references invalid table(s)"
    path = written(tmp_path / "a.sql", f"SELECT 1;\n{said}\n")
    with pytest.raises(DfdevError, match="line 2: it is not whole, mysqldump: Couldn't execute"):
        sent(SqlFile(path))


def test_what_a_dump_would_say_is_text_inside_a_string(tmp_path: Path) -> None:
    text = "INSERT INTO t VALUES ('\nmysqldump: [Warning] x\nmysqldump: Got error: 1\n');\n"
    assert sent(SqlFile(written(tmp_path / "a.sql", text))) == text


def test_a_backslash_escapes_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    mode = "/*!40101 SET SQL_MODE='NO_BACKSLASH_ESCAPES,ANSI' */;\n"
    text = "SELECT 'C:\\'; DROP DATABASE mysql; -- '\nSET sql_mode = '';\nSELECT '\\'; USE mysql;';\n"
    assert sent(SqlFile(written(tmp_path / "a.sql", mode + text))) == mode + text.replace(" DROP DATABASE mysql;", " ")


@pytest.mark.parametrize("line", ["use dev", "USE dev \r", "\\u dev", "use `dev`"])
def test_a_use_without_its_delimiter_is_sent_as_a_statement(tmp_path: Path, line: str) -> None:
    """The client obeys no command of its own in a file; this one is as good as a statement."""
    file = SqlFile(written(tmp_path / "a.sql", f"SELECT 1;\n{line}\nSELECT 2;\n"))
    assert sent(file) == "SELECT 1;\nUSE `dev`;\nSELECT 2;\n"


@pytest.mark.parametrize("head", ["CREATE DATABASE `dev`;\nUSE `dev`;\n", "/*!40000 use dev */;\n", "use dev\n", ""])
def test_a_file_of_one_database_goes_into_another(tmp_path: Path, head: str) -> None:
    file = SqlFile(written(tmp_path / "a.sql", f"{head}DROP TABLE t;\n"), "dev", into="scratch")
    assert lines(sent(file)) == ["DROP TABLE t;"]
    assert file.loaded == {"scratch"}


def test_and_one_that_names_that_other_stays_as_it_is(tmp_path: Path) -> None:
    text = "CREATE DATABASE scratch; USE scratch; DROP TABLE scratch.t;\n"
    assert sent(SqlFile(written(tmp_path / "a.sql", text), into="scratch")) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("USE a;\nDROP TABLE t;\n\nUSE b;", "line 4: a second database, `b`, after `a` in line 1"),
        ("CREATE DATABASE a;\nCREATE DATABASE b;", "line 2: a second database, `b`, after `a` in line 1"),
        ("\nDROP TABLE dev.t;", "line 2: it writes to `dev` by name, and not to `scratch`"),
        ("USE dev;\nINSERT INTO `dev`.`t` VALUES (1)", "line 2: it writes to `dev` by name"),
        ("SELECT 1; RENAME TABLE t TO dev.t", "line 1: it writes to `dev` by name"),
        ("SELECT 'USE x;' /* \nUSE y; */;\nUPDATE dev.t SET a = 1", "line 3: it writes to `dev` by name"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_what_does_not_fit_into_one_database_is_refused_with_its_line(
    tmp_path: Path, text: str, said: str, packed: bool
) -> None:
    path = written(tmp_path / "a.sql", gzip.compress(text.encode()) if packed else text)
    with pytest.raises(DfdevError) as caught:
        must_fit(path, "scratch")
    assert caught.value.message.startswith(f"{path}, {said}")
    assert "without --into" in caught.value.hint


def test_a_use_far_down_in_a_large_file_is_seen(tmp_path: Path) -> None:
    row = "INSERT INTO `t` VALUES (1,'it\\'s; USE b;\n');\n"
    path = written(tmp_path / "a.sql", "USE a;\n" + row * 20_000 + "USE b;\n")
    with pytest.raises(DfdevError, match=f"line {40_002}: a second database, `b`"):
        must_fit(path, "scratch")


def test_sourced_files_are_sent_in_their_place(tmp_path: Path) -> None:
    """As the sample database of employees is made: MySQL's best known."""
    main = written(
        tmp_path / "main.sql",
        "CREATE TABLE t (a INT);\nSELECT 'LOADING' as 'INFO';\nsource load_t.dump ;\n\\. sub/more.sql\nSELECT 9;\n",
    )
    written(tmp_path / "load_t.dump", "\ufeffINSERT INTO `t` VALUES (1),\n(2);\nINSERT INTO `t` VALUES (3)")
    written(tmp_path / "sub/more.sql", f"{SANDBOX}source sub/deep.sql\nsource beside.sql;\nDELIMITER //")
    written(tmp_path / "sub/deep.sql", "SELECT 'deep'")
    written(tmp_path / "sub/beside.sql", gzip.compress(b"SELECT 'beside';"))
    file = SqlFile(main, "dev")
    told = sent(file)
    assert lines(told) == [
        "CREATE TABLE t (a INT);", "SELECT 'LOADING' as 'INFO';", "INSERT INTO `t` VALUES (1),", "(2);",
        "INSERT INTO `t` VALUES (3)", ";", "SELECT 'deep'", ";", "SELECT 'beside';", "DELIMITER //", "SELECT 9;",
    ]  # fmt: skip
    assert [path.name for path in file.sources] == ["load_t.dump", "more.sql", "deep.sql", "beside.sql"]
    assert file.delimiter == b"//", "as the client has it"
    for number, line in enumerate(told.splitlines(), 1):
        path, its = file.place(number)
        if path.name != "beside.sql" and line.strip() not in ("", ";"):
            assert path.read_text(encoding="utf-8-sig").splitlines()[its - 1] == line
    assert sources_of(main) == tuple(file.sources)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("source nope.sql ;", "source nope.sql: there is no such file"),
        ("source ../out.sql ;", "source ../out.sql leads out of"),
        ("source /etc/passwd", "source /etc/passwd leads out of"),
        ("\\. link.sql", "source link.sql leads out of"),
        ("source sub", "source sub: there is no such file"),
        ("source a.sql ;", "a.sql is being loaded already: a.sql -> a.sql"),
        ("source b.sql ;", "b.sql is being loaded already: b.sql -> c.sql -> b.sql"),
        ("source open.sql ;", "open.sql ends inside a comment or a quote"),
    ],
)
def test_what_is_not_sourced(tmp_path: Path, line: str, said: str) -> None:
    folder = tmp_path / "dump"
    written(tmp_path / "out.sql", "SELECT 'out';")
    path = written(folder / "a.sql", f"SELECT 1;\n{line}\n")
    written(folder / "sub/x.sql", "")
    written(folder / "b.sql", "source c.sql")
    written(folder / "c.sql", "\nsource b.sql")
    written(folder / "open.sql", "SELECT 'open")
    (folder / "link.sql").symlink_to("../out.sql")
    with pytest.raises(DfdevError) as caught:
        sent(SqlFile(path))
    assert said in caught.value.message
    if "already" not in said and "open" not in said:
        assert caught.value.message.startswith(f"{path}, line 2: ")


def baked(folder: Path) -> list[Fixture]:
    return with_sources(fixtures_in(folder), folder)


def test_fixtures_that_load_others(tmp_path: Path) -> None:
    """They come with what loads them, count in the hash, and are loaded once."""
    written(tmp_path / "main.sql", "source load.dump ;\nsource parts/t.sql ;\nsource z.sql;")
    written(tmp_path / "load.dump", "SELECT 1;")
    written(tmp_path / "parts/t.sql", "SELECT 2;")
    written(tmp_path / "z.sql", "SELECT 3;")
    written(tmp_path / "parts/other.sql", "SELECT 4;")
    (main,) = baked(tmp_path)
    assert [path.name for path in main.sources] == ["load.dump", "t.sql", "z.sql"]
    assert passed_over(tmp_path, [main.path, *main.sources]) == []
    before = digest([main])
    written(tmp_path / "parts/other.sql", "SELECT 5;")
    assert digest(baked(tmp_path)) == before
    for name in ("load.dump", "parts/t.sql", "z.sql"):
        written(tmp_path / name, "SELECT 6;")
        after = digest(baked(tmp_path))
        assert after != before, name
        before = after
