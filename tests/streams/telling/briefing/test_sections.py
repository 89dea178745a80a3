"""The briefing: each section says what is known, in figures that were counted by hand, and says what is not known."""

from datetime import timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agents.runtime.views.console_words import LANGUAGES, console_says
from streams.decisions.listening.crowd import PeopleHeard
from streams.decisions.listening.surge import Counts, Surge
from streams.subjects.case import Case, CaseStatus
from streams.subjects.incident import Incident
from streams.subjects.register_log import RegisterLog
from streams.telling.briefing.letter import briefing_lines
from streams.telling.briefing.sections import SECTIONS, BriefingLine, Situation
from streams.telling.briefing.volume import QUARTER, QUARTERS_MAX, quarters_heard
from streams.words.cases import CaseSort
from streams.words.feeds import FeedNoted
from streams.words.influence.entries import InfluenceCategory
from streams.words.listening.influence import ListedNoted
from streams.words.listening.stories import DecideNotToAnswer, StoryNoted
from streams.words.listening.tags import TagsNoted, TagUse, TagWithheld
from tests import builders
from tests.builders import INCIDENT, NOW
from tests.storytelling import counts
from tests.streams.telling.test_brief import confirmed

LONDON = ZoneInfo("Europe/London")
LAST = int(NOW.timestamp()) // (15 * 60)
"""The running quarter of an hour, which began at 22:30."""
HEARD = Counts(
    total=90,
    quarters={LAST - 3: 4, LAST - 2: 41, LAST - 1: 12, LAST: 1},
    since=LAST - 3,
    surges=(Surge(NOW - timedelta(minutes=25), 25, 5, 2.4),),
)


def case(name: str, sort: CaseSort, *, late: bool = False, incident: str | None = INCIDENT) -> Case:
    by = NOW - timedelta(minutes=1) if late else NOW + timedelta(hours=1)
    return Case(id=name, mode="live", status=CaseStatus.OPEN, sort=sort, answer_by=by, incident=incident)


def known(counts: Counts = HEARD, incident: Incident | None = None, **more: Any) -> Situation:
    return Situation(incident or confirmed(builders.released()), counts, NOW, **more)


def said(name: str, about: Situation) -> list[BriefingLine]:
    return [*SECTIONS[name](about)]


def talked_of() -> Incident:
    """An incident with a message out, twelve stories, hashtags in use, and posts of listed authors."""
    people = {1: 19, 2: 24, 3: 30, 4: 9, 5: 8, 6: 7, **dict.fromkeys(range(7, 13), 6)}
    told = [StoryNoted(story=one, counts=counts(people=count), nearest="visiting") for one, count in people.items()]
    tags = (
        TagUse(tag="#ashbycrash", people=9, minutes=5),
        TagUse(tag="#ashbyfire", people=7, minutes=10, partner="vale-police", partner_name="Vale Police"),
        TagUse(tag="#valefire", people=0, minutes=1, partner="vale-police", partner_name="Vale Police"),
    )
    withheld = TagWithheld(people=6, minutes=9, reason="it may name a person")
    noted = TagsNoted(tags=tags, withheld=(withheld,), overtook="#ashbyfire")
    listed = ListedNoted(category=InfluenceCategory.MP, posts=2, since=NOW)
    incident = builders.after(confirmed(builders.released()), [*told, noted, listed])
    return builders.carried_out(incident, DecideNotToAnswer(story=3, reason="It says nothing of us."))


def test_the_last_whole_quarter_of_an_hour_is_compared_with_the_usual_and_the_highest_is_told() -> None:
    first, peak = said("circulating", known())
    assert (first.gaps["people"], first.gaps["total"]) == (12, 90)
    assert first.gaps["moment"] == NOW.replace(minute=15)
    assert (peak.gaps["people"], peak.gaps["moment"]) == (41, NOW.replace(minute=0))


def test_the_newest_surge_comes_first_and_three_are_told() -> None:
    several = HEARD.model_copy(update={"surges": tuple(Surge(NOW, n, 5, 0.4) for n in range(5))})
    assert [one.gaps["people"] for one in said("surges", known(several))] == [4, 3, 2]
    assert [one.gaps["usual"] for one in said("surges", known())] == [2]


def test_cases_are_counted_by_sort_with_those_that_are_late_and_without_those_of_other_incidents() -> None:
    cases = [
        case("c-1", CaseSort.COMPLAINT),
        case("c-2", CaseSort.COMPLAINT, late=True),
        case("c-3", CaseSort.MEDIA_ENQUIRY, incident=None),
        case("c-4", CaseSort.THREAT, incident="inc-other"),
        case("c-5", CaseSort.ABUSE).model_copy(update={"status": CaseStatus.CLOSED}),
    ]
    media, complaints = said("cases", known(cases=cases))
    assert (media.gaps["open"], media.gaps["late"], media.urgent) == (1, 0, False)
    assert (complaints.gaps["open"], complaints.gaps["late"], complaints.urgent) == (2, 1, True)
    assert [one.name for one in said("cases", known())] == ["no-cases"]


def test_the_stories_that_most_people_tell_are_told_with_their_counts_and_whether_we_answered() -> None:
    """Ten of them; one that many people tell and nothing of ours answers is urgent."""
    found = said("stories", known(incident=talked_of()))
    told = [one for one in found if one.name == "briefing-story"]
    assert [(one.gaps["story"], one.gaps["people"], one.urgent) for one in told] == [
        (3, 30, False),
        (2, 24, True),
        (1, 19, False),
        (4, 9, False),
        (5, 8, False),
        (6, 7, False),
        *((story, 6, False) for story in (7, 8, 9, 10)),
    ]
    assert [getattr(one.gaps["answer"], "name", None) for one in told[:2]] == ["story-left-alone", "story-open"]
    assert (told[0].gaps["posts"], told[0].gaps["wordings"], told[0].gaps["asking"]) == (27, 9, 3)
    assert [one.gaps["story"] for one in found if one.name == "briefing-nearest"] == [2, 1, *range(4, 11)]
    assert (found[-1].name, found[-1].gaps["count"]) == ("stories-more", 2)


def test_hashtags_are_told_with_why_they_were_offered_and_how_many_messages_of_ours_have_each() -> None:
    """One that is not offered is not named."""
    found = said("tags", known(incident=talked_of()))
    assert [(one.name, one.gaps.get("tag"), one.gaps.get("ours")) for one in found] == [
        ("briefing-tag", "#ashbycrash", 1),
        ("briefing-tag-both", "#ashbyfire", 0),
        ("briefing-tag-partner", "#valefire", 0),
        ("briefing-tag-overtook", "#ashbycrash", None),
        ("briefing-tag-withheld", None, None),
    ]
    (own,) = said("tags", known())
    assert (own.name, own.gaps["tag"], own.gaps["ours"]) == ("briefing-tag-own", "#AshbyCrash", 1)
    assert not said("tags", known(incident=builders.declared()))


def test_posts_of_listed_authors_are_told_by_their_number() -> None:
    (one,) = said("listed", known(incident=talked_of()))
    assert (one.gaps["posts"], one.gaps["moment"]) == (2, NOW)


def test_that_nothing_of_ours_is_public_is_urgent() -> None:
    assert [one.urgent for one in said("beside", known(incident=builders.released()))] == [True, False]
    assert [one.gaps.get("count") for one in said("beside", known())] == [1, None]


def test_what_is_not_known_is_said() -> None:
    fault = FeedNoted(account="police", partner="police", fault="it gives no answer")
    log = RegisterLog(mode="live", feeds={"police": fault})
    names = [one.name for one in said("unread", known(Counts(), register_log=log))]
    assert names == ["briefing-unheard", "briefing-feed", "briefing-no-followers", "briefing-only-public"]
    sampled = HEARD.model_copy(update={"people": PeopleHeard(level=1), "followers": 1200, "with_followers": 3})
    names = [one.name for one in said("unread", known(sampled))]
    assert names == ["briefing-sample", "briefing-followers", "briefing-only-public"]


def test_surges_and_our_words_are_marked_in_their_quarter_and_a_day_is_shown_at_most() -> None:
    quarters = quarters_heard(HEARD, confirmed(builders.released()), now=NOW)
    marked = {(one.at, mark.sort) for one in quarters for mark in one.marks}
    assert marked == {(NOW.replace(minute=0), "surge"), (NOW.replace(minute=30), "release")}
    assert [one.people for one in quarters] == [0, 0, 0, 0, 4, 41, 12, 1]
    assert all(later.at - earlier.at == QUARTER for earlier, later in pairwise(quarters))
    later = quarters_heard(HEARD, builders.released(), now=NOW + timedelta(days=3))
    assert len(later) == QUARTERS_MAX


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_has_its_sentences_and_its_heading_in_this_language(language: str) -> None:
    fault = FeedNoted(account="police", partner="police", fault="it gives no answer")
    log = RegisterLog(mode="live", feeds={"police": fault})
    cases = [case(f"c-{sort}", sort, late=late) for sort in CaseSort for late in (True, False)]
    lines = "\n".join(
        line
        for counts in (Counts(), HEARD.model_copy(update={"followers": 5, "with_followers": 1}))
        for line in briefing_lines(
            known(counts, talked_of(), cases=cases, register_log=log), console_says(language, is_live=True), zone=LONDON
        )
    )
    assert all(console_says(language, is_live=True)(f"briefing-{name}") in lines for name in SECTIONS)
    assert "22:15" in lines
    assert "{" not in lines
