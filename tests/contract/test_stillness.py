"""What runs in a container stands still as long as somebody holds it, however that one ends."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from dfdev.errors import DfdevError
from dfdev.mysql.stillness import stillness
from tests.contract.rig import Rig, soon

_HOLD = """
import sys, time
from dfdev.mysql.stillness import stillness
from tests.contract.rig import connected
with stillness(connected(sys.argv[1]), sys.argv[2], "/tmp/own"):
    print("still", flush=True)
    time.sleep(1000)
"""
_SERVER = ("sh", "-c", "sleep 1000 & sleep 1000 & wait")


OWN = b'[client]\npassword="a\\\\n %s $HOME \'x"\n'


def own(rig: Rig, id: str) -> bytes:
    """What was kept of a file of one's own, which is still its owner's alone."""
    assert rig.engine.exec(id, ["stat", "-c", "%a %u %g", "/tmp/own"], timeout=20).output.strip() == "600 7 7"
    return rig.engine.read_file(id, "/tmp/own")


def states(rig: Rig, id: str) -> set[str]:
    """Of all that process 1 has started."""
    look = 'read -r line 2>/dev/null </proc/$pid/stat && set -- ${line##*) } && echo "$1 $2"'
    script = f"for pid in $(seq 2 9); do {look}; done"
    found = rig.engine.exec(id, ["sh", "-c", script], timeout=20).output.split("\n")
    return {line[0] for line in found if line and not line.endswith(" 0")}


def test_it_goes_on_when_who_holds_it_is_killed(real: Rig) -> None:
    id = real.run(command=_SERVER)
    host = real.host
    real.engine.write_file(id, "/tmp/own", OWN, mode=0o600, uid=7, gid=7)
    with subprocess.Popen([sys.executable, "-c", _HOLD, host, id], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout and holder.stdout.readline() == "still\n"
        assert states(real, id) == {"T"}
        assert real.engine.read_file(id, "/tmp/own") == b""
        holder.kill()
    soon(lambda: states(real, id) == {"S"}, 5)
    assert own(real, id) == OWN
    assert "dfdev" not in real.engine.exec(id, ["ls", "/dev/shm"], timeout=20).output


def test_it_goes_on_when_the_work_is_done_and_when_it_fails(real: Rig) -> None:
    id = real.run(command=_SERVER)
    real.engine.write_file(id, "/tmp/own", OWN, mode=0o600, uid=7, gid=7)
    with stillness(real.engine, id, "/tmp/own") as pause:
        assert not pause
        assert states(real, id) == {"T"}
        assert real.engine.read_file(id, "/tmp/own") == b""
    assert states(real, id) == {"S"}
    assert own(real, id) == OWN
    with pytest.raises(ZeroDivisionError), stillness(real.engine, id):
        assert 1 / 0
    assert states(real, id) == {"S"}


def test_who_is_let_go_too_early_is_told_so(real: Rig) -> None:
    id = real.run(command=_SERVER)
    with pytest.raises(DfdevError, match="went on before it was copied"), stillness(real.engine, id):
        real.engine.exec(id, ["sh", "-c", "kill -9 $(cat /dev/shm/dfdev-still-*)"], timeout=20)
        real.engine.exec(id, ["sh", "-c", "kill -CONT -1"], timeout=20)


def test_what_nobody_inside_can_stop_is_for_the_engine_to_pause(real: Rig) -> None:
    id = real.engine.create(replace(spec := real.spec(), service=replace(spec.service, init=False)))
    real.engine.start(id)
    with stillness(real.engine, id) as pause:
        assert pause
