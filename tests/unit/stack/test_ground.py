"""Before a container is made: its folders are in the machine, and there is room on the engine's disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from dfdev.core.desired import Desired, Mount, Service
from dfdev.core.events import Event, Notice
from dfdev.core.frozen import dataclass as frozen
from dfdev.core.machine import Machine, Share
from dfdev.core.observed import EngineInfo
from dfdev.core.plan import Action, Plan, Verb
from dfdev.core.providers import Owner
from dfdev.engine.endpoint import Endpoint
from dfdev.engine.protocol import ExecResult
from dfdev.errors import EngineError, EngineHung, MachineError, NotFound
from dfdev.machines.disk import Disk
from dfdev.machines.locate import Located
from dfdev.machines.place import Place
from dfdev.stack.ground import disk_of, must_be_fit
from dfdev.stack.site import Site
from dfdev.system.commands import Commands
from dfdev.system.dialogue import Dialogue
from dfdev.workspace.load import load
from tests.fakes.commands import FakeCommands
from tests.fakes.engine import FakeEngine
from tests.fakes.shell import FakeShell

VM = EngineInfo("28.5.2", "1.45", "Ubuntu 24.04", "colima", root="/var/lib/docker")
HEAD = "Filesystem 1024-blocks Used Available Capacity Mounted on\n"
ROOMY = HEAD + "/dev/vdb 100000000 1 90000000 1% /var/lib/docker\n"
LOW = HEAD + "/dev/vdb 100000000 99000000 1000000 99% /var/lib/docker\n"
FULL = HEAD + "/dev/vdb 100000000 99999000 1000 100% /var/lib/docker\n"
WWW, API = "/Users/me/dramas/www", "/Users/me/dramas/api"


class Rooted(Place):
    """`shell`: the root shell, None where there is none."""

    def __init__(self, machine: Machine, shell: FakeShell | None) -> None:
        super().__init__(Owner(machine.provider, machine.name), "unix:///vm.sock", FakeCommands(), machine)
        self._shell = shell

    @property
    def has_root(self) -> bool:
        return self.here and self._shell is not None

    def open_root(self) -> Dialogue:
        return cast(Dialogue, self._shell)


@frozen(frozen=True)
class At(Located):
    """At a place of the test's own."""

    where: Place | None = None

    def place(self, info: EngineInfo | None, commands: Commands) -> Place:
        assert self.where is not None
        return self.where


def colima(*shares: Share, known: bool = True) -> Machine:
    return Machine("colima", "default", "running", shares=shares if known else None)


def shell(df: str = ROOMY, mounts: str = "") -> FakeShell:
    return FakeShell().on("df -Pk", df).on("/proc/mounts", mounts)


def desired(*folders: str, read_only: Sequence[str] = ()) -> Desired:
    """A service for each folder, which also has a volume."""
    mounts = [Mount(folder, "/var/x", "code", folder in read_only) for folder in folders]
    data = Mount("volume", "/data", "data")
    return Desired("w", "/Users/me/dramas", tuple(Service(m.source, "i:1", mounts=(m, data)) for m in mounts))


def plan(*subjects: str, verb: Verb = "create") -> Plan:
    return Plan(tuple(Action(verb, subject, "it is missing") for subject in subjects))


class Case:
    def __init__(
        self, folder: Path, machine: Machine, root: FakeShell | None, engine: FakeEngine | None = None
    ) -> None:
        (folder / "dfdev.toml").write_text("")
        self.place = Rooted(machine, root)
        self.engine = engine or FakeEngine(info=VM)
        located = At(Endpoint("unix:///vm.sock", "a test"), self.place.owner, where=self.place)
        self.site = Site(load(folder, {}), located, self.engine, 0, 0, FakeCommands({}))
        self.said: list[Event] = []

    def must_be_fit(self, wanted: Desired, making: Plan, info: EngineInfo = VM) -> None:
        must_be_fit(wanted, making, info, self.site, self.said.append)


# -- folders


@pytest.mark.parametrize(
    ("shares", "folders"),
    [
        ((Share("/Users/me"),), (WWW, API)),
        ((Share("/"),), (WWW, "/opt/code")),
        ((Share("/Users"), Share("/opt/code")), (WWW, "/opt/code")),
        ((Share("/Users", writable=False), Share("/Users/me/dramas")), (WWW,)),
    ],
)
def test_what_is_shared_is_fit(tmp_path: Path, shares: tuple[Share, ...], folders: tuple[str, ...]) -> None:
    root = shell()
    case = Case(tmp_path, colima(*shares), root)
    case.must_be_fit(desired(*folders), plan(*folders))
    assert case.said == [] and len(root.asked) == 1  # the disk alone


def test_what_is_not_shared_is_named_with_what_to_do(tmp_path: Path) -> None:
    case = Case(tmp_path, colima(Share("/Users/me")), shell())
    with pytest.raises(MachineError) as error:
        case.must_be_fit(desired("/opt/code"), plan("/opt/code"))
    assert error.value.message == "/opt/code is not shared with colima default, so that containers would not see it"
    assert "--mount /Users/me:w --mount /opt/code:w" in error.value.hint
    assert error.value.details == ()


def test_what_is_shared_read_only_is_named_too(tmp_path: Path) -> None:
    case = Case(tmp_path, colima(Share("/Users/me", writable=False)), shell())
    with pytest.raises(MachineError, match=r"is shared read-only with colima default.*would not write to it"):
        case.must_be_fit(desired(WWW), plan(WWW))


def test_what_is_only_read_may_be_shared_read_only(tmp_path: Path) -> None:
    case = Case(tmp_path, colima(Share("/Users/me", writable=False)), shell())
    case.must_be_fit(desired(WWW, read_only=[WWW]), plan(WWW))


@pytest.mark.parametrize(
    ("mounts", "fit"),
    [
        ("mount0 /opt/code virtiofs rw 0 0\n", True),
        ("mount0 /opt 9p rw 0 0\n", True),
        ("mount0 /opt/code virtiofs ro 0 0\n", False),
        ("mount0 /opt/code ext4 rw 0 0\n", False),  # a disk of the machine's own
        ("", False),
    ],
)
def test_what_the_machine_itself_shows_counts(tmp_path: Path, mounts: str, fit: bool) -> None:
    """Its tool does not tell of a share that somebody mounted by hand."""
    case = Case(tmp_path, colima(Share("/Users/me")), shell(mounts=mounts))
    if fit:
        case.must_be_fit(desired("/opt/code"), plan("/opt/code"))
    else:
        with pytest.raises(MachineError):
            case.must_be_fit(desired("/opt/code"), plan("/opt/code"))


def test_what_the_machine_itself_shows_counts_more_than_its_tool(tmp_path: Path) -> None:
    case = Case(tmp_path, colima(Share("/opt/code", writable=False)), shell(mounts="m /opt/code 9p rw 0 0\n"))
    case.must_be_fit(desired("/opt/code"), plan("/opt/code"))


def test_where_nobody_tells_the_proof_will(tmp_path: Path) -> None:
    case = Case(tmp_path, colima(known=False), shell())
    case.must_be_fit(desired("/opt/code"), plan("/opt/code"))


@pytest.mark.parametrize(
    ("folders", "shared", "others"),
    [
        (["/opt/a/www", "/opt/a/api"], "/opt/a", ("and /opt/a/www",)),
        (["/opt/code", "/srv/code"], "/opt/code", ("and /srv/code",)),  # nothing but / holds both
        (["/opt/code"], "/opt/code", ()),
        (["/opt/code", "/opt/code/www"], "/opt/code", ("and /opt/code/www",)),
    ],
)
def test_one_share_for_all_of_them(tmp_path: Path, folders: list[str], shared: str, others: tuple[str, ...]) -> None:
    case = Case(tmp_path, colima(Share("/Users/me")), shell())
    with pytest.raises(MachineError) as error:
        case.must_be_fit(desired(*folders), plan(*folders))
    assert f"--mount {shared}:w" in error.value.hint
    assert error.value.details == others


def test_a_folder_of_two_services_is_named_once(tmp_path: Path) -> None:
    case = Case(tmp_path, colima(), shell())
    both = (Mount("/opt/code", "/a", "code", read_only=True), Mount("/opt/code", "/b", "code"))
    wanted = Desired("w", "/opt", tuple(Service(m.target, "i:1", mounts=(m,)) for m in both))
    with pytest.raises(MachineError) as error:
        case.must_be_fit(wanted, plan("/a", "/b"))
    assert error.value.details == ()


def test_only_what_is_made_must_be_fit(tmp_path: Path) -> None:
    case = Case(tmp_path, colima(Share("/Users/me")), shell())
    case.must_be_fit(desired(WWW, "/opt/code"), plan(WWW))


@pytest.mark.parametrize("verb", ["start", "stop", "remove", "wait for", "create network"])
def test_a_plan_that_makes_nothing_asks_nothing(tmp_path: Path, verb: Verb) -> None:
    root = shell(df=FULL)
    case = Case(tmp_path, colima(), root)
    case.must_be_fit(desired("/opt/code"), plan("/opt/code", verb=verb))
    assert root.asked == [] and case.engine.calls == []


@pytest.mark.parametrize("provider", ["native", "remote"])
def test_no_machine_no_shares(tmp_path: Path, provider: str) -> None:
    case = Case(tmp_path, Machine(provider, shares=()), None)
    case.must_be_fit(desired("/opt/code"), plan("/opt/code"))


# -- the disk


def test_a_full_disk_is_an_error_before_anything_is_made(tmp_path: Path) -> None:
    case = Case(tmp_path, colima(Share("/")), shell(df=FULL))
    with pytest.raises(EngineError) as error:
        case.must_be_fit(desired(WWW), plan(WWW))
    assert error.value.message == "the disk of colima default is full (0.0 of 95.4 GiB free): nothing was created"
    assert "docker system df" in error.value.hint


@pytest.mark.parametrize("verb", ["create", "pull image"])
def test_a_disk_that_is_nearly_full_is_a_warning(tmp_path: Path, verb: Verb) -> None:
    case = Case(tmp_path, colima(Share("/")), shell(df=LOW))
    case.must_be_fit(desired(WWW), plan(WWW, verb=verb))
    (notice,) = case.said
    assert isinstance(notice, Notice) and notice.warning
    assert notice.text.startswith("the disk of colima default is nearly full (1.0 of 95.4 GiB free)")


@pytest.mark.parametrize("df", [ROOMY, "", "df: not found\n"])
def test_room_and_nobody_knows_are_silent(tmp_path: Path, df: str) -> None:
    case = Case(tmp_path, colima(Share("/")), shell(df=df))
    case.must_be_fit(desired(WWW), plan(WWW))
    assert case.said == []


def test_the_folder_of_the_engine_is_looked_at(tmp_path: Path) -> None:
    root = shell()
    case = Case(tmp_path, colima(), root)
    assert disk_of(case.place, replace(VM, root="/mnt/my disk"), case.engine) == Disk(100000000 * 1024, 90000000 * 1024)
    assert root.asked == ["df -Pk '/mnt/my disk'"]


def test_a_shell_that_fails_tells_nothing(tmp_path: Path) -> None:
    case = Case(tmp_path, colima(Share("/")), FakeShell().late("df"))
    case.must_be_fit(desired(WWW), plan(WWW))


DESKTOP = Machine("docker-desktop", shares=(Share("/Users"),))


def test_without_a_shell_a_container_looks(tmp_path: Path) -> None:
    def once(image: str, argv: list[str]) -> ExecResult:
        assert argv == ["sh", "-c", "df -Pk /"]
        if image == "scratch:1":
            raise NotFound("no sh in it")
        return ExecResult(0, FULL)

    case = Case(tmp_path, DESKTOP, None, FakeEngine(images={"scratch:1": "a", "b:1": "b"}, on_once=once))
    with pytest.raises(EngineError, match="the disk of docker-desktop is full"):
        case.must_be_fit(desired(WWW), plan(WWW))
    assert case.engine.calls == ["run once scratch:1", "run once b:1"]


@pytest.mark.parametrize(
    "engine",
    [
        FakeEngine(),
        FakeEngine(images={"a:1": "a"}, fail_on={"run once a:1": EngineHung("hangs")}),
        FakeEngine(images={"a:1": "a"}, on_once=lambda _image, _argv: ExecResult(1, "df: not found\n")),
    ],
    ids=["no image", "hangs", "no df"],
)
def test_a_container_that_cannot_tell(tmp_path: Path, engine: FakeEngine) -> None:
    case = Case(tmp_path, DESKTOP, None, engine)
    case.must_be_fit(desired(WWW), plan(WWW))
    assert case.said == []


def test_on_this_host_the_file_system_tells(tmp_path: Path) -> None:
    case = Case(tmp_path, Machine("native"), None)
    here = replace(VM, native=True, root=str(tmp_path))
    disk = disk_of(case.place, here, case.engine)
    assert disk is not None and disk.size > disk.free > 0
    assert disk_of(case.place, replace(here, root=f"{tmp_path}/gone"), case.engine) is None
    assert disk_of(case.place, replace(here, root=""), case.engine) is None


def test_nobody_looks_at_an_engine_elsewhere(tmp_path: Path) -> None:
    case = Case(tmp_path, Machine("remote", "build"), None, FakeEngine(images={"a:1": "a"}))
    assert disk_of(case.place, VM, case.engine) is None
    assert case.engine.calls == []
