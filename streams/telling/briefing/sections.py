"""The sections of the briefing: each is a function from what is known to sentences.

To add a section, write a function and put it into `SECTIONS`. The console, the command line and the letter show it
then. Its sentences, and the heading `briefing-<name>`, are in `templates/console/words.json`, in both languages.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from streams.decisions.listening.surge import Counts
from streams.signs import folded
from streams.subjects.case import Case
from streams.subjects.incident import Incident
from streams.subjects.promises import promises
from streams.subjects.register_log import RegisterLog
from streams.telling.briefing.volume import QuarterHeard, quarters_heard
from streams.telling.listening.stories import by_people
from streams.words.cases import CaseSort
from streams.words.delivery import DeliveryState
from streams.words.listening.stories_noted import WAITS_FROM
from streams.words.release import Message

SURGES_SHOWN, STORIES_TOLD = 3, 10


@dataclass(frozen=True, slots=True)
class Situation:
    """What a briefing is made of: the incident, whole; every case; the register's own log; what was counted.

    `is_counted` is false where the counts cannot be read now.
    """

    incident: Incident
    counts: Counts
    now: datetime
    cases: Sequence[Case] = ()
    register_log: RegisterLog | None = None
    is_counted: bool = True

    @property
    def quarters(self) -> Sequence[QuarterHeard]:
        """Every quarter of an hour of the incident."""
        return quarters_heard(self.counts, self.incident, now=self.now)

    @property
    def public(self) -> Sequence[Message]:
        """The messages that surely are public on a channel."""
        there = {one.message_id for one in self.incident.deliveries.values() if one.state is DeliveryState.CONFIRMED}
        return [one for one in self.incident.messages.values() if one.id in there]


@dataclass(frozen=True, slots=True)
class NamedWord:
    """What fills a gap is itself a sentence of `words.json`, under this name."""

    name: str


@dataclass(frozen=True, slots=True)
class BriefingLine:
    """One sentence: its name in `words.json`, and what fills its gaps; moments are told in the trust's zone."""

    name: str
    gaps: Mapping[str, object] = field(default_factory=dict)
    urgent: bool = False


def circulating(known: Situation) -> Iterator[BriefingLine]:
    """How many people speak of it now against the usual, and when most did."""
    quarters = known.quarters
    # The running quarter of an hour is not over: what is compared is the last whole one.
    whole = quarters[-2]
    yield BriefingLine(
        "briefing-people",
        {"people": whole.people, "usual": round(whole.usual), "moment": whole.at, "total": known.counts.total},
    )
    most = max(quarters, key=lambda one: one.people)
    if most.people > whole.people:
        yield BriefingLine("briefing-peak", {"people": most.people, "moment": most.at})


def surges(known: Situation) -> Iterator[BriefingLine]:
    """The last surges, the newest first."""
    for one in known.counts.surges[::-1][:SURGES_SHOWN]:
        gaps = {"moment": one.at, "people": one.people, "minutes": one.minutes, "usual": round(one.usual)}
        yield BriefingLine("briefing-surge-line", gaps)


def stories(known: Situation) -> Iterator[BriefingLine]:
    """The stories that most people tell, with their counts, and whether we answered them."""
    found = by_people(known.incident)
    for one in found[:STORIES_TOLD]:
        is_open, counts = known.incident.story_open(one.story, known.now), one.counts
        gaps = {name: getattr(counts, name) for name in ("people", "posts", "wordings", "minutes", "asking")}
        answer = NamedWord(f"story-{'open' if is_open else one.answering}")
        urgent = is_open and counts.people >= WAITS_FROM
        yield BriefingLine("briefing-story", {"story": one.story, "answer": answer, **gaps}, urgent=urgent)
        if one.nearest and is_open:
            yield BriefingLine("briefing-nearest", {"story": one.story, "template": one.nearest})
    if len(found) > STORIES_TOLD:
        yield BriefingLine("stories-more", {"count": len(found) - STORIES_TOLD})


def tags(known: Situation) -> Iterator[BriefingLine]:
    """The hashtags that were offered, why, and in how many messages of ours each is; then those that are ours alone."""
    noted = known.incident.tags
    own = [tag for one in known.public if one.credit is None for tag in dict.fromkeys(one.hashtags)]
    used = Counter(map(folded, own))
    for one in noted.tags if noted else ():
        name = "briefing-tag-both" if one.people and one.partner_name else "briefing-tag"
        gaps = {"tag": one.tag, "people": one.people, "minutes": one.minutes, "partner": one.partner_name}
        told = name if one.people else "briefing-tag-partner"
        yield BriefingLine(told, {**gaps, "ours": used.pop(folded(one.tag), 0)})
    if noted and noted.overtook and noted.tags:
        yield BriefingLine("briefing-tag-overtook", {"tag": noted.tags[0].tag, "before": noted.overtook})
    for withheld in noted.withheld if noted else ():
        yield BriefingLine("briefing-tag-withheld", {"people": withheld.people, "why": withheld.reason})
    for tag in dict.fromkeys(own):
        if folded(tag) in used:
            yield BriefingLine("briefing-tag-own", {"tag": tag, "ours": used[folded(tag)]})


def listed(known: Situation) -> Iterator[BriefingLine]:
    """How many posts there are of authors on the influence list, by category."""
    for category, one in known.incident.listed.items():
        gaps = {"who": NamedWord(f"influence-{category}"), "posts": one.posts, "moment": one.since}
        yield BriefingLine("listed", gaps)


def beside(known: Situation) -> Iterator[BriefingLine]:
    """Our own words and those of partners that went out through our accounts."""
    own = [one for one in known.public if one.credit is None]
    if own:
        last = max(known.incident.authorisations[one.id].at for one in own)
        yield BriefingLine("briefing-own", {"count": len(own), "moment": last})
    else:
        yield BriefingLine("briefing-own-none", urgent=True)
    names = Counter(one.credit.partner_name for one in known.public if one.credit)
    for name, count in names.most_common():
        yield BriefingLine("briefing-partner", {"partner": name, "count": count})
    if not names:
        yield BriefingLine("briefing-partner-none")


def cases(known: Situation) -> Iterator[BriefingLine]:
    """The open cases by sort, and how many of each are late; those of other incidents are left out."""
    mine = [one for one in known.cases if one.is_open and one.incident in {None, known.incident.id}]
    for sort in CaseSort:
        of_sort = [one for one in mine if one.sort is sort]
        late = sum(one.is_overdue(known.now) for one in of_sort)
        if of_sort:
            gaps = {"sort": NamedWord(f"sort-{sort}"), "open": len(of_sort), "late": late}
            yield BriefingLine("briefing-cases-late" if late else "briefing-cases-open", gaps, urgent=late > 0)
    if not mine:
        yield BriefingLine("no-cases")


def promised(known: Situation) -> Iterator[BriefingLine]:
    """When the public was told to expect the next word."""
    made = [one for one in promises(known.incident, known.now) if one.is_open]
    for one in made:
        yield BriefingLine(f"briefing-promise-{one.state}", {"moment": one.by}, urgent=one.state == "overdue")
    if not made:
        yield BriefingLine("briefing-no-promise")


def unread(known: Situation) -> Iterator[BriefingLine]:
    """What these figures do not tell: samples, feeds that are not heard, and how many people read what."""
    counts, log = known.counts, known.register_log
    if not known.is_counted:
        yield BriefingLine("briefing-uncounted", urgent=True)
    elif counts.since is None:
        yield BriefingLine("briefing-unheard", urgent=True)
    if counts.people.level or any(one.is_estimate for one in counts.surges):
        yield BriefingLine("briefing-sample")
    for name, fault in log.feeds.items() if log else ():
        yield BriefingLine("briefing-feed", {"feed": name, "why": fault.fault or ""}, urgent=True)
    if counts.with_followers:
        gaps = {"followers": counts.followers, "posts": counts.with_followers, "total": counts.total}
        yield BriefingLine("briefing-followers", gaps)
    else:
        yield BriefingLine("briefing-no-followers")
    yield BriefingLine("briefing-only-public")


SECTIONS: Mapping[str, Callable[[Situation], Iterator[BriefingLine]]] = {
    "circulating": circulating,
    "surges": surges,
    "stories": stories,
    "tags": tags,
    "listed": listed,
    "beside": beside,
    "cases": cases,
    "promised": promised,
    "unread": unread,
}
"""Every section in its order. The heading is the sentence `briefing-<name>`; one without sentences is left out."""
