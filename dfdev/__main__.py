"""The entry point. `--version` answers before anything heavy is imported."""

from __future__ import annotations

import os
import sys


def main() -> int:
    if sys.argv[1:] == ["--version"]:
        from dfdev import __version__

        sys.stdout.write(f"dfdev {__version__}\n")
        return 0
    import gc

    from dfdev.system.programs import absolute_only
    from dfdev.ui.letters import lenient

    lenient(sys.stdout, sys.stderr)

    # A program is never what lies in the folder that somebody stands in, which is what an empty PATH would mean.
    os.environ["PATH"] = absolute_only(os.environ.get("PATH", "")) or os.defpath
    # Imports make objects by the ten thousand and no garbage: looking for it every 700 costs 10 ms of a start.
    gc.set_threshold(50_000)
    try:
        return _run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    finally:
        gc.freeze()  # and looking for it once more at the end costs 10 ms again


def _run(args: list[str]) -> int:
    from dfdev.cli.quick import quick

    code = None if "_DFDEV_COMPLETE" in os.environ else quick(args)
    if code is not None:
        return code
    from dfdev.cli.app import run

    return run(args)


if __name__ == "__main__":
    sys.exit(main())
