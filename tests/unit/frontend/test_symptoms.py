"""Recorded words of real tools (tests/data/frontend/symptoms), and the line that follows them."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from dfdev.frontend.symptoms import Symptoms, hint_for
from dfdev.trust.refused import CA_HINT

DATA = Path(__file__).resolve().parents[2] / "data" / "frontend" / "symptoms"
PLUGIN = "dfdev npm install --save-dev grunt-contrib-x"
BEGIN = {
    "grunt-plugin": PLUGIN,
    "grunt-plugin-color": PLUGIN,
    "grunt-task": "dfdev grunt --help",
    "grunt-none": "dfdev npm install --save-dev grunt",
    "git-protocol": "write https://",
    "npm-protocol": "a version in package.json",
    "npm6-lockfile": "package-lock.json is of another npm",
    "npm-ci-apart": "dfdev npm install",
    "npm-ci-none": "dfdev npm install",
    "phantomjs-download": "PHANTOMJS_CDNURL=URL",
    "phantomjs-arm64": "phantomjs has no binary for arm64",
}
"""All others are about certificates."""
RECORDED = sorted(DATA.glob("*.txt"))


def hints(*pieces: bytes) -> tuple[str, ...]:
    symptoms = Symptoms()
    for piece in pieces:
        symptoms.feed(piece)
    return symptoms.hints


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: str(path.stem))
def test_what_a_tool_said_is_followed_by_one_line_to_type(path: Path) -> None:
    (hint,) = hints(path.read_bytes())
    assert hint.startswith(BEGIN.get(path.stem, CA_HINT))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: str(path.stem))
def test_the_pieces_that_it_comes_in_do_not_matter(path: Path) -> None:
    data = path.read_bytes()
    assert hints(*(data[at : at + 1] for at in range(len(data)))) == hints(data)
    cut = random.Random(7).randrange(len(data))
    assert hints(data[:cut], data[cut:].rstrip()) == hints(data)


def test_every_symptom_was_recorded_from_at_least_one_tool() -> None:
    assert len(RECORDED) >= 22
    assert set(BEGIN) <= {path.stem for path in RECORDED}


@pytest.mark.parametrize(
    "line",
    [
        "npm warn deprecated har-validator@5.1.5: this library is no longer supported",
        "Done, without errors.",
        "GET /favicon.ico 404 not found",
        'Running "certificate" (task) task',
        "added 120 packages, and audited 121 packages in 3s",
    ],
)
def test_other_lines_have_no_hint(line: str) -> None:
    assert hint_for(line) is None


def test_a_refused_date_is_about_the_clock() -> None:
    assert "dfdev clock sync" in str(hint_for("npm error code CERT_NOT_YET_VALID"))
    expired = "certificate verify failed: certificate has expired (_ssl.c:1006)"
    assert "dfdev clock sync" in str(hint_for(f"[SSL: CERTIFICATE_VERIFY_FAILED] {expired}"))


def test_colours_inside_of_the_words_do_not_hide_them() -> None:
    assert hints(b"npm \x1b[31mSELF_SIGNED\x1b[0m_CERT_IN_CHAIN\x1b]0;title\x07\r\n") == (CA_HINT,)


def test_two_plugins_are_two_lines_and_the_same_twice_is_one() -> None:
    line = b'>> Local Npm module "%s" not found. Is it installed?\n'
    assert hints(line % b"a", line % b"b", line % b"a") == (
        "dfdev npm install --save-dev a",
        "dfdev npm install --save-dev b",
    )


def test_a_line_without_an_end_takes_no_memory_and_is_searched() -> None:
    symptoms = Symptoms()
    for _ in range(50):
        symptoms.feed(b"." * 4096)
    symptoms.feed(b"SELF_SIGNED_CERT")
    symptoms.feed(b"_IN_CHAIN" + b"." * 20000)
    assert symptoms.hints == (CA_HINT,)
    assert len(symptoms._rest) <= 8192


def test_ten_megabytes_without_a_symptom_are_passed_on_without_delay() -> None:
    piece = b'\x1b[32mRunning\x1b[39m "uglify:all" (uglify) task and more of it\n' * 500
    plain = piece.replace(b"\x1b", b"")
    began = time.process_time()
    for _ in range(10_000_000 // len(plain)):
        hints(plain)
    assert time.process_time() - began < 1.0
