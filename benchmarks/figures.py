"""A figure: samples of ours and of a baseline, run by turns; as a line of a table, and as a drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """`aim` is a bound of the ratio ours over baseline: from below where more is better, else from above."""

    name: str
    unit: str
    ours: Sequence[float]
    baseline: Sequence[float]
    against: str
    aim: str
    caption: str = ""

    @property
    def ratio(self) -> float:
        """Ours over the baseline, at the medians."""
        return median(self.ours) / median(self.baseline)


def spread(samples: Sequence[float]) -> str:
    """Median and range."""
    return f"{median(samples):,.4g} ({min(samples):,.4g} to {max(samples):,.4g})"


def table(figures: Sequence[Figure]) -> str:
    """All figures, one a line, with their captions below."""
    lines = ["| figure | ours | baseline | ratio | aim |", "|---|---|---|---|---|"]
    for one in figures:
        baseline = f"{one.against}: {spread(one.baseline)}"
        lines.append(f"| {one.name}, {one.unit} | {spread(one.ours)} | {baseline} | {one.ratio:.2f} | {one.aim} |")
    return "\n".join([*lines, "", *(f"{one.name}: {one.caption}" for one in figures if one.caption), ""])


def drawing(figures: Sequence[Figure]) -> str:
    """Bars of each figure's ratio to its baseline, which is the line at 1; a ratio beyond 4 is cut off."""
    rows = []
    for number, one in enumerate(figures):
        y, width = 20 + 34 * number, min(one.ratio, 4) * 120
        rows.append(f'<text x="8" y="{y + 14}">{escape(one.name)}</text>')
        rows.append(f'<rect x="260" y="{y}" width="{width:.0f}" height="18" fill="#3b6ea5"/>')
        rows.append(f'<text x="{268 + width:.0f}" y="{y + 14}">{one.ratio:.2f} (aim {escape(one.aim)})</text>')
    height = 30 + 34 * len(figures)
    line = f'<line x1="380" x2="380" y1="8" y2="{height - 8}" stroke="#b00" stroke-dasharray="4"/>'
    size = f'width="900" height="{height}" font-family="sans-serif" font-size="13"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{line}{"".join(rows)}</svg>\n'
