"""How long this host has slept, by its own clocks."""

from __future__ import annotations

import time
from pathlib import Path

from dfdev.system.rest import host_rest


def test_the_boot_and_the_sleep_of_this_host() -> None:
    rest = host_rest()
    assert rest.boot == Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    assert rest.slept >= -0.5


def test_time_that_passes_awake_is_no_sleep() -> None:
    before, began = host_rest(), time.monotonic()
    while time.monotonic() - began < 0.05:
        pass
    assert abs(host_rest().since(before)) < 0.5
