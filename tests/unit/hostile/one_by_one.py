"""Run command lines of dfdev, each in a child of its own as a fresh process would: `python -m … FILE`.

FILE has a JSON list of lists of words. What each prints goes to stdout, as a JSON list.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from dfdev.__main__ import _run
from dfdev.cli.app import COMMANDS

PATIENCE = 20
_WATCHES = 1


def printed(args: Sequence[str]) -> tuple[int, str]:
    """Its exit code, and both of its streams."""
    with tempfile.TemporaryFile() as file:
        child = os.fork()
        if child == 0:
            _become(args, file.fileno())
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        file.seek(0)
        return code, file.read().decode()


def _become(args: Sequence[str], out: int) -> None:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    signal.signal(signal.SIGALRM, signal.default_int_handler if "watch" in args else signal.SIG_DFL)
    signal.alarm(_WATCHES if "watch" in args else PATIENCE)
    code = 70
    try:
        code = _run(list(args))
    except KeyboardInterrupt:
        code = 130
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main(file: str) -> None:
    for module in COMMANDS.values():
        importlib.import_module(module.partition(":")[0])
    lines = json.loads(Path(file).read_text())
    sys.stdout.write(json.dumps([[args, *printed(args)] for args in lines]))


if __name__ == "__main__":
    main(sys.argv[1])
