"""A command that takes an input while it gives an output: whole, in order, at any size, over every kind of wire."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from dfdev.errors import Conflict, DfdevError, NotFound
from tests.contract.rig import Rig

MEGABYTE = bytes(range(256)) * 4096


def test_input_and_output_are_the_same_bytes(real: Rig) -> None:
    came = hashlib.sha256()
    found = real.engine.pipe(real.run(), ["cat"], feed=[MEGABYTE] * 32, take=came.update)
    assert (found.exit_code, found.output) == (0, "")
    assert came.hexdigest() == hashlib.sha256(MEGABYTE * 32).hexdigest()


def test_stderr_is_told_apart_and_the_exit_code_kept(real: Rig) -> None:
    came: list[bytes] = []
    script = ["sh", "-c", "read line; echo got $line; echo no >&2; exit 3"]
    found = real.engine.pipe(real.run(), script, feed=[b"this\n"], take=came.append)
    assert (found.exit_code, found.output, b"".join(came)) == (3, "no\n", b"got this\n")


def test_without_somebody_to_take_it_the_output_is_in_the_result(real: Rig) -> None:
    assert real.engine.pipe(real.run(), ["cat"], feed=[b"12345"]).output == "12345"
    assert real.engine.pipe(real.run("other"), ["sh", "-c", "echo hello"]).output == "hello\n"


def test_a_command_that_ends_early_ends_it(real: Rig) -> None:
    """What is still to be sent is not waited for."""

    def endless() -> Iterator[bytes]:
        while True:
            yield MEGABYTE

    found = real.engine.pipe(real.run(), ["sh", "-c", "head -c 10 >/dev/null; echo enough; exit 4"], feed=endless())
    assert (found.exit_code, found.output) == (4, "enough\n")


def test_what_the_feed_raises_goes_through_and_the_command_sees_its_end(real: Rig) -> None:
    def broken() -> Iterator[bytes]:
        yield b"begun"
        raise DfdevError("the file is damaged", "fetch it again")

    id = real.run()
    with pytest.raises(DfdevError, match="the file is damaged"):
        real.engine.pipe(id, ["sh", "-c", "cat >/tmp/got; touch /tmp/ended"], feed=broken())
    waits = ["sh", "-c", "until [ -e /tmp/ended ]; do sleep 0.1; done; cat /tmp/got"]
    assert real.engine.exec(id, waits, timeout=20).output == "begun"


def test_as_another_user(real: Rig) -> None:
    assert real.engine.pipe(real.run(), ["id", "-u"], user="1234").output == "1234\n"


def test_a_container_that_does_not_run(rig: Rig) -> None:
    with pytest.raises(Conflict):
        rig.engine.pipe(rig.create(), ["true"])
    with pytest.raises(NotFound):
        rig.engine.pipe("nosuchcontainer", ["true"])
