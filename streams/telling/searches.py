"""Searches for a sign-off in words: what happened in one, and who is being asked now."""

from collections.abc import Iterator
from datetime import tzinfo

from streams.subjects.incident import Incident
from streams.words.sign_off import (
    PageRecorded,
    PersonPaged,
    PersonPassedOver,
    PersonTold,
    Search,
    SearchEnded,
    SearchFact,
    SearchPaused,
    SearchResumed,
    SignOffSought,
)


def told_search(body: SearchFact, zone: tzinfo) -> str:
    """One line for one fact about a search; contacts are named by their kind, never by address or number."""
    match body:
        case SignOffSought():
            people = ", then ".join(one.name for one in body.asked)
            if body.concern:
                return f"somebody is asked to take it on: {body.concern.words}: {people} (search {body.search_id})"
            what = body.message_id or f"the matter “{body.matter}”"
            return f"a yes to {what} is sought by {body.chain.title}: {people} (search {body.search_id})"
        case PersonPaged(call=call):
            again = ", a reminder" if body.round > 1 else ", once more" if body.attempt > 1 else ""
            by = f"{body.answer_by.astimezone(zone):%H:%M:%S %Z}"
            return f"asking {call.name} by {call.contact.via}, to answer by {by}{again}"
        case PageRecorded():
            return f"page {body.number} {body.outcome}: {body.words}"
        case PersonPassedOver():
            return f"passed over, {body.why.replace('-', ' ')}: {body.reason}"
        case SearchPaused():
            return f"nobody is asked for now: {body.reason} (search {body.search_id})"
        case SearchResumed():
            return f"the search {body.search_id} goes on"
        case PersonTold(call=call):
            return f"telling {call.name} by {call.contact.via} how it was settled: page {body.number}"
        case SearchEnded():
            left = f". Who is left: {', '.join(body.left) or 'nobody'}" if body.outcome == "nobody" else ""
            return f"the search is over, {body.outcome}: {body.reason}{left}"


def told_searches(incident: Incident, zone: tzinfo) -> Iterator[str]:
    """Who is asked now and until when, what was decided, and how searches without an answer ended.

    Each has the identifiers that a command takes.
    """
    for search in incident.searches.values():
        subject, named = search.message_id or _subject(search), f" (search {search.id})"
        if search.asks and search.paused:
            yield f"paused, nobody is asked for {subject}: {search.asks.name} comes next{named}"
        elif search.asks:
            until = f" until {search.answer_by.astimezone(zone):%H:%M:%S %Z}" if search.answer_by else ""
            yield f"being asked for {subject}: {search.asks.name}{until}{named}{search.missed}"
        elif search.ended and (not search.message_id or search.ended.outcome != "answered"):
            yield f"{subject}: {told_search(search.ended, zone)}"


def _subject(search: Search) -> str:
    return f"“{search.concern.words}”" if search.concern else f"“{search.matter}” {search.matter_hash()}"
