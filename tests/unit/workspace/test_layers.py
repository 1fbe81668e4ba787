"""Files over one another, and where each value comes from."""

from __future__ import annotations

import os
from pathlib import Path

from dfdev.workspace.layers import merge
from dfdev.workspace.origin import Origin, Variable
from dfdev.workspace.problem import HIDDEN
from tests.unit.workspace.support import WWW, loaded, problems


def test_local_tables_merge_and_local_values_replace(tmp_path: Path) -> None:
    toml = WWW + 'ports = ["8000:80", "8001:81"]\nenv = { A = "1", B = "2" }\nuser = "image"\n'
    local = '[services.www]\nports = ["9000:80"]\nenv = { B = "3" }\n[clock]\ntolerance = 2\n'
    ws = loaded(tmp_path, toml, local_toml=local)
    www = ws.config.services["www"]
    assert www.ports == ("9000:80",)
    assert www.env == {"A": "1", "B": "3"}
    assert (www.image, www.user) == ("www:dev", "image")
    assert str(ws.origin("services.www.env.A")) == "dfdev.toml"
    assert str(ws.origin("services.www.env.B")) == "dfdev.local.toml"
    assert str(ws.origin("services.www.ports")) == "dfdev.local.toml"
    assert str(ws.origin("services.www.ports[0]")) == "dfdev.local.toml"
    assert str(ws.origin("services.www.init")) == "default"
    assert [p.name for p in ws.config_files] == ["dfdev.toml", "dfdev.local.toml"]


def test_a_health_check_is_replaced_as_a_whole(tmp_path: Path) -> None:
    toml = WWW + 'ports = ["8000:80"]\nhealth = { http = "/healthz", timeout = "5s" }\n'
    ws = loaded(tmp_path, toml, local_toml="[services.www]\nhealth = { tcp = true }\n")
    health = ws.config.services["www"].health
    assert health is not None
    assert (health.http, health.tcp, health.timeout) == (None, True, "120s")


def test_what_is_replaced_has_no_owner_left() -> None:
    low = {"a": 1, "b": {"c": {"d": 1}}, "health": {"http": "/"}}
    high = {"a": {"x": 1}, "b": 2, "health": {"tcp": 80}}
    data, owners = merge([("low", low), ("high", high)])
    assert data == high
    assert owners == {"a.x": "high", "b": "high", "health.tcp": "high"}


def test_env_files_and_environment_in_their_order(tmp_path: Path) -> None:
    ws = loaded(
        tmp_path,
        WWW + 'env = { A = "${A}", B = "${B}", C = "${C}" }\n',
        {"C": "environment"},
        env="A=env\nB=env\nC=env\n",
        env_local="B=local\nC=local\n",
    )
    assert ws.service_env["www"] == {"A": "env", "B": "local", "C": "environment"}
    layers = {name: ws.origin(f"services.www.env.{name}").variables for name in "ABC"}
    assert layers == {
        "A": (Variable("A", ".env"),),
        "B": (Variable("B", ".env.local", secret=True),),
        "C": (Variable("C", "environment", secret=True),),
    }
    assert str(ws.origin("services.www.env.B")) == "dfdev.toml, ${B} from .env.local"
    assert [p.name for p in ws.env_files] == [".env", ".env.local"]


def test_dfhome_is_the_one_that_was_found(tmp_path: Path) -> None:
    ws = loaded(tmp_path, WWW + 'env = { H = "${DFHOME}/x" }\n', {"DFHOME": "/elsewhere"}, env="D=${DFHOME}\n")
    assert ws.service_env["www"]["H"] == f"{tmp_path.resolve()}/x"
    assert ws.env["D"] == str(tmp_path.resolve())
    assert ws.env["DFHOME"] == str(tmp_path.resolve())


def test_a_default_is_named_as_the_origin(tmp_path: Path) -> None:
    ws = loaded(tmp_path, WWW + 'env = { A = "${NOPE:-x}" }\n')
    assert ws.service_env["www"]["A"] == "x"
    assert ws.origin("services.www.env.A") == Origin("dfdev.toml", (Variable("NOPE", "default"),))


def test_a_variable_serves_where_a_number_or_a_truth_value_is_expected(tmp_path: Path) -> None:
    toml = '[registry]\nport = "${PORT}"\ndelete = "${DELETE:-true}"\n'
    registry = loaded(tmp_path, toml, {"PORT": "5001"}).config.registry
    assert registry is not None
    assert (registry.port, registry.delete) == (5001, True)
    assert problems(tmp_path, toml, {"PORT": "many"})["registry.port"].found == HIDDEN
    assert problems(tmp_path, toml, env="PORT=many\n")["registry.port"].found == '"many"'


def test_a_dollar_doubled_is_left_for_the_container(tmp_path: Path) -> None:
    ws = loaded(tmp_path, WWW + 'command = ["sh", "-c", "echo $${HOME} $HOME $$ ${A}"]\n', {"A": "a"})
    assert ws.config.services["www"].command[2] == "echo ${HOME} $HOME $$ a"
    assert ws.origin("services.www.command").variables == (Variable("A", "environment", secret=True),)
    assert ws.origin("services.www.command[0]").variables == ()


def test_a_value_is_not_expanded_again(tmp_path: Path) -> None:
    ws = loaded(tmp_path, WWW + 'env = { A = "${A}" }\n', {"A": "${B}", "B": "b"})
    assert ws.service_env["www"]["A"] == "${B}"


def test_an_unset_variable_is_a_problem_where_it_stands(tmp_path: Path) -> None:
    found = problems(tmp_path, WWW + 'ports = ["8000:80", "${WEB}:81"]\n', local_toml='[mysql]\nimage = "${DB}"\n')
    assert found["services.www.ports[1]"].expected == "a value for ${WEB}"
    assert "WEB in .env.local" in found["services.www.ports[1]"].hint
    assert found["mysql.image"].file == "dfdev.local.toml"
    assert "(dfdev.local.toml)" in str(found["mysql.image"])


def test_forms_that_python_dotenv_does_not_know_are_problems(tmp_path: Path) -> None:
    found = problems(tmp_path, WWW + 'env = { A = "${A:?needed}", B = "${B-x}", C = "${C" }\n', {"C": "c"})
    assert found["services.www.env.A"].expected == "${NAME} or ${NAME:-default}"
    assert found["services.www.env.B"].expected == "a value for ${B-x}"
    assert found["services.www.env.C"].expected == "${NAME} or ${NAME:-default}"


def test_the_environment_of_the_process_stays_as_it_is(tmp_path: Path) -> None:
    before = dict(os.environ)
    ws = loaded(tmp_path, WWW + 'env = { A = "${DFDEV_TEST_A}" }\n', os.environ, env="DFDEV_TEST_A=1\n")
    assert ws.service_env["www"]["A"] == "1"
    assert dict(os.environ) == before


def test_the_name_comes_from_the_folder(tmp_path: Path) -> None:
    names = {n: loaded(tmp_path / n, WWW).name for n in ("My Dramas", "Café_2", "--x--", "драмы", "日本")}
    assert names["My Dramas"] == "my-dramas"
    assert names["Café_2"] == "cafe_2"
    assert names["--x--"] == "x"
    assert names["драмы"].startswith("workspace-")
    assert names["драмы"] != names["日本"]
    assert loaded(tmp_path, '[workspace]\nname = "other"\n').name == "other"


def test_an_empty_file_is_a_workspace(tmp_path: Path) -> None:
    ws = loaded(tmp_path, "")
    assert ws.config.services == {}
    assert ws.config.registry is None
