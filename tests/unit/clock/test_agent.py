"""The agent's files as launchd and systemd read them, and what is done to have them loaded."""

from __future__ import annotations

import os
import plistlib
import re
from pathlib import Path

import pytest

from dfdev.clock.agent import LABEL, Agent, Manager, launchd, systemd
from dfdev.clock.agent_files import Todo, install, manager_for, state, to_install, to_uninstall, uninstall
from dfdev.errors import ConfigError, MachineError
from dfdev.system.commands import Ran
from tests.fakes.commands import Call, FakeCommands

ODD = '/Users/Zoë "Z" 100%/$bin'


def agent(folder: Path, **environ: str) -> Agent:
    return Agent((f"{ODD}/dfdev",), environ, folder, folder / ".config", 501)


def test_launchd_reads_what_was_meant(tmp_path: Path) -> None:
    made = launchd(agent(tmp_path, PATH="/opt/homebrew/bin:/usr/bin", DOCKER_HOST="tcp://a:1", SECRET="s"))
    ((path, text),) = made.files.items()
    job = plistlib.loads(text.encode())
    assert path == tmp_path / "Library/LaunchAgents/dev.dfdev.clock.plist"
    assert job["Label"] == LABEL and job["StartCalendarInterval"] == {} and job["RunAtLoad"] is True
    assert job["ProgramArguments"][0] == f"{ODD}/dfdev"
    assert {"--if-running", "--if-slept", "--no-input"} <= set(job["ProgramArguments"])
    assert job["ProgramArguments"][-2:] == ["--log", str(tmp_path / "Library/Logs/dfdev-clock.log")]
    assert job["EnvironmentVariables"] == {"PATH": "/opt/homebrew/bin:/usr/bin", "DOCKER_HOST": "tcp://a:1"}
    assert made.load == [["launchctl", "bootstrap", "gui/501", str(path)]]


def test_systemd_reads_what_was_meant(tmp_path: Path) -> None:
    made = systemd(agent(tmp_path, DOCKER_HOST='tcp://"a"%1\\$'))
    service = made.files[tmp_path / ".config/systemd/user/dfdev-clock.service"]
    (start,) = re.findall(r"^ExecStart=(.*)$", service, re.MULTILINE)
    words = [unquoted(word, command=True) for word in re.findall(r'"((?:\\.|[^"\\])*)"', start)]
    assert words[:3] == ["/bin/sh", "-c", 'exec "$0" "$@"'], "systemd refuses such a path as a program"
    assert words[3:] == [f"{ODD}/dfdev", "clock", "sync", "--quiet", "--no-input", "--if-running", "--if-slept"]
    (variable,) = re.findall(r'^Environment="((?:\\.|[^"\\])*)"$', service, re.MULTILINE)
    assert unquoted(variable) == 'DOCKER_HOST=tcp://"a"%1\\$'
    assert "OnUnitActiveSec=1min" in made.files[tmp_path / ".config/systemd/user/dfdev-clock.timer"]


def test_a_path_of_the_usual_kind_needs_no_shell(tmp_path: Path) -> None:
    made = systemd(Agent(("/home/Zoë X/50%/dfdev",), {}, tmp_path, tmp_path, 501))
    service = next(text for path, text in made.files.items() if path.suffix == ".service")
    assert 'ExecStart="/home/Zoë X/50%%/dfdev" "clock" "sync"' in service


def unquoted(text: str, *, command: bool = False) -> str:
    """As systemd.syntax(7) and systemd.service(5) say."""
    plain = re.sub(r"\\(.)", r"\1", text).replace("%%", "%")
    return plain.replace("$$", "$") if command else plain


def ready(commands: FakeCommands, *, loaded: bool) -> FakeCommands:
    active = "systemctl --user is-active --quiet dfdev-clock.timer"
    return (
        commands.on("systemctl --user is-system-running", "running\n")
        .on(active, "", code=0 if loaded else 3)
        .on("systemctl --user daemon-reload")
        .on("systemctl --user enable --now dfdev-clock.timer")
        .on("systemctl --user disable --now dfdev-clock.timer")
    )


def made_of(folder: Path) -> Manager:
    return systemd(agent(folder))


def test_installing_writes_and_loads_and_again_does_nothing(tmp_path: Path) -> None:
    manager, first = made_of(tmp_path), ready(FakeCommands({}), loaded=False)
    assert install(manager, first)
    assert "systemctl --user enable --now dfdev-clock.timer" in first.lines
    assert all(path.read_text() == text for path, text in manager.files.items())
    again = ready(FakeCommands({}), loaded=True)
    assert not install(manager, again)
    assert not [line for line in again.lines if "enable" in line or "disable" in line]


def test_a_changed_file_is_written_and_loaded_anew(tmp_path: Path) -> None:
    manager, commands = made_of(tmp_path), ready(FakeCommands({}), loaded=True)
    install(manager, ready(FakeCommands({}), loaded=False))
    service = next(path for path in manager.files if path.suffix == ".service")
    service.write_text("old")
    assert install(manager, commands)
    verbs = [line.split()[2] for line in commands.lines if "able --now" in line]
    assert verbs == ["disable", "enable"] and service.read_text() == manager.files[service]


def test_uninstalling_removes_it_and_again_does_nothing(tmp_path: Path) -> None:
    manager = made_of(tmp_path)
    install(manager, ready(FakeCommands({}), loaded=False))
    assert uninstall(manager, ready(FakeCommands({}), loaded=True))
    assert not any(path.exists() for path in manager.files)
    gone = ready(FakeCommands({}), loaded=False)
    assert not uninstall(manager, gone)
    assert state(manager, gone).as_json()["installed"] is False


def test_uninstalling_without_a_manager_removes_the_files_and_the_link(tmp_path: Path) -> None:
    manager = made_of(tmp_path)
    install(manager, ready(FakeCommands({}), loaded=False))
    (link,) = manager.traces
    link.parent.mkdir()
    link.symlink_to("../dfdev-clock.timer")
    assert uninstall(manager, FakeCommands({}))
    assert not [path for path in (*manager.files, link) if os.path.lexists(path)]
    assert not uninstall(manager, FakeCommands({}))


def test_what_is_to_be_done_is_told_before(tmp_path: Path) -> None:
    manager, loaded = made_of(tmp_path), ready(FakeCommands({}), loaded=True)
    assert to_install(manager, FakeCommands({})) == Todo(manager.files, (), manager.load)
    install(manager, ready(FakeCommands({}), loaded=False))
    assert not to_install(manager, loaded)
    assert to_uninstall(manager, loaded) == Todo({}, list(manager.files), [*manager.unload, *manager.forget])
    first = next(iter(manager.files))
    first.write_text("old")
    todo = to_install(manager, loaded)
    assert (list(todo.write), todo.commands) == ([first], [*manager.unload, *manager.load])


def test_launchd_needs_a_moment_after_unloading(tmp_path: Path) -> None:
    """Five seconds of "Input/output error", as headroom#1289 measured them."""
    waits: list[float] = []
    said: list[str] = []

    def failed(call: Call) -> Ran:
        return Ran(call.argv, 0 if len(waits) >= 5 else 5, "", "Bootstrap failed: 5: Input/output error\n")

    commands = FakeCommands({}).on("launchctl print").on("launchctl bootout").reply("launchctl bootstrap", failed)
    assert install(launchd(agent(tmp_path)), commands, said.append, waits.append)
    assert [line.split()[1] for line in commands.lines] == ["print", "bootout", *(["bootstrap"] * 6)]
    assert len(said) == 1 and "Input/output error" in said[0]


def test_launchd_that_never_loads_it_is_told_with_its_words(tmp_path: Path) -> None:
    said = "Bootstrap failed: 125: Domain does not support specified action\n"
    commands = FakeCommands({}).on("launchctl print", code=113).on("launchctl bootstrap", err=said, code=125)
    with pytest.raises(MachineError, match="Domain does not support"):
        install(launchd(agent(tmp_path)), commands, sleep=lambda _seconds: None)


def test_files_are_written_whole_and_readable(tmp_path: Path) -> None:
    install(made_of(tmp_path), ready(FakeCommands({}), loaded=False))
    folder = tmp_path / ".config/systemd/user"
    assert sorted(path.name for path in folder.iterdir()) == ["dfdev-clock.service", "dfdev-clock.timer"]
    assert all(path.stat().st_mode & 0o777 == 0o644 for path in folder.iterdir())


def test_a_manager_that_refuses_is_told_with_its_words(tmp_path: Path) -> None:
    commands = (
        FakeCommands({})
        .on("systemctl --user is-active --quiet dfdev-clock.timer", code=3)
        .on("systemctl --user daemon-reload", err="Failed to connect to bus\n", code=1)
    )
    with pytest.raises(MachineError, match="Failed to connect to bus"):
        install(made_of(tmp_path), commands)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / ".config").write_text("a file where a folder should be")
    with pytest.raises(ConfigError, match=r"cannot write .*dfdev-clock\.service"):
        install(made_of(tmp_path), ready(FakeCommands({}), loaded=False))


@pytest.mark.parametrize(
    ("platform", "said"), [("linux", ""), ("linux", "offline\n"), ("darwin", "running\n")], ids=["mute", "off", "mac"]
)
def test_without_a_manager_the_watch_is_named(tmp_path: Path, platform: str, said: str) -> None:
    commands = FakeCommands({}).on("systemctl --user is-system-running", said, code=1)
    with pytest.raises(MachineError) as told:
        manager_for(agent(tmp_path), commands, platform)
    assert "dfdev clock watch" in told.value.hint


def test_a_degraded_systemd_is_one(tmp_path: Path) -> None:
    commands = FakeCommands({}).on("systemctl --user is-system-running", "degraded\n", code=1)
    assert manager_for(agent(tmp_path), commands, "linux").kind == "systemd"
