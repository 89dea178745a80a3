"""A figure: samples of holdingline and of a baseline, run by turns; and all of them as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Aim:
    """A bound of the ratio ours over baseline."""

    bound: float
    at_least: bool = False

    def met(self, ratio: float) -> bool:
        """Whether a ratio keeps the bound."""
        return ratio >= self.bound if self.at_least else ratio <= self.bound

    def __str__(self) -> str:
        return f"at {'least' if self.at_least else 'most'} {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """Samples pair up run by run, unless the baseline is a fixed bound, which is said once."""

    name: str
    ground: str
    unit: str
    ours: Sequence[float]
    baseline: Sequence[float]
    against: str
    aim: Aim
    caption: str = ""

    @property
    def ratio(self) -> float:
        """Ours over the baseline, at the medians."""
        return median(self.ours) / median(self.baseline)

    @property
    def ratios(self) -> Sequence[float]:
        """The ratio of each run."""
        baseline = list(self.baseline) * (len(self.ours) if len(self.baseline) == 1 else 1)
        return [one / other for one, other in zip(self.ours, baseline, strict=True)]

    @property
    def met(self) -> bool:
        """Whether the aim is met."""
        return self.aim.met(self.ratio)


HUNDRED = 100


def spread(samples: Sequence[float]) -> str:
    """Median and range."""
    if min(samples) == max(samples):
        return rounded(samples[0])
    return f"{rounded(median(samples))} ({rounded(min(samples))} to {rounded(max(samples))})"


def rounded(number: float) -> str:
    """Three digits are all that such a sample is worth."""
    return f"{number:,.0f}" if number >= HUNDRED else f"{number:.3g}"


def table(figures: Sequence[Figure]) -> str:
    """All figures, one a line, with their captions below."""
    lines = [
        "| figure | ground | ours | baseline | ratio (runs) | aim | met |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in figures:
        baseline = f"{one.against}: {spread(one.baseline)}"
        ratio = f"{one.ratio:.2f} ({min(one.ratios):.2f} to {max(one.ratios):.2f})"
        cells = (f"{one.name}, {one.unit}", one.ground, spread(one.ours), baseline, ratio, one.aim)
        lines.append(f"| {' | '.join(str(cell) for cell in cells)} | {'yes' if one.met else 'no'} |")
    captions = (f"- {one.name}, {one.ground}: {one.caption}" for one in figures if one.caption)
    return "\n".join([*lines, "", *captions, ""])
