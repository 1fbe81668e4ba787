"""PhantomJS where there is none."""

from __future__ import annotations

import pytest

from dfdev.errors import DfdevError
from dfdev.frontend.platform import must_run, phantom_of

PHANTOM = {"devDependencies": {"grunt": "1", "phantomjs-prebuilt": "2"}}


@pytest.mark.parametrize("architecture", ["aarch64", "arm64"])
def test_on_arm_it_is_said_with_the_alternatives(architecture: str) -> None:
    with pytest.raises(DfdevError, match=r"phantomjs-prebuilt.*linux/arm64") as error:
        must_run(PHANTOM, "", architecture, "")
    assert "linux/amd64" in error.value.hint and "--preset current" in error.value.hint
    with pytest.raises(DfdevError, match="Dockerfile"):
        must_run({}, "FROM x\nRUN npm i -g phantomjs\n", architecture, "")


def test_elsewhere_it_runs() -> None:
    must_run(PHANTOM, "", "x86_64", "")
    must_run(PHANTOM, "", "aarch64", "linux/amd64")
    must_run(PHANTOM, "", "", "")
    must_run({"dependencies": {"puppeteer": "24"}}, "FROM x\n# no phantomjs\n", "aarch64", "")


def test_an_intel_engine_that_is_told_to_imitate_arm() -> None:
    with pytest.raises(DfdevError):
        must_run(PHANTOM, "", "x86_64", "linux/arm64")


def test_a_package_of_odd_shape_brings_none() -> None:
    assert phantom_of({"dependencies": ["phantomjs"], "devDependencies": None}) == ""
