from __future__ import annotations

import xml.etree.ElementTree as ET

from tests.bench.chart import svg
from tests.bench.summary import Result, summarise
from tests.unit.bench.series import result, row, samples

_NS = "{http://www.w3.org/2000/svg}"


def _bars(*results: Result) -> list[ET.Element]:
    bars = [e for e in ET.fromstring(svg(results)).iter(f"{_NS}rect") if e.get("height") == "14"]
    assert len(bars) == len(results)
    return bars


def _width(bar: ET.Element) -> float:
    return float(bar.attrib["width"])


def test_a_bar_is_as_long_as_its_ratio() -> None:
    half, whole = _bars(result(0.5, 1.0, 0.9), result(2.0, 2.0, 0.9))
    assert abs(_width(whole) - 2 * _width(half)) < 0.2


def test_its_colour_says_whether_the_goal_is_met() -> None:
    met, missed = _bars(result(0.5, 1.0, 0.9), result(0.95, 1.0, 0.9))
    assert (met.get("class"), missed.get("class")) == ("met", "missed")


def test_a_very_long_bar_stays_in_the_picture_and_says_its_figure() -> None:
    picture = ET.fromstring(svg([result(30.0, 1.0, 0.9)]))
    texts = [element.text for element in picture.iter(f"{_NS}text")]
    assert "30.00" in texts
    assert max(_width(r) + float(r.attrib["x"]) for r in picture.iter(f"{_NS}rect")) < float(picture.attrib["width"])


def test_the_goals_tick_stands_where_a_bar_of_that_ratio_would_end() -> None:
    picture = ET.fromstring(svg([result(0.5, 1.0, 0.5)]))
    tick = next(line for line in picture.iter(f"{_NS}line") if line.get("class") == "goal")
    (bar,) = _bars(result(0.5, 1.0, 0.5))
    assert float(tick.attrib["x1"]) == float(bar.attrib["x"]) + _width(bar)


def test_rows_with_a_bound_of_their_own_have_no_bar() -> None:
    series = {"p/m/dfdev": samples(1.0), "p/m/compose": samples(1.0)}
    memory = summarise([row("m", (60.0,), unit="MB", absolute=True)], series)
    assert "<title>" in svg(memory)
    assert not [e for e in ET.fromstring(svg(memory)).iter(f"{_NS}rect") if e.get("height") == "14"]


def test_names_are_escaped() -> None:
    ET.fromstring(svg([result(1.0, 1.0, 1.0, key="a < b & c")]))
