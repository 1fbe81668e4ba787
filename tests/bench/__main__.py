"""`python -m tests.bench`: measure, print the table, and write it into the README when asked to."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.bench import chart, readme, table
from tests.bench.host import Host, describe
from tests.bench.lab import DFDEV, Lab
from tests.bench.phases import FULL, QUICK, Bench
from tests.bench.rows import ROWS, Row
from tests.bench.sample import BenchError, Sample
from tests.bench.summary import Result, Series, summarise
from tests.machine import Engine, MachineError, start

CHART = Path(__file__).with_name("chart.svg")


def main() -> int:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    try:
        host, series = _read(options.reuse) if options.reuse else _measured(options)
        results = summarise(_rows(options.only), series)
        if options.json:
            options.json.write_text(_document(host, series, results))
        if options.readme:
            _publish(options.readme, results, host)
    except (BenchError, MachineError) as error:
        _say(str(error))
        return 1
    print(table.markdown(results, host))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few runs: is it all right at all?")
    parser.add_argument("--only", action="append", metavar="ROW", choices=[r.key for r in ROWS], help="may be repeated")
    parser.add_argument("--readme", type=Path, metavar="FILE", help="write the table and the chart")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every sample")
    parser.add_argument("--reuse", type=Path, metavar="FILE", help="samples of an earlier --json: measure nothing")
    parser.add_argument("--engine", default="bench", metavar="NAME", help="which engine of tests.machine: %(default)s")
    return parser.parse_args()


def _rows(only: Collection[str] | None) -> Sequence[Row]:
    return [row for row in ROWS if not only or row.key in only]


def _measured(options: argparse.Namespace) -> tuple[Host, Series]:
    if options.readme:
        readme.replaced(options.readme.read_text(), "", options.readme.name)
    with _engine(options.engine) as engine, tempfile.TemporaryDirectory(prefix="dfbench-") as root:
        lab = Lab.at(Path(root).resolve(), engine)
        _say("making sure that the images are there")
        lab.prepare_images()
        bench = Bench(lab, QUICK if options.quick else FULL, _say)
        bench.measure(frozenset().union(*(row.phases for row in _rows(options.only))))
        return _host(lab), dict(bench.series)


@contextlib.contextmanager
def _engine(name: str) -> Iterator[Engine]:
    _say("starting Docker Engine 28")
    engine = start("28", name=name)
    try:
        yield engine
    finally:
        engine.stop()


def _host(lab: Lab) -> Host:
    return describe(
        engine=lab.version_of(*lab.docker, "version", "--format", "{{.Server.Version}}"),
        compose=lab.version_of(*lab.docker, "compose", "version", "--short"),
        dfdev=lab.version_of(str(DFDEV), "--version").removeprefix("dfdev "),
    )


def _publish(file: Path, results: Sequence[Result], host: Host) -> None:
    link = os.path.relpath(CHART, file.resolve().parent)
    generated = f"![Time of dfdev, docker compose being 1]({link})\n\n{table.markdown(results, host)}"
    text = readme.replaced(file.read_text(), generated, file.name)
    CHART.write_text(chart.svg(results))
    file.write_text(text)
    _say(f"wrote {CHART} and the table in {file}")


def _document(host: Host, series: Series, results: Sequence[Result]) -> str:
    samples = {name: [asdict(sample) for sample in found] for name, found in series.items()}
    rows = [{"key": r.row.key, "ratio": r.ratio, "reached": r.reached, "met": r.met} for r in results]
    return json.dumps({"host": asdict(host), "rows": rows, "samples": samples}, indent=1) + "\n"


def _read(file: Path) -> tuple[Host, Series]:
    document = json.loads(file.read_text())
    samples: Mapping[str, Sequence[Mapping[str, float]]] = document["samples"]
    series = {name: [_sample(values) for values in found] for name, found in samples.items()}
    return Host(**document["host"]), series


def _sample(values: Mapping[str, float]) -> Sample:
    return Sample(values["seconds"], values["cpu"], int(values["peak"]))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
