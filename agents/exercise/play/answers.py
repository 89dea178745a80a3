"""Scores the desk: when each case had its first answer, and when something was decided about each story.

What takes a case off its clock is its first answer: we are checking, what was done, or that it is closed without one.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from agents.exercise.play.seen import Seen
from agents.exercise.played import AnswerMade, CaseAnswering, StoryDecision
from streams.values import Subject, SubjectKind
from streams.words.cases import (
    CaseAcknowledged,
    CaseAnswered,
    CaseClosed,
    CaseGathered,
    CaseOpened,
    HateSuspected,
)
from streams.words.facts import Fact
from streams.words.listening.stories import RebuttalProposed, StoryLeftAlone, StoryNoted

MINUTE, HOURS_FROM = timedelta(minutes=1), timedelta(hours=3)


def case_answers(seen: Seen, *, now: datetime) -> Iterator[CaseAnswering]:
    """How each case was answered by now, in the order in which they were opened."""
    for name, case_id in seen.cases.items():
        case = Subject(kind=SubjectKind.CASE, id=case_id)
        facts = [fact for fact in seen.facts if fact.subject == case]
        opened = next(fact for fact in facts if isinstance(fact.body, CaseOpened))
        first = next((fact for fact in facts if _how(fact)), None)
        due = _due(facts[: facts.index(first)] if first else facts)
        public = _is_public(case, facts, seen)
        where = "A PUBLIC MESSAGE HOLDS IT" if public else "never in public"
        yield CaseAnswering(
            name=name,
            case_id=case_id,
            opened_at=opened.at,
            due_at=due,
            answered_at=first.at if first else None,
            how=_how(first) if first else None,
            public=public,
            says=f"{_case_words(opened.at, due, first, now=now)}; {where}",
            evidence=tuple(fact.id for fact in (opened, first) if fact),
        )


def story_decisions(seen: Seen, *, now: datetime) -> Iterator[StoryDecision]:
    """What was decided about each story by now, in the order in which they were put before the commander."""
    noted: dict[tuple[str, int], Fact] = {}
    decided: dict[tuple[str, int], Fact] = {}
    for fact in seen.facts:
        match fact.body:
            case StoryNoted(story=number):
                noted.setdefault((fact.subject.id, number), fact)
            case RebuttalProposed(story=number) | StoryLeftAlone(story=number):
                decided.setdefault((fact.subject.id, number), fact)
            case _:
                pass
    for (incident, number), first in noted.items():
        then = decided.get((incident, number))
        took = f"after {_span((then.at if then else now) - first.at)}"
        is_answer = then is not None and isinstance(then.body, RebuttalProposed)
        did = "an answer was proposed" if is_answer else "it was decided not to answer it"
        yield StoryDecision(
            name=f"story {number}",
            incident_id=incident,
            noted_at=first.at,
            decided_at=then.at if then else None,
            says=f"{did} {took}" if then else f"nothing was decided {took}",
            evidence=tuple(fact.id for fact in (first, then) if fact),
        )


def _how(fact: Fact) -> AnswerMade | None:
    match fact.body:
        case CaseAcknowledged():
            return "checking"
        case CaseAnswered():
            return "answered"
        case CaseClosed():
            return "closed"
        case _:
            return None


def _due(facts: Sequence[Fact]) -> datetime | None:
    """By when the case was to be answered, as the last of these facts says."""
    said = [fact.body.answer_by for fact in facts if isinstance(fact.body, CaseOpened | HateSuspected | CaseGathered)]
    return next((at for at in reversed(said) if at), None)


def _is_public(case: Subject, facts: Sequence[Fact], seen: Seen) -> bool:
    """Whether an order about the case brought a public message about, or one holds what the case says."""
    causes = {fact.cause for fact in facts}
    words = [
        text.casefold()
        for fact in facts
        for text in (getattr(fact.body, name, None) for name in ("about", "done"))
        if text
    ]
    return any(
        fact.subject == case
        or fact.cause in causes
        or any(one in text.casefold() for one in words for text in body.message.texts.values())
        for fact, body in seen.authorised()
    )


def _case_words(opened: datetime, due: datetime | None, first: Fact | None, *, now: datetime) -> str:
    at = first.at if first else now
    how = {"checking": "first answer", "answered": "answered", "closed": "closed without an answer", None: "no answer"}
    said = f"{how[_how(first) if first else None]} after {_span(at - opened)}"
    if due is None:
        return said
    if at > due:
        return f"{said}, {_span(at - due)} late"
    return f"{said}, in time with {_span(due - at)} left" if first else f"{said}, and {_span(due - at)} are left"


def _span(span: timedelta) -> str:
    """A span for a person, in minutes, from three hours on in hours, rounded."""
    if span >= HOURS_FROM:
        return f"{round(span / timedelta(hours=1))} hours"
    minutes = round(span / MINUTE)
    return "less than a minute" if span < MINUTE else f"{minutes} minute{'s' if minutes > 1 else ''}"
