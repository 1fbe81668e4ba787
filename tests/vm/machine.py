"""`Vm`: a Debian with its own kernel and clock, sshd, Docker and a shared folder, in an emulator on this host.

Everything about it is in the folder of its run, so that another process (a stand-in of a product's command) finds it.
"""

from __future__ import annotations

import io
import json
import tarfile
import time
from pathlib import Path

from tests.contract.certificates import Authority
from tests.machine import processes
from tests.vm import api, booting, clock, qemu, qmp, settings, ssh
from tests.vm.layout import Run

_HALT_SECONDS = 90.0
_HALT = "setsid -f sh -c 'engine stop; umount /var/lib/docker; sync; busybox poweroff -f' >/dev/null 2>&1 </dev/null"
_FILL = """cd /var/lib/docker
spare=$(($(df --output=avail -B1 . | tail -n 1) - 1048576))
[ "$spare" -le 0 ] || fallocate -l "$spare" filled
dd if=/dev/zero of=filled-to-the-end bs=4k 2>/dev/null
sync"""


class Vm:
    """Any process can act on it. Methods that talk to the VM raise MachineError when it does not do what it should."""

    def __init__(self, run: Run) -> None:
        """The VM of a run that `tests.vm.runs.new` made."""
        self.run = run
        self.settings = settings.load(run)
        self.ports = self.settings.ports
        self.share = self.settings.share
        """This folder, below /Users, is the same here and in the VM."""

    @property
    def state(self) -> str:
        """`running`, `paused`, `saved` or `poweroff`: boot2docker's words."""
        found = qemu.status(self.run)
        if not found:
            return "poweroff"
        if self.run.hung.exists():
            return "running"
        return "saved" if found == "paused" and self.run.saved.exists() else found

    @property
    def asleep(self) -> bool:
        return self.state in ("paused", "saved") or self.run.hung.exists()

    def boot(self) -> None:
        """From off to an engine that answers in plain mode. Already on is success."""
        if qemu.pid(self.run):
            return
        self.run.mode.unlink(missing_ok=True)
        self.run.saved.unlink(missing_ok=True)
        self.run.hung.unlink(missing_ok=True)
        booting.boot(self.run, self.settings)

    def sleep(self) -> None:
        """The lid is closed: nothing in the VM runs, its clock stands still. Connections to it hang."""
        qmp.execute(self.run.qmp, "stop")

    def save(self) -> None:
        """Asleep on purpose: `state` is `saved` then."""
        self.sleep()
        self.run.saved.touch()

    def hang(self) -> None:
        """It runs, for all that its hypervisor knows, and nothing in it moves. `wake` ends it."""
        self.run.hung.touch()
        self.sleep()

    def wake(self) -> None:
        self.run.saved.unlink(missing_ok=True)
        self.run.hung.unlink(missing_ok=True)
        qmp.execute(self.run.qmp, "cont")

    def nap(self, seconds: float) -> None:
        """Asleep for that long, then awake."""
        self.sleep()
        end = time.monotonic() + seconds
        processes.wait_until(lambda: time.monotonic() >= end, seconds + 60, "the end of the nap")
        self.wake()

    def shutdown(self) -> None:
        """Containers are stopped, disks written; its disks are as they were at the next `boot`. Off is success."""
        if not qemu.pid(self.run):
            return
        if self.asleep:
            self.wake()
        self.ssh(_HALT)
        processes.wait_until(lambda: not qemu.pid(self.run), _HALT_SECONDS, "the VM to power off")
        qemu.kill(self.run)

    def kill(self) -> None:
        """The plug is pulled."""
        qemu.kill(self.run)

    def ssh(
        self, command: str, *, check: bool = True, user: str = "root", stdin: bytes = b"", timeout: float = 120
    ) -> str:
        """What the shell command printed in the VM."""
        return ssh.run(self.ssh_argv(user), command, check=check, stdin=stdin, timeout=timeout)

    def ssh_argv(self, user: str = "root") -> list[str]:
        """What goes before a command; the users are root and docker (who has sudo)."""
        return ssh.through_master(self.settings.base, self.run, self.ports.ssh, user)

    @property
    def mode(self) -> str:
        """The engine's: `plain`, `tls` or `userns`."""
        return str(self._mode()["mode"])

    @property
    def environ(self) -> dict[str, str]:
        """What a docker CLI on this host needs in the present mode."""
        mode = self._mode()
        if mode["mode"] != "tls":
            return {"DOCKER_HOST": f"tcp://127.0.0.1:{self.ports.plain}"}
        host = f"tcp://127.0.0.1:{self.ports.tls}"
        return {"DOCKER_HOST": host, "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": mode["client"]}

    @property
    def docker_host(self) -> str:
        return self.environ["DOCKER_HOST"]

    def dockerd(self, mode: str, *, server: Path | None = None, client: Path | None = None) -> None:
        """Restart the engine as `plain`, as `userns` (nothing in a container is root of the VM) or as `tls`.

        `server`, `client`: folders with ca.pem, cert.pem and key.pem for tls; the run's own without them. In `tls`
        there is no plain port, in the others no TLS port.
        """
        if mode == "tls":
            own = self.run.certificates if server and client else self._own_certificates()
            server, client = server or own / "server", client or own / "client"
            self.ssh("mkdir -p /run/docker-certs && tar -xC /run/docker-certs", stdin=_packed(server))
        self.ssh(f"engine stop && engine start {mode}", timeout=240)
        self.run.mode.write_text(json.dumps({"mode": mode, "client": str(client or "")}))

    def pause_engine(self) -> None:
        """dockerd accepts connections and answers nothing; sshd and containers go on."""
        self.ssh("engine pause")

    def resume_engine(self) -> None:
        self.ssh("engine resume")

    def fill_disk(self) -> None:
        """No byte is left where Docker keeps its data; the rest of the VM has room."""
        self.ssh(_FILL, check=False)

    def free_disk(self) -> None:
        self.ssh("rm -f /var/lib/docker/filled /var/lib/docker/filled-to-the-end")

    def set_clock(self, offset: float) -> clock.Offset:
        """Make the VM's clock that many seconds ahead of this host's; what it was measured to be then."""
        return clock.step_to(self.ssh_argv(), offset)

    def clock_offset(self) -> clock.Offset:
        return clock.measure(self.ssh_argv())

    def reset(self) -> None:
        """As after `boot`: awake, the clock right, plain engine, room on the disk, no containers."""
        self.boot()
        if self.asleep:
            self.wake()
        self.resume_engine()
        self.free_disk()
        if self.mode != "plain" or not api.answers(self.ports.plain):
            self.dockerd("plain")
        api.clean(self.ports.plain)
        self.set_clock(0)

    def _mode(self) -> dict[str, str]:
        found = {"mode": "plain", "client": ""}
        if self.run.mode.exists():
            found |= json.loads(self.run.mode.read_text())
        return found

    def _own_certificates(self) -> Path:
        if not self.run.certificates.is_dir():
            authority = Authority(self.run.certificates)
            for party in ("server", "client"):
                authority.issue(party)
        return self.run.certificates


def _packed(folder: Path) -> bytes:
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        for name in ("ca.pem", "cert.pem", "key.pem"):
            archive.add(folder / name, name)
    return tar.getvalue()
