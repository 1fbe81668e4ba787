"""Mount sources as they are on this disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.core.desired import Mount
from dfdev.workspace.load import load
from dfdev.workspace.problem import WorkspaceError
from dfdev.workspace.schema import UserConfig, UserMounts
from tests.unit.workspace.support import WWW, loaded, locked, problems, write


def test_code_logs_and_mounts_with_real_paths(tmp_path: Path) -> None:
    home = write(tmp_path / "DF HOME é", WWW + 'code = "src"\nlogs = "run"\nmounts = ["conf:/etc/app:ro"]\n')
    for name in ("real", "conf"):
        (home / name).mkdir()
    (home / "src").symlink_to("real")
    assert load(home, {}).mounts["www"] == (
        Mount(f"{home}/real", "/var/www", "code"),
        Mount(f"{home}/run", "/var/log", "logs"),
        Mount(f"{home}/conf", "/etc/app", "code", read_only=True),
    )


def test_a_link_out_of_dfhome_is_refused_with_where_it_leads(tmp_path: Path) -> None:
    home = write(tmp_path / "home", WWW + 'code = "www"\nlogs = "../logs"\nmounts = ["/etc:/conf"]\n')
    (tmp_path / "elsewhere").mkdir()
    (home / "www").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(WorkspaceError) as caught:
        load(home, {})
    found = {p.key: p for p in caught.value.problems}
    assert set(found) == {"services.www.code", "services.www.logs", "services.www.mounts[0]"}
    real = str((tmp_path / "elsewhere").resolve())
    assert found["services.www.code"].found == f'"www", which is {real}'
    assert f'allow = ["{real}"]' in found["services.www.code"].hint


def test_the_user_may_allow_it(tmp_path: Path) -> None:
    home = write(tmp_path / "home", WWW + 'code = "../shared/www"\n')
    (tmp_path / "shared" / "www").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "shared")
    for allowed in (tmp_path / "shared", tmp_path / "link"):
        user = UserConfig(mounts=UserMounts(allow=(str(allowed),)))
        assert load(home, {}, user=user).mounts["www"][0].source == str((tmp_path / "shared/www").resolve())
    for other in (str(tmp_path / "share"), "shared", "."):
        with pytest.raises(WorkspaceError):
            load(home, {}, user=UserConfig(mounts=UserMounts(allow=(other,))))


def test_the_users_file_is_read_where_none_is_given(tmp_path: Path) -> None:
    home = write(tmp_path / "home", WWW + 'code = "../shared"\n')
    (tmp_path / "shared").mkdir()
    config = tmp_path / ".config" / "dfdev" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[mounts]\nallow = ["~/shared"]\n')
    assert load(home, {"HOME": str(tmp_path)}).mounts["www"]


def test_missing_code_and_files_are_problems_missing_logs_are_not(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    toml = WWW + 'code = "none"\nlogs = "run"\nmounts = ["file:/a", "gone:/b"]\n'
    found = problems(tmp_path, toml)
    assert set(found) == {"services.www.code", "services.www.mounts[0]", "services.www.mounts[1]"}
    assert "mkdir -p" in found["services.www.code"].hint
    assert found["services.www.mounts[0]"].found == f"a file: {tmp_path.resolve()}/file"
    assert set(problems(tmp_path, WWW + 'logs = "file"\n')) == {"services.www.logs"}


def test_a_dangling_and_a_looping_link_are_problems(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    found = problems(tmp_path, WWW + 'mounts = ["dangling:/a", "loop:/b"]\n')
    assert set(found) == {"services.www.mounts[0]", "services.www.mounts[1]"}
    assert all(p.found.startswith("nothing at") for p in found.values())


def test_what_lies_in_a_folder_that_may_not_be_entered_is_a_problem(tmp_path: Path) -> None:
    home = write(tmp_path / "home", WWW + 'code = "closed/www"\nenv_file = "closed/x.env"\n')
    closed = home / "closed"
    (closed / "www").mkdir(parents=True)
    with locked(closed), pytest.raises(WorkspaceError) as caught:
        load(home, {})
    assert {p.key for p in caught.value.problems} == {"services.www.code", "services.www.env_file"}


def test_commands_that_need_no_files_do_not_ask_for_them(tmp_path: Path) -> None:
    home = write(tmp_path, WWW + 'code = "none"\nenv_file = "none.env"\n')
    assert load(home, {}, files=False).mounts["www"][0].source == str(home / "none")


def test_two_mounts_on_one_target_are_a_problem(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    toml = WWW + 'code = "www"\nmounts = ["www:/var/www/"]\n'
    assert "services.www.code has this one" in problems(tmp_path, toml)["services.www.mounts[0]"].expected


def test_dfhome_itself_may_be_mounted(tmp_path: Path) -> None:
    assert loaded(tmp_path, WWW + 'code = "."\n').mounts["www"][0].source == str(tmp_path.resolve())
