"""One word on stdout about the engine that `docker` would use (answers, absent, denied, broken), then its address,
or what is wrong and what to type: for quickstart.sh, with any Python 3.11+ and nothing installed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dfdev.engine.endpoint import resolve
from dfdev.engine.open import open_engine
from dfdev.errors import EngineAbsent, EngineDenied, EngineError


def main() -> None:
    try:
        endpoint = resolve(os.environ)
        engine = open_engine(endpoint, os.environ)
        version = engine.info().version
    except EngineError as error:
        kinds = {EngineAbsent: "absent", EngineDenied: "denied"}
        tell(kinds.get(type(error), "broken"), error.message, error.hint)
    else:
        tell("answers", f"{endpoint}, version {version}", "")


def tell(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
