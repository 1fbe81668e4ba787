from __future__ import annotations

import math

import pytest

from dfdev.core.desired import Port
from dfdev.workspace.values import (
    MountSpec,
    UnfitError,
    env_text,
    parse_age,
    parse_argv,
    parse_bytes,
    parse_mount,
    parse_port,
    parse_seconds,
    parse_shell_argv,
    parse_user,
)


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("8000:80", Port(8000, 80)),
        ("8000", Port(8000, 8000)),
        (8000, Port(8000, 8000)),
        ("127.0.0.1:8000:80", Port(8000, 80)),
        ("53:5353/udp", Port(53, 5353, protocol="udp")),
        ("1:65535/tcp", Port(1, 65535)),
    ],
)
def test_ports(text: str | int, port: Port) -> None:
    assert parse_port(text) == port


@pytest.mark.parametrize(
    "text",
    ["", ":", "80:", ":80", "0:80", "80:65536", -1, 0, 65536, "8000-8001:80", "a:b", "8000:80/sctp", "8000:80/",
     "1:2:3:4", "127.0.0.1:80", "127.0.0.1::80", "٨٠:80", " 80:80", "9" * 5000],
)  # fmt: skip
def test_what_is_no_port(text: str | int) -> None:
    with pytest.raises(UnfitError):
        parse_port(text)


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.5", "[::1]", "localhost", "::"])
def test_any_other_address_is_refused_with_the_reason(address: str) -> None:
    with pytest.raises(UnfitError) as caught:
        parse_port(f"{address}:8000:80")
    assert caught.value.expected == "a port on 127.0.0.1"
    assert caught.value.hint == 'any other address would open it to the network: write "8000:80"'


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("500ms", 0.5), ("2s", 2.0), ("1m", 60.0), ("1m30s", 90.0), ("1.5h", 5400.0), (2, 2.0), (0.25, 0.25)],
)
def test_durations(text: str | float, seconds: float) -> None:
    assert math.isclose(parse_seconds(text), seconds)


@pytest.mark.parametrize(
    "text", ["", "2", "soon", "-1s", "0s", 0, -1, math.inf, math.nan, "1e3s", "200h", 10**400, "1 s", "9" * 99 + "s"]
)
def test_what_is_no_duration(text: str | float) -> None:
    with pytest.raises(UnfitError):
        parse_seconds(text)


@pytest.mark.parametrize(
    ("text", "size"),
    [("8GiB", 8 << 30), ("8G", 8 << 30), ("8g", 8 << 30), ("8GB", 8 * 10**9), ("512 MiB", 512 << 20), ("100b", 100),
     ("1.5KiB", 1536), (4096, 4096)],
)  # fmt: skip
def test_sizes(text: str | int, size: int) -> None:
    assert parse_bytes(text) == size


@pytest.mark.parametrize("text", ["", "big", "-1G", "0", 0, -5, "8 X", "9999999999TiB", "1.2.3G"])
def test_what_is_no_size(text: str | int) -> None:
    with pytest.raises(UnfitError):
        parse_bytes(text)


@pytest.mark.parametrize(
    ("text", "default", "spec"),
    [
        ("www", "/var/www", MountSpec("www", "/var/www")),
        ("src/www:/app", "/var/www", MountSpec("src/www", "/app")),
        ("conf:/etc/app/:ro", "", MountSpec("conf", "/etc/app", True)),
        ("data:/a//b/../c:rw", "", MountSpec("data", "/a/c")),
    ],
)
def test_mounts(text: str, default: str, spec: MountSpec) -> None:
    assert parse_mount(text, default) == spec


@pytest.mark.parametrize(
    "text", ["", ":", "a", ":/x", "a:", "a:b", "a:/", "a://", "a:/x/..", "a:/x:rx", "a:/x:", "a:/x:ro:z"]
)
def test_what_is_no_mount(text: str) -> None:
    with pytest.raises(UnfitError):
        parse_mount(text)


@pytest.mark.parametrize(
    ("text", "seconds"), [("90m", 5400), ("36h", 129600), ("7d", 604800), ("2w", 1209600), (60, 60), ("", 0), (0, 0)]
)
def test_ages(text: str | int, seconds: float) -> None:
    assert parse_age(text) == seconds


@pytest.mark.parametrize("text", ["soon", "7", "d", "-1d", "1y", "1d12h", -1, math.inf, math.nan])
def test_what_is_no_age(text: str | float) -> None:
    with pytest.raises(UnfitError):
        parse_age(text)


def test_commands() -> None:
    assert parse_argv("run 'a b' c\\ d") == ("run", "a b", "c d")
    assert parse_argv(("a b", "")) == ("a b", "")
    assert parse_shell_argv("a && b") == ("sh", "-c", "a && b")
    assert parse_shell_argv(("a", "b")) == ("a", "b")
    with pytest.raises(UnfitError):
        parse_argv("a 'b")


def test_users() -> None:
    assert [parse_user(u) for u in ("auto", "image", "1000", 1000, "0:0")] == ["auto", "image", "1000", "1000", "0:0"]
    for bad in ("bob", "", "1:", -1, "1:2:3"):
        with pytest.raises(UnfitError):
            parse_user(bad)


def test_environment_values_are_text() -> None:
    assert [env_text(v) for v in (True, False, 5, "x")] == ["true", "false", "5", "x"]
