"""`python -m tests.bench.mysql`: MySQL with its fixtures baked in, against importing the dump again.

Everything in the table is measured in this one run, on an engine of its own. `--sizes` are gigabytes of the dump.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.bench import readme
from tests.bench.host import Host, describe
from tests.bench.lab import DFDEV, Lab
from tests.bench.mysql_lab import MysqlLab
from tests.bench.mysql_table import Sizes, markdown
from tests.bench.mysql_turns import Turns, counts
from tests.bench.sample import BenchError
from tests.machine import Engine, MachineError, start

MARKERS = ("<!-- mysql:begin -->", "<!-- mysql:end -->")


def main() -> int:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    try:
        _publish(options.readme, "")
        host, server, sizes = _measured(options.sizes, options.quick)
        table = markdown(sizes, host, server)
        if options.json:
            options.json.write_text(_document(host, server, sizes))
        print(table)
        _publish(options.readme, table)
    except (BenchError, MachineError) as error:
        _say(str(error))
        return 1
    except KeyboardInterrupt:
        _say("interrupted; nothing is left behind")
        return 130
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.mysql", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few runs: is it all right at all?")
    parser.add_argument("--sizes", type=sizes_of, default="0.1,1,5", metavar="GB,GB", help="default: %(default)s")
    parser.add_argument("--readme", type=Path, metavar="FILE", help="write the table")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure")
    return parser.parse_args()


def sizes_of(text: str) -> Sequence[float]:
    """ "0.1,1,5" -> gigabytes. ValueError."""
    sizes = sorted({float(part) for part in text.split(",")})
    if sizes[0] <= 0:
        raise ValueError(text)
    return sizes


def _publish(file: Path | None, table: str) -> None:
    """Into the README. Without a table it is only tried: missing markers are told before anything is measured."""
    if file is None:
        return
    text = readme.replaced(file.read_text(), table, file.name, MARKERS)
    if table:
        file.write_text(text)
        _say(f"wrote the table in {file}")


def _measured(sizes: Sequence[float], quick: bool) -> tuple[Host, str, Sizes]:
    _say("starting Docker Engine 28")
    engine = start("28", name="bench")
    try:
        with tempfile.TemporaryDirectory(prefix="dfbench-") as root:
            return _on(engine, Path(root).resolve(), sizes, quick)
    finally:
        engine.stop()


def _on(engine: Engine, root: Path, sizes: Sequence[float], quick: bool) -> tuple[Host, str, Sizes]:
    lab = Lab.at(root, engine)
    _say("making sure that the images are there")
    lab.bootstrap("mysql")
    database = MysqlLab.at(lab)
    database.must_have_room(max(sizes))
    began, found, server = time.monotonic(), {}, ""
    for size in sizes:
        turns = Turns(database, counts(size, quick), lambda text, size=size: _told(began, size, text))  # type: ignore[misc]
        server = turns.measure(size)
        found[size] = dict(turns.series)
    return _host(lab), server, found


def _host(lab: Lab) -> Host:
    return describe(
        engine=lab.version_of(*lab.docker, "version", "--format", "{{.Server.Version}}"),
        compose="",
        dfdev=lab.version_of(str(DFDEV), "--version").removeprefix("dfdev "),
    )


def _document(host: Host, server: str, sizes: Mapping[float, Mapping[str, Sequence[float]]]) -> str:
    figures = {f"{size:g}": series for size, series in sizes.items()}
    return json.dumps({"host": asdict(host), "server": server, "gigabytes": figures}, indent=1) + "\n"


def _told(began: float, size: float, text: str) -> None:
    _say(f"{time.monotonic() - began:5.0f} s  {size:g} GB: {text}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
