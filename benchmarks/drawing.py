"""The figures as a picture: every run's ratio to its baseline on a scale of doublings, the side of the aim shaded."""

from collections.abc import Sequence
from html import escape
from math import log2

from benchmarks.figures import Figure, spread

WIDTH, LEFT, RIGHT, TOP, ROW = 1220, 430, 920, 132, 58
DOUBLINGS = (-4, 6)
INK, SOFT, FAINT, MET, MISSED, GROUND = "#1c2733", "#5d6b7a", "#dde3e9", "#1f7a4d", "#b4472f", "#fbfaf7"
STYLE = f"""
text {{ font-family: "Source Sans 3", "Segoe UI", "Helvetica Neue", Arial, sans-serif; fill: {INK}; }}
.head {{ font-size: 24px; font-weight: 600; }}
.name {{ font-size: 15px; font-weight: 600; }}
.soft {{ font-size: 12.5px; fill: {SOFT}; }}
.tick {{ font-size: 12px; fill: {SOFT}; text-anchor: middle; }}
.ratio {{ font-size: 17px; font-weight: 600; }}
"""


def drawing(figures: Sequence[Figure]) -> str:
    """A row for each figure: its name, its scale, its ratio and what was measured."""
    height = TOP + ROW * len(figures) + 24
    ordered = sorted(figures, key=lambda one: (one.name.partition(" ")[0], one.ground))
    rows = "".join(_row(one, TOP + ROW * number) for number, one in enumerate(ordered))
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    paper = f'<rect width="100%" height="100%" fill="{GROUND}"/>'
    parts = (f"<style>{STYLE}</style>", paper, _head(figures), _scale(height - 24), rows)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>\n'


def _head(figures: Sequence[Figure]) -> str:
    met = sum(one.met for one in figures)
    said = f"{met} of {len(figures)} aims met."
    how = "Each dot is one run: ours over its baseline of the same run. The bar marks the medians; shaded is the aim."
    return _text(28, 44, "How fast it is, beside what it is held against", "head") + _text(
        28, 70, f"{said} {how}", "soft"
    )


def _scale(bottom: int) -> str:
    """Lines at the doublings; the baseline is the strong one at 1."""
    lines = []
    for power in range(DOUBLINGS[0], DOUBLINGS[1] + 1):
        x, is_one = _x(2.0**power), power == 0
        stroke = f'stroke="{INK if is_one else FAINT}" stroke-width="{1.4 if is_one else 1}"'
        lines.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 12}" y2="{bottom}" {stroke}/>')
        label = f"{2**power}×" if power > 0 else f"1/{2**-power}"
        lines.append(_text(x, TOP - 20, "1" if is_one else label, "tick"))
    return "".join([*lines, _text(_x(1), TOP - 36, "the baseline", "tick")])


def _row(one: Figure, y: int) -> str:
    colour, middle, aim = MET if one.met else MISSED, y + 24, _x(one.aim.bound)
    start, end = (aim, RIGHT) if one.aim.at_least else (LEFT, aim)
    shade = f'<rect x="{start:.1f}" y="{y + 6}" width="{end - start:.1f}" height="36" fill="{MET}" opacity="0.10"/>'
    edge = f'<line x1="{aim:.1f}" x2="{aim:.1f}" y1="{y + 6}" y2="{y + 42}" stroke="{MET}" stroke-dasharray="3 3"/>'
    dots = "".join(
        f'<circle cx="{_x(ratio):.1f}" cy="{middle}" r="5" fill="{colour}" opacity="0.45"/>' for ratio in one.ratios
    )
    x = _x(one.ratio)
    bar = f'<rect x="{x - 2:.1f}" y="{middle - 13}" width="4" height="26" rx="2" fill="{colour}"/>'
    words = (
        _text(28, y + 20, f"{one.name} · {one.ground}", "name"),
        _text(28, y + 38, f"against {one.against}", "soft"),
        _text(RIGHT + 24, y + 20, f"{one.ratio:.2f}", "ratio", colour),
        _text(RIGHT + 84, y + 20, f"aim {one.aim} – {'met' if one.met else 'missed'}", "soft", colour),
        _text(RIGHT + 24, y + 38, f"{spread(one.ours)} {one.unit}", "soft"),
    )
    return "".join((shade, edge, dots, bar, *words))


def _x(ratio: float) -> float:
    """The horizontal place of a ratio; one beyond an end is drawn at that end."""
    low, high = DOUBLINGS
    part = (log2(min(max(ratio, 2**low), 2**high)) - low) / (high - low)
    return LEFT + part * (RIGHT - LEFT)


def _text(x: float, y: float, words: str, kind: str, colour: str = "") -> str:  # budget: a place, words and their look
    style = f' style="fill: {colour}"' if colour else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}"{style}>{escape(words)}</text>'
