"""What the demo says at its end."""

from __future__ import annotations

from pathlib import Path

from dfdev.cli.demoing import way_into


def test_where_a_shell_does_not_find_dfdev_it_says_how(tmp_path: Path) -> None:
    linked = tmp_path / ".local" / "bin" / "dfdev"
    linked.parent.mkdir(parents=True)
    linked.write_text("")
    linked.chmod(0o755)
    environ = {"HOME": str(tmp_path), "PATH": "/nosuch"}
    assert way_into(Path("my demo"), environ) == "export PATH=\"$HOME/.local/bin:$PATH\"; cd 'my demo'"
    assert way_into(Path("demo"), {**environ, "PATH": f"/nosuch:{linked.parent}"}) == "cd demo"
    linked.unlink()
    assert way_into(Path("demo"), environ) == "cd demo", "it was not quickstart that installed it"
