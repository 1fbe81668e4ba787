"""Commands in a container: their output, their end, and a limit to waiting."""

from __future__ import annotations

import time

import pytest

from dfdev.errors import Conflict, EngineHung, NotFound
from tests.contract.rig import Rig


def test_output_of_both_streams_and_the_exit_code(real: Rig) -> None:
    found = real.engine.exec(real.run(), ["sh", "-c", "echo out; echo err >&2; exit 3"], timeout=20)
    assert (found.exit_code, sorted(found.output.split())) == (3, ["err", "out"])


def test_environment_is_added(real: Rig) -> None:
    found = real.engine.exec(real.run(), ["sh", "-c", "echo $PASSWORD"], timeout=20, env={"PASSWORD": "a b=c"})
    assert found.output == "a b=c\n"


def test_output_that_is_long_or_no_text(real: Rig) -> None:
    id = real.run()
    assert len(real.engine.exec(id, ["sh", "-c", "seq 200000"], timeout=30).output) == 1288895
    assert "\ufffd" in real.engine.exec(id, ["sh", "-c", "printf '\\377'"], timeout=20).output


def test_a_command_that_does_not_end(real: Rig) -> None:
    began = time.monotonic()
    with pytest.raises(EngineHung) as caught:
        real.engine.exec(real.run(), ["sleep", "1000000"], timeout=0.7)
    assert time.monotonic() - began < 5
    assert caught.value.message == "sleep did not end within 0.7 s"


def test_a_command_that_drips_does_not_outlast_its_limit(real: Rig) -> None:
    began = time.monotonic()
    with pytest.raises(EngineHung):
        real.engine.exec(real.run(), ["sh", "-c", "while :; do echo x; sleep 0.1; done"], timeout=1)
    assert time.monotonic() - began < 5


def test_a_program_that_is_not_there(real: Rig) -> None:
    assert real.engine.exec(real.run(), ["/no/such/program"], timeout=20).exit_code in (126, 127)


def test_a_container_that_does_not_run(real: Rig) -> None:
    with pytest.raises(Conflict):
        real.engine.exec(real.create(), ["true"], timeout=20)
    with pytest.raises(NotFound):
        real.engine.exec("nosuchcontainer", ["true"], timeout=20)
