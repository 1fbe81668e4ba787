"""What of DFHOME the front end's containers get: never what is one's own, however it was saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.core.desired import Mount
from dfdev.frontend.personal import FILES, Share, hidden_paths, home_mounts, left_out, once_more, share_of


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in ("web/src", "www/static", ".git", "apps/one"):
        (tmp_path / name).mkdir(parents=True)
    for name in (".env.local", "dfdev.local.toml", "dfdev.toml"):
        (tmp_path / name).write_text("A=1\n")
    return tmp_path


def sources(home: Path, folder: str) -> dict[str, tuple[str, str]]:
    """Target -> source and role."""
    share = share_of(home, home / folder)
    return {m.target: (m.source, m.role) for m in home_mounts(str(home), home / folder, share)}


@pytest.mark.parametrize(("folder", "top"), [("web", "web"), ("apps/one", "apps")])
def test_each_folder_by_itself_and_no_file(home: Path, folder: str, top: str) -> None:
    found = sources(home, folder)
    assert found.pop("/work") == ("", "empty")
    names = {".git", "apps", "web", "www"}
    assert found == {f"/work/{n}": (str(home / n), "code" if n == top else "beside") for n in names}
    assert hidden_paths(str(home), home / folder, share_of(home, home / folder), "/host") == ()


def test_a_file_of_ones_own_makes_nothing_anew_where_it_is_not_to_be_seen(home: Path) -> None:
    before = share_of(home, home / "web")
    (home / ".env.local").write_text("A=2\n")
    after = share_of(home, home / "web")
    assert (before.folders, before.masked) == (after.folders, after.masked) and after.masked == ()


def test_links_among_the_folders(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (home / "out").symlink_to(tmp_path_factory.mktemp("out"))
    (home / "all").symlink_to(".")
    (home / "above").symlink_to("..")
    (home / "shop").symlink_to("apps/one")
    found = sources(home, "web")
    assert found["/work/shop"] == (str(home / "apps" / "one"), "beside")
    assert not {"/work/out", "/work/all", "/work/above"} & set(found)


@pytest.mark.parametrize("whole", [".", "web"])
def test_a_node_project_gets_all_of_it_with_masks(home: Path, whole: str) -> None:
    """`whole`: where the front end is."""
    (home / "package.json").write_text("{}")
    project = (home / whole).resolve()
    mounts = home_mounts(str(home), project, share_of(home, project))
    assert mounts == (
        Mount(str(home), "/work", "code"),
        Mount("/dev/null", "/work/.env.local", "mask", read_only=True),
        Mount("/dev/null", "/work/dfdev.local.toml", "mask", read_only=True),
    )
    hidden = hidden_paths(str(home), project, share_of(home, project))
    assert hidden == tuple(f"/work/{name}" for name in FILES), "what is made later, too"


@pytest.mark.parametrize("how", ["in place", "by a rename", "made later"])
def test_a_save_makes_the_container_anew_where_all_is_mounted(home: Path, how: str) -> None:
    own, before = home / ".env.local", share_of(home, home)
    if how == "made later":
        own.unlink()
        before = share_of(home, home)
    target = home / "new" if how == "by a rename" else own
    target.write_text("A=2\n")
    target.rename(own)
    assert share_of(home, home).masked != before.masked
    assert share_of(home, home) == share_of(home, home)


def test_two_renames_that_come_back_to_the_same_inode(home: Path) -> None:
    own, kept = home / ".env.local", home / "kept"
    before = share_of(home, home).masked
    own.rename(kept)
    own.write_text("A=2\n")
    kept.rename(own)
    assert share_of(home, home).masked != before


def test_the_front_end_folder_once_more(home: Path) -> None:
    share = share_of(home, home)
    assert once_more(str(home), home, share, "/host") == (
        Mount(str(home), "/host", "code"),
        Mount("/dev/null", "/host/.env.local", "mask", read_only=True),
        Mount("/dev/null", "/host/dfdev.local.toml", "mask", read_only=True),
    )
    assert {"/host/.env.local", "/host/.env.local~", "/work/.env.local"} <= set(
        hidden_paths(str(home), home, share, "/host")
    )
    assert once_more(str(home), home / "web", share_of(home, home / "web"), "/host") == (
        Mount(str(home / "web"), "/host", "code"),
    )


def test_a_link_of_ones_own_into_a_folder_is_masked_where_it_leads(home: Path) -> None:
    (home / ".env.local").unlink()
    (home / "web" / "own [1]").write_text("A=1\n")
    (home / ".env.local").symlink_to("web/own [1]")
    share = share_of(home, home / "web")
    mask = Mount("/dev/null", "/work/web/own [1]", "mask", read_only=True)
    assert mask in home_mounts(str(home), home / "web", share)
    assert Mount("/dev/null", "/host/own [1]", "mask", read_only=True) in once_more(
        str(home), home / "web", share, "/host"
    )
    assert hidden_paths(str(home), home / "web", share) == ("/work/web/own [1]",)
    assert left_out(str(home), home / "web", share) == b"/own \\[1]\n"


def test_what_an_image_does_not_get(home: Path) -> None:
    said = left_out(str(home), home, Share()).decode().split()
    assert said == [f"/{name}" for name in FILES]
    assert left_out(str(home), home / "web", share_of(home, home / "web")) == b""
