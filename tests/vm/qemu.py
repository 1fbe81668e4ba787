"""The emulator's process: started, found again by its pid file, ended."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

from tests.machine import MachineError, processes, root
from tests.vm import qmp
from tests.vm.layout import SHARED, Base, Run

PROGRAM = "qemu-system-x86_64"
_KERNEL = (
    "console=ttyS0 quiet loglevel=4 panic=-1 net.ifnames=0 mitigations=off audit=0 selinux=0 apparmor=0 "
    "random.trust_cpu=on"
)
_GUEST = "10.0.2.15"
_DIE_SECONDS = 20.0


def argv(base: Base, run: Run, forwards: Mapping[int, int]) -> list[str]:
    """`forwards`: port of this host's 127.0.0.1 -> port of the VM.

    Software emulation, because /dev/kvm may be there and hang. The clocks run on the emulator's own time, which stands
    still while the VM is stopped: a closed lid. One processor: with two, both are busy waiting for each other.
    """
    doors = "".join(f",hostfwd=tcp:127.0.0.1:{outside}-{_GUEST}:{inside}" for outside, inside in forwards.items())
    machine = ["-machine", "q35", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "1", "-m", "1536"]
    kernel = ["-kernel", f"{base.kernel}", "-initrd", f"{base.initrd}", "-append", _KERNEL]
    disks = ["-drive", f"file={run.disk},if=virtio,format=qcow2", "-drive", f"file={run.data},if=virtio,format=qcow2"]
    network = ["-netdev", f"user,id=net{doors}", "-device", "virtio-net-pci,netdev=net,romfile="]
    share = ["-fsdev", f"local,id=users,path={SHARED},security_model=none,multidevs=remap"]
    return [
        *[PROGRAM, *machine, "-rtc", "base=utc,clock=vm", *kernel, *disks, *network, *share],
        *["-device", "virtio-9p-pci,fsdev=users,mount_tag=Users", "-device", "virtio-rng-pci"],
        *["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-daemonize"],
        *["-serial", f"file:{run.serial}", "-qmp", f"unix:{run.qmp},server=on,wait=off", "-pidfile", f"{run.pid}"],
    ]


def start(base: Base, run: Run, forwards: Mapping[int, int]) -> None:
    """Returns when the VM's first instruction runs. MachineError: QEMU does not start, with what it says."""
    run.serial.unlink(missing_ok=True)
    done = subprocess.run(argv(base, run, forwards), capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise MachineError(f"{PROGRAM}: {done.stderr.strip()}")


def pid(run: Run) -> int:
    """0 when it does not run."""
    return next(iter(processes.find(PROGRAM, str(run.pid))), 0)


def kill(run: Run) -> None:
    """SIGKILL, and wait until it is gone; not running is success."""
    found = pid(run)
    if found:
        root.signal(found, "KILL")
        processes.wait_until(lambda: not processes.alive(found), _DIE_SECONDS, "QEMU to die")
    run.qmp.unlink(missing_ok=True)
    run.pid.unlink(missing_ok=True)


def overlay(run: Run, base: Base) -> None:
    """Disks that keep what this run writes, on top of the shared ones."""
    for upper, lower in ((run.disk, base.disk), (run.data, base.data)):
        form = lower.suffix.removeprefix(".")
        command = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", form, "-b", str(lower), str(upper)]
        subprocess.run(command, check=True, capture_output=True)


def status(run: Run) -> str:
    return qmp.status(run.qmp) if pid(run) else ""
