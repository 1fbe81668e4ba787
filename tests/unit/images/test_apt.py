"""Which mirror goes into an image."""

from __future__ import annotations

from dfdev.images.apt import source_lines

HOST = """\
http://mirror.example/debian-security/ bookworm-security Debian
http://mirror.example/debian/ bookworm Debian
http://mirror.example/debian/ bookworm-updates Debian
https://packages.example/cloud/ cloud-sdk-bookworm Other
"""


def test_this_machines_mirror_with_its_security_updates() -> None:
    assert source_lines("bookworm", {}, HOST) == [
        "deb http://mirror.example/debian/ bookworm main",
        "deb http://mirror.example/debian-security/ bookworm-security main",
    ]


def test_sid_has_no_security_suite() -> None:
    assert source_lines("sid", {}, HOST) == ["deb http://mirror.example/debian/ sid main"]


def test_the_variable_wins_and_is_the_only_one() -> None:
    environ = {"DFDEV_APT_MIRROR": "http://cache.example/d"}
    assert source_lines("bookworm", environ, HOST) == ["deb http://cache.example/d bookworm main"]


def test_without_apt_or_on_ubuntu_the_image_keeps_its_own() -> None:
    assert source_lines("bookworm", {}, "") == []
    assert source_lines("bookworm", {}, "http://archive.example/ubuntu noble Ubuntu\n") == []


def test_before_the_first_apt_get_update_the_origin_is_unknown() -> None:
    assert source_lines("sid", {}, "http://mirror.example/debian trixie \n") == [
        "deb http://mirror.example/debian sid main"
    ]


def test_a_mirror_that_a_build_cannot_reach_is_passed_over() -> None:
    assert source_lines("sid", {}, "file:///srv/debian bookworm Debian\n") == []
