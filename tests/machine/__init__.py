"""Real engines for the tests: fetched as Debian packages, unpacked, run from a folder, stopped again.

`start("28")` gives an `Engine`; `python -m tests.machine start 28` leaves one running for a developer.
Standard library only.
"""

from tests.machine.engines import Engine, running, start
from tests.machine.layout import MachineError, default_cache
from tests.machine.packages import VERSIONS, fetch

__all__ = ["VERSIONS", "Engine", "MachineError", "default_cache", "fetch", "running", "start"]
