"""The entry point. `--version` answers before anything heavy is imported."""

from __future__ import annotations

import errno
import os
import sys


def main() -> int:
    try:
        if sys.argv[1:] == ["--version"]:
            return _tell_version()
        return _prepared(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        # Help and version are not ours to write: by typer, or before anything of ours is imported.
        if error.errno not in (errno.ENOSPC, errno.EPIPE) or error.filename is not None:
            raise
        from dfdev.ui.out import lead_nowhere

        lead_nowhere(sys.stdout)
        if error.errno == errno.ENOSPC:
            sys.stderr.write(f"error: cannot write the output: {error.strerror}\n")
        return 1


def _tell_version() -> int:
    from dfdev import __version__

    sys.stdout.write(f"dfdev {__version__}\n")
    sys.stdout.flush()
    return 0


def _prepared(args: list[str]) -> int:
    import gc

    from dfdev.system.programs import absolute_only
    from dfdev.ui.letters import lenient

    lenient(sys.stdout, sys.stderr)

    # A program is never what lies in the folder that somebody stands in, which is what an empty PATH would mean.
    os.environ["PATH"] = absolute_only(os.environ.get("PATH", "")) or os.defpath
    # Imports make objects by the ten thousand and no garbage: looking for it every 700 costs 10 ms of a start.
    gc.set_threshold(50_000)
    try:
        return _run(args)
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
