"""The entry point. `--version` answers before anything heavy is imported."""

from __future__ import annotations

import sys


def main() -> int:
    if sys.argv[1:] == ["--version"]:
        from dfdev import __version__

        sys.stdout.write(f"dfdev {__version__}\n")
        return 0
    from dfdev.cli.app import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
