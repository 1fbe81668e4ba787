"""Both tools must be given the same services, or the comparison says nothing."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest

from tests.bench import stacks

THREE = {"registry": 5001, "mysql": 5002, "www": 5003}
FORTY = {name: 6000 + index for index, name in enumerate(stacks.forty_names())}


def _services_of_workspace(text: str) -> dict[str, tuple[str, str, list[str]]]:
    """Service -> image, published port, mounted folders."""
    document = tomllib.loads(text)
    found = {
        name: (section["image"], f"127.0.0.1:{section['port']}:{port}", list[str]())
        for name, port in (("registry", 5000), ("mysql", 3306))
        if (section := document.get(name))
    }
    for name, service in document["services"].items():
        code, logs = service["code"], service["logs"]
        code = code if ":" in code else f"{code}:/var/{name}"
        mounts = [f"./{code}", f"./{logs}:/var/log"]
        found[name] = (service["image"], f"127.0.0.1:{service['ports'][0]}", mounts)
    return found


def _services_of_compose(text: str) -> dict[str, tuple[str, str, list[str]]]:
    services: dict[str, dict[str, Any]] = json.loads(text)["services"]
    return {
        name: (s["image"], s["ports"][0], [v for v in s.get("volumes", []) if v.startswith("./")])
        for name, s in services.items()
    }


def test_three_services_are_the_same_for_both() -> None:
    ours = _services_of_workspace(stacks.three_workspace("x", THREE))
    assert ours == _services_of_compose(stacks.three_compose("x", THREE, "1:1", False))
    assert list(ours) == stacks.three_names()


def test_forty_services_are_the_same_for_both() -> None:
    ours = _services_of_workspace(stacks.forty_workspace("x", FORTY))
    assert ours == _services_of_compose(stacks.forty_compose("x", FORTY, "1:1", True))
    assert len(ours) == 40


@pytest.mark.parametrize("init", [True, False])
def test_compose_has_init_where_the_row_says_so(init: bool) -> None:
    services = json.loads(stacks.three_compose("x", THREE, "1:1", init))["services"]
    assert {service.get("init", False) for service in services.values()} == {init}


def test_both_wait_for_mysql() -> None:
    services = json.loads(stacks.three_compose("x", THREE, "1:1", False))["services"]
    assert services["www"]["depends_on"] == {"mysql": {"condition": "service_healthy"}}
    assert tomllib.loads(stacks.three_workspace("x", THREE))["services"]["www"]["depends_on"] == ["mysql"]
