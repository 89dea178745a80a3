"""The part of the mentions agent that hears hashtags: which ones people use of an incident, and which are unusual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.listening.rows import row
from agents.ports import Store
from streams.decisions.listening.crowd import moment_of
from streams.decisions.listening.keep import UNMATCHED, PostsKept
from streams.decisions.listening.tags.heard import (
    DAY_BINS,
    TAGS_MAX,
    TagHearing,
    TagLook,
    TagsHeard,
    TagsKnown,
    TagsUsual,
)
from streams.decisions.listening.tags.offered import unfit
from streams.decisions.listening.tags.partners import credited_tags, registered_tags
from streams.decisions.listening.usual import QUARTER_BINS
from streams.subjects.incident import Incident
from streams.values import derive_id
from streams.words.posts import MentionCount, Signal
from streams.words.register.entries import Register


@dataclass(frozen=True, slots=True)
class TagTables:
    """The hashtags of each incident, and those of a sample of other posts."""

    heard: Store[TagsHeard]
    usual: Store[TagsUsual]


def usual_tags(unmatched: PostsKept, tables: TagTables) -> TagsUsual:
    """The tags of the sample, with those of this batch."""
    usual = row(tables.usual, UNMATCHED, nothing=TagsUsual())
    if unmatched.sample:
        for day in dict.fromkeys(day for day, _ in unmatched.sample):
            usual = usual.with_posts(day, [tags for of, tags in unmatched.sample if of == day])
        tables.usual.put(UNMATCHED, usual)
    return usual


def usual_of(kept: PostsKept, usual: TagsUsual) -> Mapping[str, int]:
    """How often the tags of these posts were seen in the sample of the days before; empty if they have none."""
    used = dict.fromkeys(tag for voice in kept.voices for tag in voice.tags)
    return usual.before(kept.voices[-1].heard // DAY_BINS, [*used][:TAGS_MAX]) if used else {}


def looks(
    incident: Incident, counts: Sequence[MentionCount], *, tables: TagTables, register: Register, year: int
) -> Sequence[TagLook]:
    """Hear the hashtags of an incident; each look that found something new is put before the commander."""
    known = TagsKnown(
        used_by=credited_tags(incident),
        voices={person: of for one in counts for person, of in one.partner_voices.items()},
        registered=registered_tags(register),
        usual={tag: seen for one in counts for tag, seen in one.usual_tags.items()},
        unfit=lambda tag: unfit(tag, incident, register=register, year=year),
    )
    hearing = TagHearing(row(tables.heard, incident.id, nothing=TagsHeard()), known)
    found = [look for one in counts for voice in one.voices if (look := hearing.hear(voice))]
    tables.heard.put(incident.id, hearing.heard())
    return found


def signal(incident: Incident, look: TagLook) -> Signal:
    """The look is named by its hour and by what was said before: the same posts give the same again."""
    first = next(iter((*look.found, *look.withheld)))
    return Signal(
        id=derive_id("signal", incident.mode, incident.id, "tag", look.turn, *look.before),
        mode=incident.mode,
        incident_id=incident.id,
        signal="tag",
        minute=moment_of(look.turn * QUARTER_BINS),
        count=first.people,
        minutes=first.minutes,
    )
