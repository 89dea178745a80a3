"""Gathering: which posts become a case of their own, and which join one that is open, so that people can keep up.

A post is one case. A second one of the same person joins it. Calls for help, complaints and abuse are gathered once
there are several in a quarter of an hour; threats, suspected hate crimes and media enquiries stay single for as long as
people could read them. All is judged in the order in which posts came, so it does not matter how they are cut.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from streams.decisions.listening.crowd import BIN_SECONDS
from streams.values import Frozen, Mode, derive_id
from streams.words.cases import CaseSort
from streams.words.listening.routes import POSTS_MAX
from streams.words.posts import Routed

QUARTER, HOUR = 15 * 60 // BIN_SECONDS, 60 * 60 // BIN_SECONDS
HOURS_KEPT = 8 * 24
CASES_MAX = 64
"""So many cases of a sort may be joined; people who write on and on would else make them more and more."""
AGAIN = 2
"""Of a case that others join: said again at so many times the number that was said, or after a quarter of an hour."""


@dataclass(frozen=True, slots=True)
class Bound:
    """So many `single` cases within so many bins of time; others join one.

    Of what `gathers` all join the one for as long as posts come within that time.
    """

    single: int
    within: int
    gathers: bool = False
    to_us_only: bool = False


BOUNDS: Mapping[CaseSort, Bound] = {
    CaseSort.HATE_CRIME: Bound(20, HOUR),
    CaseSort.THREAT: Bound(20, HOUR),
    CaseSort.MEDIA_ENQUIRY: Bound(20, HOUR),
    CaseSort.CALL_FOR_HELP: Bound(2, QUARTER, gathers=True),
    CaseSort.COMPLAINT: Bound(5, HOUR, gathers=True, to_us_only=True),
    CaseSort.ABUSE: Bound(3, HOUR, gathers=True, to_us_only=True),
}
"""The third call for help in a quarter of an hour begins the gathering. `to_us_only`: others are only counted."""


class Joined(NamedTuple):
    """A case that posts may join: `since` its first `post`, `until` its last, of `gathered` ones; `said` are told.

    `person` is whose post it is; None where it takes all. `kept` is how many posts are in `CasePosts`.
    """

    case_id: str
    post: int
    person: int | None
    since: int
    until: int
    said_at: int
    gathered: int = 1
    said: int = 1
    kept: int = 1


class SortHeard(Frozen):
    """What came of one sort: the cases that posts may still join, and posts by hour, those that are no case too."""

    cases: tuple[Joined, ...] = ()
    hours: Mapping[int, int] = {}


class RoutesHeard(Frozen):
    """What came of all sorts, of one incident or of the trust; `newest` is the newest bin of any post."""

    sorts: Mapping[CaseSort, SortHeard] = {}
    newest: int = 0


@dataclass(frozen=True, slots=True)
class Opened:
    """A case is to be opened; `takes_all` if all further posts of its sort join it."""

    case_id: str
    first: Routed
    takes_all: bool = False


@dataclass(frozen=True, slots=True)
class More:
    """A post joins a case. `keep`: it is one of its first. `gathered` is None if its number is not said yet."""

    case_id: str
    post: Routed
    keep: bool
    gathered: int | None


Found = Opened | More


def gather(
    heard: RoutesHeard, posts: Sequence[Routed], *, mode: Mode, about: str, firsts: Mapping[str, str]
) -> tuple[RoutesHeard, list[Found]]:
    """Hear posts of one incident or of the trust, which `about` names, in the order in which they came.

    `firsts` is what its source calls the first post of a case. Two workers, and two days, hash that name to different
    numbers: by the name a repost is known all the same.
    """
    newest, found, known = heard.newest, list[Found](), dict(firsts)
    cases = {sort: list(one.cases) for sort, one in heard.sorts.items()}
    hours = {sort: Counter(one.hours) for sort, one in heard.sorts.items()}
    for post in posts:
        newest = max(newest, post.heard)
        hours.setdefault(post.sort, Counter())[post.heard // HOUR] += 1
        if post.name:
            found += _case(cases.setdefault(post.sort, []), post, newest, parts=(mode, about), known=known)
    return _heard(cases, hours, newest), found


def _heard(
    cases: Mapping[CaseSort, Sequence[Joined]], hours: Mapping[CaseSort, Mapping[int, int]], newest: int
) -> RoutesHeard:
    oldest = newest // HOUR - HOURS_KEPT
    sorts = {
        sort: SortHeard(
            cases=tuple(cases.get(sort, ())),
            hours={hour: count for hour, count in sorted(counts.items()) if hour > oldest},
        )
        for sort, counts in hours.items()
    }
    return RoutesHeard(sorts=sorts, newest=newest)


def is_case(sort: CaseSort, *, addressed: bool) -> bool:
    """Whether a post of this sort may be a case; else it is only counted."""
    return addressed or not BOUNDS[sort].to_us_only


def _case(
    cases: list[Joined], post: Routed, now: int, *, parts: tuple[str, str], known: dict[str, str]
) -> Sequence[Found]:
    """What a post becomes, if it is not known already; `cases`, those of its sort, and `known` are changed."""
    bound = BOUNDS[post.sort]
    if cases and min(one.until for one in cases) <= now - bound.within:
        cases[:] = [one for one in cases if one.until > now - bound.within]
    if any(one.post == post.post or known.get(one.case_id) == post.name for one in cases):
        return ()
    place = _place(cases, post, now)
    if place is not None:
        cases[place], more = _joined(cases[place], post, now)
        return (more,)
    takes_all = _singles(cases, now - bound.within) >= bound.single
    name = derive_id("case", *parts, post.sort, post.post)
    known[name] = post.name
    cases.append(Joined(name, post.post, None if takes_all else post.person, since=now, until=now, said_at=now))
    del cases[:-CASES_MAX]
    return (Opened(name, post, takes_all),)


def _place(cases: Sequence[Joined], post: Routed, now: int) -> int | None:
    """The place of the case that a post joins: that of its person, or the one that takes all."""
    bound = BOUNDS[post.sort]
    all_of_it = None
    for place, one in enumerate(cases):
        if one.person == post.person:
            return place
        if one.person is None:
            all_of_it = place
    if all_of_it is None or bound.gathers or _singles(cases, now - bound.within) >= bound.single:
        return all_of_it
    return None


def _singles(cases: Sequence[Joined], since: int) -> int:
    return sum(one.person is not None and one.since > since for one in cases)


def _joined(case: Joined, post: Routed, now: int) -> tuple[Joined, More]:
    gathered = case.gathered + 1
    says = gathered >= AGAIN * case.said or now >= case.said_at + QUARTER
    keep = case.kept < POSTS_MAX
    after = case._replace(gathered=gathered, until=now, kept=case.kept + keep)
    if says:
        after = after._replace(said=gathered, said_at=now)
    return after, More(case.case_id, post, keep, gathered if says else None)
