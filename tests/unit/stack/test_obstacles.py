"""Who holds a port, and what is to be typed about it: a process is ended, a machine never."""

from __future__ import annotations

import pytest

from dfdev.errors import Overtaken
from dfdev.stack.obstacles import held
from dfdev.system.ports import forwards

FORWARDERS = [
    "qemu-system-x86", "ssh", "limactl", "gvproxy", "com.docker.back", "com.docke", "OrbStack Helper",
    "OrbStack\\x20Helper", "OrbStack\\x20", "VBoxHeadless", "VBoxHeadl", "host-switch", "qemu-syst",
]  # fmt: skip


@pytest.mark.parametrize("name", FORWARDERS)
def test_a_forwarder_of_the_machine_is_waited_for_and_never_to_be_stopped(name: str) -> None:
    """Its port belongs to a container that starts or ends at this moment: `up` looks again."""
    holder = f"{name} (pid 4711)"
    assert forwards(holder)
    with pytest.raises(Overtaken, match="holds: a machine, or what forwards the ports of one") as error:
        held("www", 8078, holder)
    assert "do not end that process" in error.value.hint and "stop that process" not in error.value.hint


@pytest.mark.parametrize("name", ["nginx", "python3.11", "node", "sshd", "Virtuoso", "a process", ""])
def test_any_other_process_may_be_stopped(name: str) -> None:
    holder = f"{name} (pid 4711)" if name else ""
    assert not forwards(holder)
    assert held("www", 8000, holder).hint == "stop that process, or change the port of www in dfdev.local.toml"
