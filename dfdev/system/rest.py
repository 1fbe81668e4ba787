"""How long this host has slept since it was started, told by its clocks alone."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from dfdev.core.correction import Rest

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def host_rest() -> Rest:
    """Which boot of this host it is, and how long it has slept since then."""
    return Rest(_session_of_mac() if sys.platform == "darwin" else _boot_id(), host_slept())


def host_slept() -> float:
    """In seconds: one clock that runs on in sleep, less one that does not. No process is started for it.

    Linux: clock_gettime(2). macOS: CLOCK_MONOTONIC_RAW is mach_continuous_time and runs on, CLOCK_UPTIME_RAW is
    mach_absolute_time and stops (clock_gettime(3)).
    """
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC_RAW) - time.clock_gettime(8)
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)


def _boot_id() -> str:
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return ""


def _session_of_mac() -> str:
    """`sysctl kern.bootsessionuuid`: another one after each start."""
    try:
        done = subprocess.run(
            ["/usr/sbin/sysctl", "-n", "kern.bootsessionuuid"], capture_output=True, text=True, timeout=2, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()
