"""The database through a day: baked, run, changed, kept, reset, restored, dumped and loaded."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.lab import Lab
from tests.e2e.mysql_lab import MysqlLab
from tests.e2e.trouble import assert_fails
from tests.mysql.dataset import Flavour

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]
CHANGE = "INSERT INTO play (title) VALUES ('Lysistrata 🎭'); CREATE TABLE fresh (id INT PRIMARY KEY)"
ASK = """mysql -h "$MYSQL_HOST" -u "$MYSQL_USER" -p"$MYSQL_PASSWORD" "$MYSQL_DATABASE" -Ne "SELECT title FROM play" \\
    2>/dev/null"""


@pytest.mark.parametrize("flavour", ["mysql", "mariadb"])
def test_everything_that_a_database_can_hold_survives_every_way(
    new_mysql: Callable[..., MysqlLab], flavour: Flavour, tmp_path: Path
) -> None:
    """Build, reset, snapshot, restore, export and import, each compared by digests of rows and definitions."""
    mysql = new_mysql(flavour)
    mysql.everything()
    mysql.workspace()
    built = mysql.mysql("build", "--json").ok().json()
    assert built["built"] and built["rows"]["dev.play"] == 5
    mysql.lab.up().ok()
    baked = mysql.digests()
    assert len(baked) > 30
    assert "nothing since the bake" in mysql.mysql("status").ok().out

    mysql.query(
        "UPDATE upload SET data = CONCAT(data, 0x00ff27) WHERE id = 1; DROP TABLE log_line; DROP VIEW IF EXISTS x"
    )
    changed = mysql.digests()
    assert changed != baked
    status = mysql.mysql("status", "--json").ok().json()
    assert {"dev.upload", "dev.log_line"} <= status["changed"].keys()
    assert status["changed"]["dev.log_line"]["now"] is None
    kept = mysql.mysql("snapshot", "changed", "--json").ok().json()
    assert kept["size"] > 0

    assert "dev.upload" in mysql.mysql("reset", "--yes", "--json").ok().json()["changed"]
    assert mysql.digests() == baked
    mysql.mysql("restore", "changed").ok()
    assert mysql.digests() == changed
    assert mysql.lab.up("--json").ok().json()["plan"] == [], "a restored database is as it should be"

    for name in ("dev.sql.zst", "dev.sql"):
        dump = tmp_path / name
        mysql.mysql("export", str(dump)).ok()
        mysql.query("DROP DATABASE dev; CREATE DATABASE dev", database="mysql")
        mysql.mysql("import", str(dump)).ok()
        assert mysql.digests() == changed


def test_an_unchanged_set_is_not_baked_again_and_a_changed_one_is(mysql: MysqlLab) -> None:
    mysql.small()
    mysql.workspace()
    first = mysql.mysql("build", "--json").ok().json()
    again = mysql.mysql("build", "--json").ok().json()
    assert (first["built"], again["built"]) == (True, False)
    assert again["tags"] == first["tags"]
    assert again["seconds"] < 3
    assert "nothing to do" in mysql.mysql("build").ok().err
    repository = mysql.image.rpartition(":")[0]
    day = time.strftime("%Y-%m-%d", time.gmtime())
    assert first["tags"] == [f"{repository}:fixtures-{first['digest'][:12]}", f"{repository}:{day}", mysql.image]
    mysql.small(**{"02": "INSERT INTO play (title) VALUES ('Medea')"})
    second = mysql.mysql("build", "--json").ok().json()
    assert second["built"] and second["rows"] == {"dev.play": 2}
    assert second["digest"] != first["digest"]


def test_reset_asks_only_where_something_would_be_lost(mysql: MysqlLab) -> None:
    mysql.small()
    mysql.workspace()
    mysql.mysql("build").ok()
    mysql.lab.up().ok()
    assert "as it was baked" in mysql.mysql("reset").ok().err
    mysql.query(CHANGE)
    refused = mysql.mysql("reset")
    assert refused.code == 1
    assert "2 tables were changed since the bake: dev.fresh, dev.play" in refused.err
    assert "--yes" in refused.err
    assert mysql.query("SELECT COUNT(*) FROM play") == [["2"]]
    mysql.mysql("reset", "--yes").ok()
    assert mysql.query("SELECT title FROM play") == [["Antigone"]]


def test_a_change_is_seen_after_a_restart_too(mysql: MysqlLab) -> None:
    """The server forgets which tables it wrote; their files do not."""
    mysql.small()
    mysql.workspace()
    mysql.mysql("build").ok()
    mysql.lab.up().ok()
    mysql.query("UPDATE play SET title = 'Elektra'")
    mysql.lab.dfdev("restart", "mysql").ok()
    assert mysql.mysql("status", "--json").ok().json()["changed"] == {"dev.play": {"baked": 1, "now": 1}}
    mysql.lab.dfdev("down").ok()
    mysql.lab.up().ok()
    assert mysql.query("SELECT title FROM play") == [["Elektra"]], "down keeps it"


def test_who_depends_on_it_stays_up_and_finds_it_again(mysql: MysqlLab) -> None:
    mysql.small()
    mysql.workspace(
        services='[services.www]\nimage = "dfdev/mysql:9"\nentrypoint = ["sleep", "1000000"]\ndepends_on = ["mysql"]\n'
    )
    mysql.mysql("build").ok()
    mysql.lab.up().ok()
    before = mysql.lab.containers()
    ask = ["exec", "www", "sh", "-c", ASK]
    assert mysql.lab.dfdev(*ask).ok().out == "Antigone\n"
    url = mysql.lab.dfdev("exec", "www", "sh", "-c", "echo $DATABASE_URL").ok().out.strip()
    assert url == "mysql://dev:dev@mysql:3306/dev"
    mysql.mysql("reset").ok()
    after = mysql.lab.containers()
    assert after["www"] == before["www"] and after["mysql"] != before["mysql"]
    assert mysql.lab.dfdev(*ask).ok().out == "Antigone\n"


def test_snapshots_are_listed_replaced_and_removed(mysql: MysqlLab) -> None:
    mysql.small()
    mysql.workspace()
    mysql.mysql("build").ok()
    mysql.lab.up().ok()
    mysql.lab.docker("version")
    for name in ("one", "two"):
        mysql.query(f"INSERT INTO play (title) VALUES ('{name}')")
        mysql.mysql("snapshot", name).ok()
    found = mysql.mysql("snapshots", "--json").ok().json()["snapshots"]
    assert [s["name"] for s in found] == ["two", "one"]
    assert all(re.fullmatch(r"MySQL 9\.\d+", s["version"]) for s in found)
    assert "there is a snapshot one already" in mysql.mysql("snapshot", "one").err
    mysql.mysql("snapshot", "one", "--force").ok()
    mysql.mysql("restore", "one", "--yes").ok()
    assert mysql.query("SELECT COUNT(*) FROM play") == [["3"]]
    assert "the database runs on snapshot one" in mysql.mysql("snapshot", "rm", "one").err
    mysql.mysql("snapshot", "rm", "two").ok()
    assert "there is no snapshot two" in mysql.mysql("restore", "two").err
    assert [s["name"] for s in mysql.mysql("snapshots", "--json").ok().json()["snapshots"]] == ["one"]


def test_a_snapshot_carries_no_mark_of_a_container(mysql: MysqlLab) -> None:
    """Whoever runs it by hand has a container of his own, which dfdev does not touch."""
    mysql.small()
    mysql.workspace()
    mysql.mysql("build").ok()
    mysql.lab.up().ok()
    mysql.mysql("snapshot", "one").ok()
    ref = f"dfdev-snapshots/{mysql.lab.name}:one"
    id = mysql.lab.docker("run", "-d", ref).strip()
    try:
        assert set(mysql.lab.containers()) == {"mysql"}
        mysql.lab.dfdev("down", "--data", "--yes").ok()
        assert mysql.lab.docker("inspect", "--format", "{{.State.Running}}", id).strip() == "true"
    finally:
        mysql.lab.docker("rm", "-fv", id)


def test_production_s_settings_go_into_the_server_and_are_compared(mysql: MysqlLab, tmp_path: Path) -> None:
    mysql.small()
    settings = '[mysql.settings]\nsql_mode = "ANSI_QUOTES"\ntime_zone = "Europe/Berlin"\nmax_allowed_packet = "32M"\n'
    mysql.workspace(settings + "lower_case_table_names = 1\n")
    mysql.mysql("build").ok()
    mysql.lab.up().ok()
    asked = "SELECT @@global.sql_mode, @@global.time_zone, @@max_allowed_packet, @@lower_case_table_names"
    assert mysql.query(asked) == [["ANSI_QUOTES", "Europe/Berlin", "33554432", "1"]]
    saved = tmp_path / "production.txt"
    saved.write_text("Variable_name\tValue\nsql_mode\tANSI_QUOTES,STRICT_TRANS_TABLES\ntime_zone\tEurope/Berlin\n")
    found = mysql.mysql("check", str(saved), "--json")
    assert found.code == 1
    assert [d["name"] for d in found.json()["differences"]] == ["sql_mode"]
    saved.write_text("Variable_name\tValue\nsql_mode\tANSI_QUOTES\ntime_zone\tEurope/Berlin\n")
    assert mysql.mysql("check", str(saved)).code == 0
    assert mysql.mysql("status", "--json").json()["unheeded"] == {}
    mysql.workspace(settings.replace("32M", "64M") + "lower_case_table_names = 1\n")
    assert list(mysql.mysql("status", "--json").json()["unheeded"]) == ["max_allowed_packet"]
    assert "max_allowed_packet is 33554432, not 64M: `dfdev up`" in mysql.mysql("status").ok().out


def test_fixtures_older_than_the_code_are_told_at_up(mysql: MysqlLab) -> None:
    mysql.small()
    code = mysql.lab.home / "www/shop/migrations"
    code.mkdir(parents=True)
    (code / "0001_first.py").touch()
    app = '[services.www]\nimage = "dfdev/mysql:9"\nentrypoint = ["sleep", "1000000"]\ncode = "www"\n'
    mysql.workspace('rebuild_after = "7d"\n', app)
    mysql.mysql("build").ok()
    assert "migration" not in mysql.lab.up().ok().err
    (code / "0002_second.py").touch()
    told = mysql.lab.up().ok().err
    assert "baked before 1 migration of the code: www/shop/migrations/0002_second.py" in told
    assert "dfdev mysql build" in told


def test_passwords_are_in_no_argument_and_no_inspection(mysql: MysqlLab) -> None:
    mysql.small()
    mysql.lab.write("DB_PASSWORD=hunter2-secret\n", ".env.local")
    (mysql.lab.home / ".env.local").chmod(0o600)
    app = '[services.www]\nimage = "dfdev/mysql:9"\nentrypoint = ["sleep", "1000000"]\ndepends_on = ["mysql"]\n'
    mysql.workspace(services=app)
    text = (mysql.lab.home / "dfdev.toml").read_text().replace('password = "dev"', 'password = "${DB_PASSWORD}"')
    mysql.lab.write(text)
    mysql.mysql("build").ok()
    mysql.lab.up().ok()
    for id in mysql.lab.containers().values():
        assert "hunter2" not in mysql.lab.docker("inspect", id)
    assert "hunter2" not in mysql.lab.docker("inspect", mysql.image)
    assert "hunter2" not in mysql.lab.docker("top", mysql.container)
    assert "hunter2-secret" in mysql.mysql("url").ok().out, "which is what it is for"
    assert json.loads(mysql.mysql("status", "--json").ok().out)["connections"] == 0


def test_no_image_has_the_password_of_its_user(mysql: MysqlLab) -> None:
    """Not of a server that runs, not of one that stands still: either can be pushed."""
    mysql.small()
    mysql.lab.write("DB_PASSWORD=hunter2-secret\n", ".env.local")
    mysql.workspace()
    text = (mysql.lab.home / "dfdev.toml").read_text().replace('password = "dev"', 'password = "${DB_PASSWORD}"')
    mysql.lab.write(text)
    mysql.mysql("build").ok()
    mysql.lab.up().ok()
    mysql.mysql("snapshot", "running").ok()
    assert has_its_password(mysql)
    mysql.lab.dfdev("down").ok()
    mysql.mysql("snapshot", "stopped").ok()
    mysql.lab.up().ok()
    assert has_its_password(mysql)
    for ref in (mysql.image, *(f"dfdev-snapshots/{mysql.lab.name}:{name}" for name in ("running", "stopped"))):
        assert not in_image(mysql.lab, ref, b"hunter2-secret"), ref
        assert in_image(mysql.lab, ref, b"Antigone"), "else this looks at nothing"
    mysql.mysql("restore", "running", "--yes").ok()
    assert has_its_password(mysql)
    mysql.mysql("status").ok()


def has_its_password(mysql: MysqlLab) -> bool:
    return "hunter2-secret" in mysql.lab.docker("exec", mysql.container, "cat", "/etc/dfdev/mysql-client.cnf")


def in_image(lab: Lab, ref: str, word: bytes) -> bool:
    """Whether any layer of it has that, as `docker save` writes them."""
    with subprocess.Popen(["docker", "-H", lab.docker_host, "save", ref], stdout=subprocess.PIPE) as saved:
        assert saved.stdout
        found, before = False, b""
        while piece := saved.stdout.read(1 << 20):
            found = found or word in before + piece
            before = piece[-len(word) :]
    assert saved.returncode == 0
    return found


def test_a_wrong_password_is_told_by_up(mysql: MysqlLab) -> None:
    """Also where no fixtures are named: whoever depends on it is given the same password."""
    mysql.small()
    mysql.workspace()
    mysql.mysql("build").ok()
    text = (mysql.lab.home / "dfdev.toml").read_text().replace('fixtures = "fixtures/"\n', "")
    mysql.lab.write(text.replace('password = "dev"', 'password = "wrong"'))
    for _ in range(2):
        assert_fails(mysql.lab.up(), 1, "mysql runs, and refuses the user dev", "Access denied", "[mysql]")
    mysql.lab.write(text)
    mysql.lab.dfdev("up", "--yes").ok()


def test_a_server_without_the_row_that_is_baked_last_is_not_ready(mysql: MysqlLab) -> None:
    mysql.small()
    mysql.workspace()
    mysql.mysql("build").ok()
    mysql.lab.up().ok()
    mysql.workspace('health = { timeout = "3s" }\n')
    mysql.query("DELETE FROM fixture", database="dfdev_meta")
    failed = mysql.lab.dfdev("restart", "mysql")
    assert failed.code == 1
    assert "its fixtures are not complete" in failed.err
    mysql.query("DROP DATABASE dfdev_meta", database="mysql")
    mysql.workspace()
    mysql.lab.dfdev("restart", "mysql").ok()
