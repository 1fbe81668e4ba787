"""Every kind of problem, and all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.workspace.check import health_port
from dfdev.workspace.problem import WorkspaceError
from tests.unit.workspace.support import WWW, loaded, problems

EVERYTHING = """
[workspace]
name = "Bad Name"
nam = 1
[machine]
provider = "docker-desktp"
cpus = 0
memory = "much"
[clock]
tolerance = "soon"
[registry]
storage = "s3"
port = "5000"
alias = "a:5000"
endpoint = "minio:9000"
access_key = "${ACCESS}"
delete = "yes"
[mysql]
port = 70000
password = 12345
env = { "A B" = "1" }
health = { timeout = 0 }
rebuild_after = "soon"
[serices.x]
image = "x"
[services.registry]
image = "x"
[services.Web]
image = "x"
[services.www]
imag = "www:dev"
code = "../out"
logs = "dfdev.toml"
ports = ["0.0.0.0:80:80", "8000:80", 8000, 3.5, "1:99999"]
depends_on = ["api", "wwww", "mysql", "worker"]
health = { http = "healthz", tcp = 99999, timeout = "soon" }
env = { A = [1], B = 1.5 }
restart = "allways"
mounts = ["x", "www:rel", "nope:/data", "nope:/data"]
env_file = ["missing.env"]
command = "a 'b"
working_dir = "app"
extra_hosts = ["db"]
init = 1
[services.api]
image = "a b"
depends_on = ["worker"]
[services.worker]
image = "x"
depends_on = ["api"]
user = "bob"
health = { http = "/" }
[images.www]
base = "www-bas"
test = "a 'b"
[images.www-base]
base = "www-base"
[profiles.ec2]
logs_root = "logs"
"""

EXPECTED = {
    "workspace.name", "workspace.nam",
    "machine.provider", "machine.cpus", "machine.memory", "clock.tolerance",
    "registry.port", "registry.alias", "registry.endpoint", "registry.access_key", "registry.secret_key",
    "registry.bucket", "registry.region", "registry.delete",
    "mysql.port", "mysql.password", "mysql.image", 'mysql.env."A B"', "mysql.health.timeout",
    "mysql.rebuild_after",
    "serices", "services.registry", "services.Web",
    "services.www.imag", "services.www.image", "services.www.code", "services.www.logs",
    "services.www.ports[0]", "services.www.ports[2]", "services.www.ports[3]", "services.www.ports[4]",
    "services.www.depends_on[1]",
    "services.www.health", "services.www.health.http", "services.www.health.tcp", "services.www.health.timeout",
    "services.www.env.A", "services.www.env.B", "services.www.restart", "services.www.init",
    "services.www.mounts[0]", "services.www.mounts[1]", "services.www.mounts[2]", "services.www.mounts[3]",
    "services.www.env_file[0]", "services.www.command", "services.www.working_dir", "services.www.extra_hosts[0]",
    "services.api.image", "services.worker.depends_on[0]", "services.worker.user", "services.worker.health.port",
    "images.www.base", "images.www.test", "images.www-base.base", "profiles.ec2.logs_root",
}  # fmt: skip


def test_every_problem_is_reported_at_once_with_its_key(tmp_path: Path) -> None:
    found = problems(tmp_path, EVERYTHING)
    assert set(found) == EXPECTED
    assert all(p.expected and p.found and p.file == "dfdev.toml" for p in found.values())
    assert not any("12345" in str(p) for p in found.values()), "a password is shown"


def test_the_order_is_that_of_the_file(tmp_path: Path) -> None:
    sections = [key.split(".")[0] for key in problems(tmp_path, EVERYTHING)]
    assert list(dict.fromkeys(sections)) == [
        "workspace", "machine", "clock", "registry", "mysql", "serices", "services", "images", "profiles",
    ]  # fmt: skip


def test_the_error_counts_and_names_the_files(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError) as caught:
        loaded(tmp_path, "x = 1\n", local_toml="y = 1\n")
    assert caught.value.message == "2 problems in dfdev.local.toml, dfdev.toml"
    assert "config check" in caught.value.hint
    with pytest.raises(WorkspaceError, match=r"^1 problem in dfdev\.local\.toml$"):
        loaded(tmp_path, "", local_toml="y = 1\n")


@pytest.mark.parametrize(
    ("toml", "key", "hint"),
    [
        ("[registy]\n", "registy", "did you mean registry?"),
        ("[registry]\nbuket = 'x'\n", "registry.buket", "did you mean bucket?"),
        (WWW + "dependson = []\n", "services.www.dependson", "did you mean depends_on?"),
        (WWW + "health = { htpp = '/' }\n", "services.www.health.htpp", "did you mean http?"),
        ("[clock]\nzzz = 1\n", "clock.zzz", "[clock] knows tolerance, correct"),
        ("[clock]\ncorrect = 'alwais'\n", "clock.correct", ""),
        ("[clock]\ncorrect = 'nevr'\n", "clock.correct", "did you mean never?"),
        (WWW + "depends_on = ['ww']\n", "services.www.depends_on[0]", "did you mean www?"),
        (WWW + "depends_on = ['mysql']\n", "services.www.depends_on[0]", "there is no [mysql] section"),
        (WWW + "depends_on = ['zzz']\n", "services.www.depends_on[0]", "there are www"),
        ("[registry]\nport = '5000'\n", "registry.port", "take the quotes off"),
        (WWW + "init = 'true'\n", "services.www.init", "take the quotes off"),
        (WWW + "image = 5\n".replace("image", "working_dir"), "services.www.working_dir", "put it in quotes"),
    ],
)
def test_hints(tmp_path: Path, toml: str, key: str, hint: str) -> None:
    assert problems(tmp_path, toml)[key].hint == hint


@pytest.mark.parametrize(
    ("toml", "key", "expected", "found"),
    [
        ("services = 1\n", "services", "a table", "1"),
        ("services = []\n", "services", "a table", "an empty list"),
        ("[services]\nwww = 'x'\n", "services.www", "a table", '"x"'),
        ("registry = true\n", "registry", "a table", "true"),
        ("[registry]\nport = 1.5\n", "registry.port", "a whole number from 1 to 65535", "1.5"),
        ("[registry]\nport = true\n", "registry.port", "a whole number from 1 to 65535", "true"),
        ("[mysql]\nimage = []\n", "mysql.image", "text", "an empty list"),
        ("[mysql]\nimage = 2026-11-24\n", "mysql.image", "text", "the date or time 2026-11-24"),
        (WWW + "ports = '8000:80'\n", "services.www.ports", "a list", '"8000:80"'),
        (WWW + "ports = [[1]]\n", "services.www.ports[0]", "text or a whole number", "a list"),
        (WWW + "command = 5\n", "services.www.command", "text or a list", "5"),
        (WWW + "command = ['a', 5]\n", "services.www.command[1]", "text", "5"),
        (WWW + "health = 'x'\n", "services.www.health", "a table", '"x"'),
        (WWW + "health = { port = 80 }\n", "services.www.health.port", "http or tcp with it", "none of them"),
        (WWW + "health = { tcp = false, port = 80 }\n", "services.www.health.port", "http or tcp with it",
         "none of them"),
        (WWW + "health = { command = [] }\n", "services.www.health.command", "a command", "an empty list"),
        (WWW + "code = \"a\\u0000\"\n", "services.www.code", "a text without NUL characters", "a NUL character"),
        (WWW + "working_dir = \"/a\\u0000\"\n", "services.www.working_dir", "a text without NUL characters",
         "a NUL character"),
        ('[services."a.b"]\nimage = "x"\nprt = 1\n', 'services."a.b".prt', "a key that dfdev knows",
         "an unknown key"),
    ],
)  # fmt: skip
def test_types(tmp_path: Path, toml: str, key: str, expected: str, found: str) -> None:
    problem = problems(tmp_path, toml)[key]
    assert (problem.expected, problem.found) == (expected, found)


def test_two_services_on_one_port_name_each_other(tmp_path: Path) -> None:
    toml = "[registry]\n[mysql]\nimage = 'm'\n" + WWW + "ports = ['3306:80', '5000:1', '8000:80']\n"
    toml += "[services.api]\nimage = 'a'\nports = ['8000:81', '8000:81/udp']\n"
    found = problems(tmp_path, toml)
    assert {key: p.found for key, p in found.items()} == {
        "services.www.ports[0]": "port 3306, which mysql.port has",
        "services.www.ports[1]": "port 5000, which registry.port has",
        "services.api.ports[0]": "port 8000, which services.www.ports[2] has",
    }


@pytest.mark.parametrize(
    ("edges", "circle"),
    [
        ({"a": "a"}, "a -> a"),
        ({"a": "b", "b": "a"}, "a -> b -> a"),
        ({"x": "a", "a": "b", "b": "c", "c": "a"}, "a -> b -> c -> a"),
    ],
)
def test_a_circle_is_shown_once_as_a_whole(tmp_path: Path, edges: dict[str, str], circle: str) -> None:
    toml = "".join(f"[services.{n}]\nimage = 'x'\ndepends_on = ['{to}']\n" for n, to in edges.items())
    assert [p.found for p in problems(tmp_path, toml).values()] == [circle]


def test_a_diamond_is_no_circle(tmp_path: Path) -> None:
    toml = "".join(
        f"[services.{name}]\nimage = 'x'\ndepends_on = {others}\n"
        for name, others in {"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}.items()
    )
    assert len(loaded(tmp_path, toml).config.services) == 4


@pytest.mark.parametrize(
    ("toml", "port"),
    [
        ("ports = ['53:53/udp', '8000:80']\nhealth = { http = '/' }\n", 80),
        ("ports = ['8000:80']\nhealth = { http = '/', port = 81 }\n", 81),
        ("ports = ['8000:80']\nhealth = { tcp = 82 }\n", 82),
        ("ports = ['8000:80']\nhealth = { tcp = true }\n", 80),
        ("ports = ['53:53/udp']\nhealth = { command = 'true' }\n", None),
    ],
)
def test_the_port_that_is_asked(tmp_path: Path, toml: str, port: int | None) -> None:
    www = loaded(tmp_path, WWW + toml).config.services["www"]
    assert www.health is not None
    assert health_port(www, www.health) == port


def test_udp_alone_cannot_be_asked(tmp_path: Path) -> None:
    toml = WWW + "ports = ['53:53/udp']\nhealth = { tcp = true }\n"
    assert set(problems(tmp_path, toml)) == {"services.www.health.port"}


def test_a_value_with_a_secret_in_it_is_not_shown(tmp_path: Path) -> None:
    toml = WWW + 'user = "${WHO}"\ncommand = "login \'${DB_PASSWORD}"\nports = ["${WHO}:80"]\n'
    found = problems(tmp_path, toml, {"DB_PASSWORD": "hunter2"}, env_local="WHO=hunter3\n")
    assert set(found) == {"services.www.user", "services.www.command", "services.www.ports[0]"}
    assert not any("hunter" in str(p) for p in found.values())


def test_a_circle_or_missing_code_does_not_hide_the_rest(tmp_path: Path) -> None:
    found = problems(tmp_path, WWW + "code = 'none'\ndepends_on = ['www']\nnope = 1\n", env="A=${B}\nB=${A}\n")
    assert len(found) == 4


def test_s3_needs_nothing_more_when_the_team_has_its_own_file(tmp_path: Path) -> None:
    loaded(tmp_path, "[registry]\nstorage = 's3'\nconfig = 'config.yml'\n")
