"""Which machine, and why."""

from __future__ import annotations

import pytest

from dfdev.core.machine import Machine, State
from dfdev.core.providers import Owner
from dfdev.errors import MachineError
from dfdev.machines.choose import Choice, Held, Several, Wanted, choose
from dfdev.machines.survey import Found

DEFAULT = Held("unix:///var/run/docker.sock", "default socket")
SOCK = "unix:///Users/me/.colima/{}/docker.sock"
COLIMA = Owner("colima", "default", "its socket is Colima's")


def colima(name: str = "default", state: State = "running", default: bool | None = None) -> Machine:
    return Machine(
        "colima", name, state, host=SOCK.format(name), default=name == "default" if default is None else default
    )


def found(*machines: Machine) -> list[Found]:
    names = dict.fromkeys(machine.provider for machine in machines)
    return [Found(name, f"/bin/{name}", tuple(m for m in machines if m.provider == name)) for name in names]


ORB = Machine("orbstack", "", "running", host="unix:///Users/me/.orbstack/run/docker.sock", default=True)
STOPPED_ORB = Machine("orbstack", "", "stopped", host=ORB.host, default=True)


def chosen(wanted: Wanted, held: Held, look: list[Found], platform: str = "darwin") -> Choice:
    choice = choose(wanted, held, look, platform)
    assert isinstance(choice, Choice)
    return choice


def test_docker_host_wins_over_the_file_and_says_so() -> None:
    held = Held(SOCK.format("default"), "DOCKER_HOST", COLIMA)
    choice = chosen(Wanted("orbstack"), held, found(colima(), ORB))
    assert choice.machine == colima()
    assert choice.why == "DOCKER_HOST, its socket is Colima's"
    assert choice.shadows == (
        "DOCKER_HOST is set and wins over orbstack of dfdev.toml: `unset DOCKER_HOST` to use that",
    )
    assert choice.candidates == (ORB,)


def test_docker_context_wins_too() -> None:
    held = Held(ORB.host, "context orbstack (DOCKER_CONTEXT)", Owner("orbstack"))
    choice = chosen(Wanted("colima", "work"), held, found(colima("work"), ORB))
    assert choice.machine == ORB
    assert choice.shadows[0].startswith("DOCKER_CONTEXT is set and wins over colima work of dfdev.toml")


@pytest.mark.parametrize("wanted", [Wanted(), Wanted("colima"), Wanted("colima", "default")])
def test_no_shadow_where_both_mean_the_same(wanted: Wanted) -> None:
    assert chosen(wanted, Held(SOCK.format("default"), "DOCKER_HOST", COLIMA), found(colima(), ORB)).shadows == ()


def test_docker_host_of_nobody_is_another_host() -> None:
    choice = chosen(Wanted(), Held("tcp://127.0.0.1:2375", "DOCKER_HOST"), found(colima()))
    assert (choice.machine.provider, choice.machine.host, choice.machine.cloud) == (
        "remote",
        "tcp://127.0.0.1:2375",
        True,
    )


def test_an_owner_that_does_not_list_it_is_named_all_the_same() -> None:
    held = Held(SOCK.format("gone"), "DOCKER_HOST", Owner("colima", "gone", "its socket is Colima's"))
    machine = chosen(Wanted(), held, found(colima())).machine
    assert (machine.provider, machine.name, machine.state) == ("colima", "gone", "unknown")


def test_an_address_that_a_machine_has_is_that_machine() -> None:
    """docker-machine through a context: nothing in the address says docker-machine."""
    dev = Machine("docker-machine", "dev", "running", host="tcp://192.168.99.100:2376")
    held = Held(dev.host, "context dev (currentContext in config.json)", Owner("remote", "192.168.99.100"))
    assert chosen(Wanted(), held, found(dev, ORB)).machine == dev


@pytest.mark.parametrize(
    ("owner", "name"),
    [(Owner("podman", ""), "podman-machine-default"), (Owner("podman", "work"), "work"), (Owner("podman", "no"), "no")],
)
def test_an_owner_without_a_name_is_its_default_machine(owner: Owner, name: str) -> None:
    machines = (
        Machine("podman", "work", "running", host="unix:///a"),
        Machine("podman", "podman-machine-default", "stopped", default=True),
    )
    held = Held("unix:///var/run/docker.sock", "context x (currentContext in config.json)", owner)
    assert chosen(Wanted(), held, found(*machines)).machine.name == name


def test_the_file_wins_over_the_current_context() -> None:
    held = Held(ORB.host, "context orbstack (currentContext in config.json)", Owner("orbstack"))
    choice = chosen(Wanted("colima"), held, found(ORB, colima(), colima("work")))
    assert choice.machine == colima()
    assert choice.why == "dfdev.toml names it"
    assert choice.shadows == (f"plain `docker` uses orbstack ({held.source}); dfdev.toml names colima default",)


def test_the_file_with_a_profile() -> None:
    choice = chosen(Wanted("colima", "work"), DEFAULT, found(colima(), colima("work", "stopped")))
    assert (choice.machine.name, choice.shadows) == ("work", ())


def test_the_only_machine_needs_no_default() -> None:
    assert chosen(Wanted("lima"), DEFAULT, found(Machine("lima", "dev"))).machine.name == "dev"


def test_several_and_no_default() -> None:
    choice = choose(Wanted("lima"), DEFAULT, found(Machine("lima", "a"), Machine("lima", "b", "running")), "darwin")
    assert isinstance(choice, Several)
    assert [machine.name for machine in choice.machines] == ["b", "a"]
    assert choice.why == "dfdev.toml names Lima, which has 2 machines"
    assert choice.first().machine.name == "b"


@pytest.mark.parametrize(
    ("provider", "hint"),
    [
        ("colima", "brew install colima docker"),
        ("orbstack", "brew install --cask orbstack"),
        ("boot2docker", "no longer made"),
        ("docker-machine", "archived in 2021"),
        ("native", "sh shell/quickstart.sh"),
    ],
)
def test_not_installed(provider: str, hint: str) -> None:
    with pytest.raises(MachineError, match="which is not installed here") as error:
        choose(Wanted(provider), DEFAULT, [Found(provider)], "darwin")
    assert hint in error.value.hint


def test_no_such_profile() -> None:
    with pytest.raises(MachineError) as error:
        choose(Wanted("colima", "wrok"), DEFAULT, found(colima(), colima("work")), "darwin")
    assert error.value.message == "dfdev.toml wants Colima wrok; there are: default, work"
    assert error.value.hint == "mend `profile` under [machine] in dfdev.toml"


def test_installed_and_no_machine_yet() -> None:
    with pytest.raises(MachineError, match="has no machine yet") as error:
        choose(Wanted("colima"), DEFAULT, [Found("colima", "/bin/colima")], "darwin")
    assert error.value.hint == "make one: `colima start`"


def test_a_provider_with_a_problem_says_it_itself() -> None:
    problem = MachineError("`colima list --json` failed: x")
    with pytest.raises(MachineError) as error:
        choose(Wanted("colima"), DEFAULT, [Found("colima", "/bin/colima", problem=problem)], "darwin")
    assert error.value is problem


@pytest.mark.parametrize("source", ["context orbstack (currentContext in config.json)", "default socket"])
def test_auto_takes_what_docker_takes(source: str) -> None:
    held = Held("unix:///var/run/docker.sock", source, Owner("orbstack", "", "its socket is OrbStack's"))
    choice = chosen(Wanted(), held, found(ORB, colima()))
    assert (choice.machine, choice.why) == (ORB, f"{source}, its socket is OrbStack's")


def test_a_default_socket_of_a_stopped_machine_gives_way_to_a_running_one() -> None:
    held = Held("unix:///var/run/docker.sock", "default socket", Owner("orbstack"))
    assert chosen(Wanted(), held, found(STOPPED_ORB, colima())).machine == colima()
    assert chosen(Wanted(), held, found(STOPPED_ORB, colima(state="stopped"))).machine == STOPPED_ORB


def test_auto_without_a_socket_takes_the_only_one_that_runs() -> None:
    choice = chosen(Wanted(), DEFAULT, found(STOPPED_ORB, colima()))
    assert (choice.machine, choice.why, choice.candidates) == (colima(), "the only machine that runs", (STOPPED_ORB,))


def test_auto_takes_the_only_one_there_is() -> None:
    broken = Machine("lima", "dev", "broken")
    choice = chosen(Wanted(), DEFAULT, found(colima(state="stopped"), broken))
    assert (choice.machine.name, choice.why) == ("default", "the only machine there is")


def test_a_cloud_machine_is_not_taken_because_it_runs() -> None:
    cloud = Machine("docker-machine", "staging", "running", cloud=True)
    assert chosen(Wanted(), DEFAULT, found(cloud, colima(state="stopped"))).machine.name == "default"


def test_several_running_ask_and_go_by_the_documented_order() -> None:
    choice = choose(Wanted(), DEFAULT, found(colima(), STOPPED_ORB, Machine("podman", "p", "running")), "darwin")
    assert isinstance(choice, Several)
    assert [machine.provider for machine in choice.machines] == ["colima", "podman", "orbstack"]
    first = choice.first()
    assert first.machine == colima()
    assert first.why == "2 machines run: the first that runs in the order of preference"


def test_same_names_do_not_confuse() -> None:
    machines = (Machine("lima", "default", "stopped"), colima(), Machine("docker-machine", "default", "stopped"))
    choice = chosen(Wanted("docker-machine"), DEFAULT, found(*machines))
    assert choice.machine is machines[2]
    assert [machine.provider for machine in choice.candidates] == ["lima", "colima"]


@pytest.mark.parametrize(
    ("platform", "hint"),
    [("darwin", "`brew install colima docker && colima start`"), ("linux", "`sh shell/quickstart.sh`")],
)
def test_nothing_at_all(platform: str, hint: str) -> None:
    with pytest.raises(MachineError, match="there is no Docker engine here") as error:
        choose(Wanted(), DEFAULT, [Found("colima"), Found("remote")], platform)
    assert error.value.hint == hint


def test_nothing_usable_tells_why() -> None:
    look = [
        Found("lima", "/bin/limactl", (Machine("lima", "dev", "broken", word="no disk"),)),
        Found("colima", "/bin/colima", problem=MachineError("`colima list --json` failed: x")),
    ]
    with pytest.raises(MachineError, match="no machine here can be used") as error:
        choose(Wanted(), DEFAULT, look, "darwin")
    assert error.value.details == ("lima dev: no disk", "colima: `colima list --json` failed: x")


def test_ssh_of_the_file() -> None:
    assert chosen(Wanted("ssh", "me@build"), DEFAULT, []).machine.host == "ssh://me@build"
    assert chosen(Wanted("ssh", "tcp://build:2376"), DEFAULT, []).machine.host == "tcp://build:2376"
    held = Held("ssh://me@build", "context build (currentContext in config.json)", Owner("remote", "me@build"))
    assert chosen(Wanted("ssh"), held, []).machine.host == "ssh://me@build"
    with pytest.raises(MachineError, match="nothing names the host"):
        choose(Wanted("ssh"), DEFAULT, [], "darwin")


def test_native_on_linux() -> None:
    native = Machine("native", "", "running", host=DEFAULT.host, default=True)
    assert chosen(Wanted(), DEFAULT, found(native), platform="linux").machine == native
    with pytest.raises(MachineError, match="no machine here can be used") as error:
        choose(Wanted(), Held("unix:///x", "default socket"), found(Machine("native", "", "stopped")), "linux")
    assert error.value.hint == "mend one, or `sh shell/quickstart.sh`"
