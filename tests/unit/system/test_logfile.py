from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.errors import ConfigError
from dfdev.system.logfile import appended


def write(path: Path, text: str, limit: int = 1000) -> None:
    with appended(path, limit) as stream:
        stream.write(text)


def test_each_line_has_its_time(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "clock.log"
    write(log, "one\n\ntwo\n")
    lines = log.read_text().splitlines()
    assert [line.split(" ", 1)[1] for line in lines] == ["one", "two"]
    assert all(line[4] == "-" and line[19] == "Z" for line in lines)


def test_nothing_said_is_nothing_written(tmp_path: Path) -> None:
    write(tmp_path / "log", "")
    assert not (tmp_path / "log").exists()


def test_it_is_put_aside_when_it_has_grown(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for number in range(40):
        write(log, f"line {number} {'x' * 50}\n")
    assert log.stat().st_size <= 1000 and (tmp_path / "log.1").stat().st_size <= 1000
    assert "line 39" in log.read_text() and len(list(tmp_path.iterdir())) == 2


def test_a_log_that_cannot_be_written_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot write"):
        write(tmp_path, "text\n")
