"""The report of a month in sentences: a function for each section, as in the briefing."""

from collections.abc import Callable, Iterator, Mapping

from streams.projections.month import Delays, MonthReport
from streams.telling.briefing.sections import BriefingLine, NamedWord


def posts(report: MonthReport) -> Iterator[BriefingLine]:
    """What became public, by channel; how many people read it is not known."""
    if report.left_out:
        yield BriefingLine("month-left-out", {"count": report.left_out}, urgent=True)
    for name, one in report.channels.items():
        yield BriefingLine("month-channel", {"channel": name, **one.model_dump()})
    if not report.channels:
        yield BriefingLine("month-no-posts")
    for name, audience in report.audiences.items():
        yield BriefingLine("month-audience", {"channel": name, "audience": audience})
    yield BriefingLine("month-no-readers")
    yield BriefingLine("month-surges-counted", {"count": report.surges})


def speed(report: MonthReport) -> Iterator[BriefingLine]:
    """From the declaration to the first word, and from a draft to the yes."""
    for one in report.first_words:
        if one.first_word_seconds is None:
            yield BriefingLine("month-no-first-word", {"name": one.name, "moment": one.declared_at}, urgent=True)
        else:
            gaps = {"name": one.name, "moment": one.declared_at, **_time(one.first_word_seconds)}
            yield BriefingLine("month-first-word", gaps)
    yield from _delays("month-sign-offs", report.sign_offs)


def kept(report: MonthReport) -> Iterator[BriefingLine]:
    """The promises that fell due, by what became of them."""
    counted: Mapping[str, int] = {str(name): count for name, count in report.promises.items()}
    names = ("kept", "broken", "overdue", "closed", "open")
    yield BriefingLine("month-promises", {name: counted.get(name, 0) for name in names})


def mended(report: MonthReport) -> Iterator[BriefingLine]:
    """Corrections and withdrawals of our own words, and how late they came."""
    if report.corrections.count:
        yield from _delays("month-corrections", report.corrections)
    else:
        yield BriefingLine("month-no-corrections")


def asked(report: MonthReport) -> Iterator[BriefingLine]:
    """Cases by sort; complaints and feedback that were closed, by their nature."""
    for sort, one in report.cases.items():
        gaps = {"sort": NamedWord(f"sort-{sort}"), "opened": one.opened, "answered": one.answered, "late": one.late}
        yield BriefingLine("month-cases", gaps, urgent=one.late > 0)
        yield from _delays("month-answers", one.answers)
    for nature, count in report.complaints.items():
        yield BriefingLine("month-complaint", {"nature": NamedWord(f"nature-{nature}"), "count": count})
    if not report.cases:
        yield BriefingLine("month-no-cases")


def tags(report: MonthReport) -> Iterator[BriefingLine]:
    """The hashtags of our words."""
    for one in report.hashtags:
        name = "month-hashtag-start" if one.from_the_start else "month-hashtag-later"
        yield BriefingLine(name, {"hashtag": one.hashtag, "messages": one.messages, "name": one.name})


def partners(report: MonthReport) -> Iterator[BriefingLine]:
    """Posts of partners that went out through our accounts, and those that were taken back."""
    for name in dict.fromkeys([*report.amplified, *report.taken_back]):
        gaps = {"partner": name, "out": report.amplified.get(name, 0), "back": report.taken_back.get(name, 0)}
        yield BriefingLine("month-partner", gaps)


def mails(report: MonthReport) -> Iterator[BriefingLine]:
    """Letters of the briefing."""
    if report.briefings:
        names = ("sent", "failed", "unknown")
        yield BriefingLine("month-briefings", {name: report.briefings.get(name, 0) for name in names})


def drills(report: MonthReport) -> Iterator[BriefingLine]:
    """The drills of this record; then what exercises came to, each beside the one before it, so that a trend shows."""
    for one in report.drills:
        if one.first_word_seconds is None:
            yield BriefingLine("month-drill-silent", {"title": one.title, "moment": one.at}, urgent=True)
        else:
            yield BriefingLine("month-drill", {"title": one.title, "moment": one.at, **_time(one.first_word_seconds)})
    for trend in report.scores:
        score, before = trend.score, trend.before
        gaps = {"title": score.title, "moment": score.played_at, "held": score.held, "expected": score.expected}
        yield BriefingLine("month-score", gaps, urgent=not score.passed)
        if score.first_word_seconds is None:
            yield BriefingLine("month-score-silent", {"title": score.title})
        else:
            yield BriefingLine("month-score-word", {"title": score.title, **_time(score.first_word_seconds)})
        if score.cases:
            yield BriefingLine("month-score-cases", {"cases": score.cases, "in_time": score.in_time})
        if before:
            then = {"moment": before.played_at, "held": before.held, "expected": before.expected}
            yield BriefingLine("month-score-before", then)
    if not report.drills and not report.scores:
        yield BriefingLine("month-no-drills")


MONTH_SECTIONS: Mapping[str, Callable[[MonthReport], Iterator[BriefingLine]]] = {
    "posts": posts,
    "speed": speed,
    "kept": kept,
    "mended": mended,
    "asked": asked,
    "tags": tags,
    "partners": partners,
    "mails": mails,
    "drills": drills,
}
"""Every section in its order. The heading is the sentence `month-<name>`; one without sentences is left out."""


def _time(seconds: int) -> Mapping[str, int]:
    return {"minutes": seconds // 60, "seconds": seconds % 60}


def _delays(name: str, found: Delays) -> Iterator[BriefingLine]:
    if found.median_seconds is not None and found.longest_seconds is not None:
        gaps = {"count": found.count, "median": found.median_seconds // 60, "longest": found.longest_seconds // 60}
        yield BriefingLine(name, gaps)
