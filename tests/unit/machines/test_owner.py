"""Whose engine: by its address first, by what it says of itself second."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfdev.core.observed import EngineInfo
from dfdev.core.providers import by_endpoint, by_info

HOME = "/Users/me"
TLS = {"DOCKER_HOST": "tcp://192.168.99.100:2376"}


@pytest.mark.parametrize(
    ("path", "provider", "name"),
    [
        ("/Users/me/.colima/default/docker.sock", "colima", "default"),
        ("/Users/me/.colima/work/docker.sock", "colima", "work"),
        ("/Users/me/.colima/docker.sock", "colima", "default"),
        ("/Users/me/.colima/_lima/colima-work/sock/docker.sock", "colima", "work"),
        ("/Users/me/.config/colima/work/docker.sock", "colima", "work"),
        ("/Users/me/.lima/colima/sock/docker.sock", "colima", "default"),
        ("/Users/me/.lima/dev/sock/docker.sock", "lima", "dev"),
        ("/Users/me/.orbstack/run/docker.sock", "orbstack", ""),
        ("/Users/me/.rd/docker.sock", "rancher-desktop", ""),
        ("/Users/me/.arcbox/run/docker.sock", "arcbox", ""),
        ("/Users/me/.socktainer/container.sock", "socktainer", ""),
        ("/Users/me/.docker/run/docker.sock", "docker-desktop", ""),
        ("/home/me/.docker/desktop/docker.sock", "docker-desktop", ""),
        ("/Users/me/Library/Containers/com.docker.docker/Data/docker.sock", "docker-desktop", ""),
        ("/var/folders/wd/T/podman/podman-machine-default-api.sock", "podman", "podman-machine-default"),
        ("/Users/me/.local/share/containers/podman/machine/podman.sock", "podman", ""),
        ("/Users/me/.local/share/containers/podman/machine/qemu/podman.sock", "podman", ""),
        ("/Users/me/.local/share/containers/podman/machine/work/podman.sock", "podman", "work"),
        ("/run/user/1000/podman/podman.sock", "native", ""),
    ],
)
def test_sockets(path: str, provider: str, name: str) -> None:
    found = by_endpoint(f"unix://{path}", environ={}, home=HOME)
    assert found is not None
    assert (found.provider, found.name) == (provider, name)
    assert found.why.startswith("its socket is ")
    behind = by_endpoint("unix:///var/run/docker.sock", real_path=path, environ={}, home=HOME)
    assert behind == found


@pytest.mark.parametrize(
    ("environ", "path", "owner"),
    [
        ({"COLIMA_HOME": "/opt/colima/"}, "/opt/colima/work/docker.sock", ("colima", "work")),
        ({"XDG_CONFIG_HOME": "/opt/xdg"}, "/opt/xdg/colima/docker.sock", ("colima", "default")),
        ({"LIMA_HOME": "/opt/lima"}, "/opt/lima/dev/sock/docker.sock", ("lima", "dev")),
        ({"LIMA_HOME": "/opt/lima"}, "/opt/lima/docker.sock", None),
        ({}, "/opt/lima/dev/sock/docker.sock", None),
        ({}, "/var/run/docker.sock", None),
        ({}, "/run/docker.sock", None),
        ({}, "/tmp/dfdev/engine.sock", None),
    ],
)
def test_folders_of_the_environment(environ: Mapping[str, str], path: str, owner: tuple[str, str] | None) -> None:
    found = by_endpoint(f"unix://{path}", environ=environ, home=HOME)
    assert (found and (found.provider, found.name)) == owner


@pytest.mark.parametrize(
    ("context", "owner"),
    [
        ("desktop-linux", ("docker-desktop", "")),
        ("orbstack", ("orbstack", "")),
        ("rancher-desktop", ("rancher-desktop", "")),
        ("arcbox", ("arcbox", "")),
        ("socktainer", ("socktainer", "")),
        ("colima", ("colima", "default")),
        ("colima-work", ("colima", "work")),
        ("lima-dev", ("lima", "dev")),
        ("default", None),
        ("mine", None),
    ],
)
def test_contexts(context: str, owner: tuple[str, str] | None) -> None:
    found = by_endpoint("unix:///odd/engine.sock", context=context, environ={}, home=HOME)
    assert (found and (found.provider, found.name)) == owner


def test_a_socket_knows_better_than_a_contexts_name() -> None:
    found = by_endpoint("unix:///Users/me/.rd/docker.sock", context="colima", environ={}, home=HOME)
    assert found is not None
    assert found.provider == "rancher-desktop"


@pytest.mark.parametrize(
    ("host", "environ", "owner"),
    [
        ("tcp://192.168.99.100:2376", {**TLS, "DOCKER_MACHINE_NAME": "dev"}, ("docker-machine", "dev")),
        (
            "tcp://192.168.99.100:2376",
            {**TLS, "DOCKER_CERT_PATH": "/Users/me/.docker/machine/machines/dev/"},
            ("docker-machine", "dev"),
        ),
        (
            "tcp://192.168.59.103:2376",
            {**TLS, "DOCKER_CERT_PATH": "/Users/me/.boot2docker/certs/boot2docker-vm"},
            ("boot2docker", "boot2docker-vm"),
        ),
        (
            "tcp://10.0.0.9:2376",
            {**TLS, "DOCKER_CERT_PATH": "/Users/me/.docker/boot2docker-vm"},
            ("boot2docker", "boot2docker-vm"),
        ),
        ("tcp://192.168.59.103:2375", {}, ("boot2docker", "")),
        ("tcp://192.168.99.100:2376", {"DOCKER_MACHINE_NAME": "left-over"}, ("remote", "192.168.99.100")),
        ("tcp://build.example:2376", {}, ("remote", "build.example")),
        ("tcp://[2001:db8::1]:2376", {}, ("remote", "2001:db8::1")),
        ("tcp://127.0.0.1:2375", {}, None),
        ("tcp://localhost:2375/", {}, None),
        ("tcp://[::1]:2375", {}, None),
        ("tcp://:2375", {}, None),
        ("ssh://me@build:22/x", {}, ("remote", "me@build:22")),
    ],
)
def test_addresses(host: str, environ: Mapping[str, str], owner: tuple[str, str] | None) -> None:
    found = by_endpoint(host, environ=environ, home=HOME)
    assert (found and (found.provider, found.name)) == owner


def test_a_context_is_not_explained_by_the_variables_of_docker_host() -> None:
    environ = {**TLS, "DOCKER_MACHINE_NAME": "dev"}
    found = by_endpoint("tcp://build:2376", context="build", environ=environ, home=HOME)
    assert found is not None
    assert found.provider == "remote"


def info(
    os: str = "Ubuntu 24.04.2 LTS", name: str = "x", *, labels: tuple[str, ...] = (), podman: bool = False
) -> EngineInfo:
    return EngineInfo("28.5.2", "1.45", os, name, labels=labels, podman=podman)


@pytest.mark.parametrize(
    ("engine", "owner"),
    [
        (info("fedora", "localhost.localdomain", podman=True), ("podman", "")),
        (info("fedora", "laptop", podman=True), ("native", "")),
        (info("Docker Desktop", "docker-desktop"), ("docker-desktop", "")),
        (info("Docker Desktop", "laptop"), ("docker-desktop", "")),
        (info("Alpine Linux", "moby", labels=("com.docker.desktop.address=unix:///x",)), ("docker-desktop", "")),
        (info("OrbStack", "orbstack"), ("orbstack", "")),
        (info("Boot2Docker 1.6.2 (TCL 6.2); master : 1b8d16a", "boot2docker"), ("boot2docker", "")),
        (info("Boot2Docker 18.09.3 (TCL 8.2.1)", "dev", labels=("provider=virtualbox",)), ("docker-machine", "dev")),
        (info(name="colima"), ("colima", "default")),
        (info(name="colima-work"), ("colima", "work")),
        (info(name="lima-colima"), ("colima", "default")),
        (info("Alpine Linux v3.20", "lima-rancher-desktop"), ("rancher-desktop", "")),
        (info(name="lima-dev"), ("lima", "dev")),
        (info(name="laptop"), ("native", "")),
        (info(name="somewhere"), None),
        (info(name="colimator"), None),
    ],
)
def test_who_answers(engine: EngineInfo, owner: tuple[str, str] | None) -> None:
    found = by_info(engine, hostname="laptop", local=True)
    assert (found and (found.provider, found.name)) == owner


def test_a_name_alone_is_not_this_host() -> None:
    assert by_info(info(name="laptop"), hostname="laptop", local=False) is None


@given(
    st.text(),
    st.text(),
    st.text(),
    st.dictionaries(st.sampled_from(["COLIMA_HOME", "LIMA_HOME", "DOCKER_HOST"]), st.text()),
)
def test_any_address_has_an_answer(host: str, real: str, context: str, environ: dict[str, str]) -> None:
    for scheme in ("unix://", "tcp://", "ssh://", ""):
        by_endpoint(scheme + host, real_path=real, context=context, environ=environ, home=HOME)
