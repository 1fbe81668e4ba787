"""The ratios as a bar chart in SVG, readable on a light page and on a dark one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tests.bench.summary import Result

_WIDTH = 820
_LEFT = 332
_RIGHT = 756
_TOP = 78
_STEP = 30
_BAR = 14
_MOST = 1.5
"""Ratio at the right edge; a longer bar ends there in an arrow, and its figure says how long it is."""

_STYLE = """
  text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #1f2328; }
  .title { font-size: 15px; font-weight: 600; }
  .quiet { fill: #59636e; font-size: 12px; }
  .figure { font-weight: 600; font-variant-numeric: tabular-nums; }
  .grid { stroke: #d1d9e0; stroke-width: 1; }
  .peer { stroke: #59636e; stroke-width: 1.5; }
  .goal { stroke: #1f2328; stroke-width: 2; }
  .met { fill: #2f7fd1; }
  .missed { fill: #d9722e; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .quiet { fill: #9198a1; }
    .grid { stroke: #3d444d; }
    .peer { stroke: #9198a1; }
    .goal { stroke: #f0f6fc; }
    .met { fill: #4493f8; }
    .missed { fill: #e38a4d; }
  }
"""


def svg(results: Sequence[Result]) -> str:
    """One bar per row that compares the two by a ratio; a tick marks its goal."""
    rows = [result for result in results if result.ratio is not None and not result.row.absolute]
    bottom = _TOP + len(rows) * _STEP
    height = bottom + 44
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" role="img">',
        f"<title>{_alternative(rows)}</title>",
        f"<style>{_STYLE}</style>",
        '<text class="title" x="12" y="26">Time that dfdev takes, docker compose being 1</text>',
        '<text class="quiet" x="12" y="46">whole commands, medians; shorter is faster</text>',
        *_scale(bottom),
        *(part for index, result in enumerate(rows) for part in _bar(result, _TOP + index * _STEP)),
        *_legend(bottom + 30),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _x(ratio: float) -> float:
    return round(_LEFT + min(ratio, _MOST) / _MOST * (_RIGHT - _LEFT), 1)


def _scale(bottom: int) -> list[str]:
    parts = []
    for ratio, text in ((0.0, "0"), (0.25, "¼"), (0.5, "½"), (0.75, "¾"), (1.0, "docker compose"), (1.5, "1½")):
        kind = "peer" if ratio == 1 else "grid"
        parts.append(f'<line class="{kind}" x1="{_x(ratio)}" x2="{_x(ratio)}" y1="{_TOP - 8}" y2="{bottom}"/>')
        quiet = "" if ratio == 1 else ' class="quiet"'
        parts.append(f'<text{quiet} x="{_x(ratio)}" y="{_TOP - 14}" text-anchor="middle">{text}</text>')
    return parts


def _bar(result: Result, top: int) -> list[str]:
    ratio = result.ratio or 0.0
    goal = _x(result.row.goals[0])
    end, middle, base = _x(ratio), top + _STEP / 2, top + _STEP / 2 + 4.5
    kind, width = "met" if result.met[0] else "missed", round(end - _LEFT, 1)
    arrow = f"M{end} {middle - 11}l11 11l-11 11z" if ratio > _MOST else ""
    title = escape(result.row.title.replace("`", ""))
    return [
        f'<text x="{_LEFT - 12}" y="{base}" text-anchor="end">{title}</text>',
        f'<rect class="{kind}" x="{_LEFT}" y="{middle - _BAR / 2}" width="{width}" height="{_BAR}" rx="2"/>',
        *([f'<path class="{kind}" d="{arrow}"/>'] if arrow else []),
        f'<line class="goal" x1="{goal}" x2="{goal}" y1="{middle - 11}" y2="{middle + 11}"/>',
        f'<text class="figure" x="{_figure_x(end + (8 if arrow else 0), goal)}" y="{base}">{ratio:.2f}</text>',
    ]


def _figure_x(end: float, goal: float) -> float:
    """Right of the bar, and right of the goal's tick where the two would touch."""
    return round(max(end, goal) + 7 if end - 2 <= goal < end + 42 else end + 7, 1)


def _legend(y: int) -> list[str]:
    middle = y - 4
    return [
        f'<rect class="met" x="{_LEFT}" y="{middle - 5}" width="16" height="10" rx="2"/>',
        f'<text class="quiet" x="{_LEFT + 23}" y="{y}">goal met</text>',
        f'<rect class="missed" x="{_LEFT + 100}" y="{middle - 5}" width="16" height="10" rx="2"/>',
        f'<text class="quiet" x="{_LEFT + 123}" y="{y}">not met</text>',
        f'<line class="goal" x1="{_LEFT + 196}" x2="{_LEFT + 196}" y1="{middle - 8}" y2="{middle + 8}"/>',
        f'<text class="quiet" x="{_LEFT + 205}" y="{y}">the goal</text>',
    ]


def _alternative(rows: Sequence[Result]) -> str:
    """For readers who do not see the picture."""
    said = "; ".join(f"{result.row.title.replace('`', '')}: {result.ratio:.2f}" for result in rows)
    return escape(f"Time of dfdev as a part of docker compose's. {said}")
