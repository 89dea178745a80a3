"""What is kept of people for a case: for as long as the case says, then it is in no table."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from agents.listening.opened_cases import CaseTables, suspected, to_change
from agents.mentions import handle, handle_counts
from streams.decisions.cases.desks import has_it
from streams.decisions.cases.retention import KEPT_AFTER
from streams.decisions.listening.crowd import bin_of
from streams.decisions.listening.keep import WATCH
from streams.decisions.listening.routes.suspected import case_names, suspecting
from streams.decisions.listening.stories import StoryPost, StoryPosts
from streams.subjects.attention import waiting
from streams.subjects.case import Case
from streams.words.attention import CaseRule
from streams.words.cases import (
    AnswerCase,
    CaseSort,
    CloseCase,
    GatherMore,
    Nature,
    OpenCase,
    ReleaseCaseEvidence,
    SuspectHate,
)
from streams.words.listening.routes import CasePosts
from streams.words.posts import MentionCount
from tests import builders
from tests.agents.doubles import MemoryStore, clock_at
from tests.agents.test_routes import THREAT, cases, mentions, needs
from tests.builders import INCIDENT, LIVE, NOW, OFFICER, SIGNER

RECORD = CasePosts(case_id="case-1", posts=("post-1",), authors=(7,), kept_until=NOW + 3 * KEPT_AFTER, about=WATCH)
OPEN = builders.carried_out(
    Case(id="case-1", mode=LIVE), OpenCase(sort=CaseSort.COMPLAINT, about="A wait."), by=OFFICER
)
CLOSED = builders.carried_out(OPEN, CloseCase(reason="Done.", nature=Nature.WAITING), by=OFFICER)
HATE = builders.carried_out(OPEN, SuspectHate(reason="it names a group"), by=OFFICER, id="hate")
PROVEN = builders.carried_out(HATE, CloseCase(reason="The police have it."), by=OFFICER, id="proven")
RELEASED = builders.carried_out(PROVEN, ReleaseCaseEvidence(reason="not needed"), by=OFFICER, id="released")
AGAIN = builders.carried_out(CLOSED, GatherMore(gathered=2), by="mentions-agent", id="again")


async def after(days: float, case: Case | None, record: CasePosts = RECORD) -> CasePosts | None:
    """What the table has of it so many days later, once the time that passed was told."""
    kept = CaseTables(MemoryStore(), MemoryStore[CasePosts](), lambda _: case)
    kept.posts.put(record.case_id, record)
    told = needs(clock=clock_at(NOW + timedelta(days=days)), cases=kept)
    await handle_counts([MentionCount(mode=LIVE, incident_id=WATCH, minutes={})], told)
    return kept.posts.get(record.case_id)


@pytest.mark.parametrize(
    ("case", "days", "stays"),
    [
        (OPEN, 29, True),
        (OPEN, 200, True),
        (CLOSED, 29.9, True),
        (CLOSED, 30, False),
        (AGAIN, 40, True),
        (HATE, 400, True),
        (PROVEN, 400, True),
        (RELEASED, 29.9, True),
        (RELEASED, 31, False),
        (None, 80, True),
        (None, 91, False),
    ],
    ids=lambda given: str(getattr(given, "status", given)),
)
async def test_it_stays_for_as_long_as_the_case_says(case: Case | None, days: float, *, stays: bool) -> None:
    """Thirty days after it was closed; a suspected hate crime's until a person releases it, and a case that is open."""
    assert (await after(days, case) is not None) is stays


async def test_evidence_stays_also_when_its_case_has_left_memory() -> None:
    held = await after(31, PROVEN)
    assert held
    assert held.held
    assert await after(400, None, held) == held


async def test_it_is_written_again_only_if_it_changes() -> None:
    """Else each look would fill the log with it."""
    once = await after(100, OPEN)
    assert once
    kept = CaseTables(MemoryStore(), MemoryStore[CasePosts](), lambda _: OPEN)
    kept.posts.put(once.case_id, once)
    assert [*to_change(kept, now=NOW + timedelta(days=100, minutes=1))] == []
    answered = builders.carried_out(OPEN, AnswerCase(done="We wrote."), by=OFFICER)
    assert [*to_change(replace(kept, case_of=lambda _: answered), now=NOW + timedelta(days=100, minutes=1))] == []


async def test_of_a_routed_post_nothing_is_left_in_any_table() -> None:
    """What came of it was noted under its case; once that is over no table of the agent names post or author."""
    told = needs()
    (order,) = await cases(mentions(1, THREAT), told)
    case = builders.carried_out(Case(id=order.subject.id, mode=LIVE), order.body, by="mentions-agent")
    case = builders.carried_out(case, CloseCase(reason="Rung the police."), by=OFFICER, id="closed")
    kept = told.cases.posts.get(case.id)
    assert kept
    assert kept.posts == ("post-0",)
    known: Mapping[str, Case] = {case.id: case}
    tables = replace(told.cases, case_of=known.get)
    later = replace(told, cases=tables, clock=clock_at(NOW + KEPT_AFTER))
    await handle_counts([MentionCount(mode=LIVE, incident_id=kept.about or "", minutes={})], later)
    await handle(mentions(1, "nothing of ours", first=5, at=later.clock.now()), later)
    parts = (later.told, later.cases, later.tags, later.influence)
    stores = [later.counts, *(getattr(part, one.name) for part in parts for one in fields(part))]
    rows = [[*one.values.values()] for one in stores if isinstance(one, MemoryStore)]
    assert "post-0" not in str(rows)


async def test_the_post_for_which_a_person_opened_a_case_is_kept_with_it_and_stays_as_evidence() -> None:
    """Found by the name of the case, which has no part of the post; another post of the story is not kept."""
    heard = bin_of(NOW)
    posts = (StoryPost("post-7", heard), StoryPost("post-8", heard), StoryPost("post-9", heard + 3))
    shown = MemoryStore[StoryPosts]()
    shown.put(INCIDENT, StoryPosts(posts={4: posts}))
    names = [name for name, _ in case_names(LIVE, INCIDENT, number=4, posts=posts)]
    assert len({*names}) == 3
    case = builders.carried_out(Case(id=names[1], mode=LIVE), suspecting(INCIDENT), by=OFFICER)
    known: Mapping[str, Case] = {case.id: case}
    kept = CaseTables(MemoryStore(), MemoryStore[CasePosts](), known.get, shown)
    told = needs(cases=kept)
    count = MentionCount(mode=LIVE, incident_id=INCIDENT, minutes={})
    assert [one.about for one in suspected(kept, mode=LIVE, now=NOW)] == [INCIDENT]
    await handle_counts([count], told)
    assert kept.posts.keys() == [case.id]
    found = kept.posts.get(case.id)
    assert found
    assert (found.posts, found.authors, found.held) == (("post-8",), (), True)
    assert not [*suspected(kept, mode=LIVE, now=NOW)]
    await handle_counts([count], replace(told, clock=clock_at(NOW + timedelta(days=400))))
    later = kept.posts.get(case.id)
    assert later
    assert (later.posts, later.held) == (("post-8",), True)
    assert "post-8" not in case.model_dump_json()


def test_such_a_case_is_at_the_desk_of_the_person_named_for_hate_crime_and_not_with_who_opened_it() -> None:
    named = builders.register(cases={"hate-crime": CaseRule(id="hate-crime", person=SIGNER)})
    case = builders.carried_out(Case(id="case-9", mode=LIVE), suspecting(INCIDENT), by=OFFICER, register=named)
    assert case.holder is None
    assert has_it(case, named, now=NOW) == [SIGNER]
    assert "untaken" in [one.kind for one in waiting(case, NOW)]
    assert case.suspected
