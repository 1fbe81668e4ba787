"""The hash of a folder: what changes it and what does not."""

from __future__ import annotations

from pathlib import Path

from dfdev.images.inputs import folder_digest


def folder(at: Path) -> Path:
    (at / "sub").mkdir(parents=True)
    (at / "Dockerfile").write_text("FROM x")
    (at / "sub" / "run").write_text("#!/bin/sh")
    return at


def test_the_same_files_elsewhere_have_the_same_hash(tmp_path: Path) -> None:
    assert folder_digest(folder(tmp_path / "a")) == folder_digest(folder(tmp_path / "b"))


def test_content_name_executable_bit_and_extra_bytes_count(tmp_path: Path) -> None:
    place = folder(tmp_path / "a")
    seen = [folder_digest(place), folder_digest(place, b"ca")]
    (place / "sub" / "run").chmod(0o755)
    seen.append(folder_digest(place))
    (place / "sub" / "run").write_text("#!/bin/bash")
    seen.append(folder_digest(place))
    (place / "sub" / "run").rename(place / "sub" / "start")
    seen.append(folder_digest(place))
    assert len(set(seen)) == len(seen)
