"""Proxies as containers and builds are told of them."""

from __future__ import annotations

import pytest

from dfdev.trust.proxies import HOST, proxy_args, proxy_env, to_host


def test_a_container_is_told_in_both_cases_and_reaches_its_neighbours_without() -> None:
    env = proxy_env({"HTTPS_PROXY": "http://proxy.example:3128", "no_proxy": ".corp.example, registry"}, ["www", "db"])
    assert env == {
        "https_proxy": "http://proxy.example:3128",
        "HTTPS_PROXY": "http://proxy.example:3128",
        "no_proxy": ".corp.example,registry,localhost,127.0.0.1,::1,www,db",
        "NO_PROXY": ".corp.example,registry,localhost,127.0.0.1,::1,www,db",
    }


def test_without_a_proxy_nothing_is_said() -> None:
    assert proxy_env({"no_proxy": "*", "http_proxy": ""}) == {}
    assert proxy_env({"http_proxy": "http://127.0.0.1:3128"}) == {}


def test_one_on_this_host_is_reached_where_the_container_knows_it() -> None:
    env = proxy_env({"http_proxy": "http://me:secret@localhost:3128/"}, (), HOST)
    assert env["http_proxy"] == "http://me:secret@host.docker.internal:3128/"
    assert "host.docker.internal" in env["no_proxy"].split(",")


@pytest.mark.parametrize(
    ("url", "moved"),
    [
        ("http://127.0.0.1:3128", "http://h:3128"),
        ("http://127.8.9.1", "http://h"),
        ("http://[::1]:8080/x", "http://h:8080/x"),
        ("localhost:3128", "h:3128"),
        ("HTTP://LOCALHOST:1", "HTTP://h:1"),
        ("http://localhost.example:1", "http://localhost.example:1"),
        ("http://127.example", "http://127.example"),
        ("http://proxy/localhost", "http://proxy/localhost"),
        ("", ""),
    ],
)
def test_loopback_is_told_from_what_only_looks_like_it(url: str, moved: str) -> None:
    assert to_host(url, "h") == moved
    assert to_host(url, "") == ("" if moved != url else url)


def test_proxies_reach_the_build_unless_they_are_on_this_machine() -> None:
    environ = {"http_proxy": "http://proxy.example:3128", "HTTPS_PROXY": "http://127.0.0.1:3128", "no_proxy": ".local"}
    assert proxy_args(environ) == {"http_proxy": "http://proxy.example:3128", "no_proxy": ".local"}
