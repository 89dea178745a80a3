"""Gathering: which posts become a case of their own, and which join one that is open, so that people can keep up.

A post is one case. A second one of the same person joins it. Calls for help, complaints and abuse are gathered once
there are several in a quarter of an hour; threats, suspected hate crimes and media enquiries stay single for as long as
people could read them. All is judged in the order in which posts came, so it does not matter how they are cut.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


class Joined(Frozen):
    """A case that posts may join: `since` its first post, `until` its last; `gathered` posts, of which `said` are told.

    `person` is whose post it is; None where it takes all. `kept` is how many posts are in `CasePosts`.
    """

    case_id: str
    person: int | None
    since: int
    until: int
    gathered: int = 1
    said: int = 1
    said_at: int
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


def gather(heard: RoutesHeard, posts: Sequence[Routed], *, mode: Mode, about: str) -> tuple[RoutesHeard, list[Found]]:
    """Hear posts of one incident or of the trust, which `about` names, in the order in which they came."""
    sorts, newest, found = dict(heard.sorts), heard.newest, list[Found]()
    for post in posts:
        newest = max(newest, post.heard)
        before = _counted(sorts.get(post.sort, SortHeard()), post)
        if post.name:
            before, one = _case(before, post, newest, parts=(mode, about))
            found += [one] if one else []
        sorts[post.sort] = before
    return RoutesHeard(sorts=sorts, newest=newest), found


def is_case(sort: CaseSort, *, addressed: bool) -> bool:
    """Whether a post of this sort may be a case; else it is only counted."""
    return addressed or not BOUNDS[sort].to_us_only


def _counted(heard: SortHeard, post: Routed) -> SortHeard:
    hour = post.heard // HOUR
    hours = {**heard.hours, hour: heard.hours.get(hour, 0) + 1}
    oldest = max(hours) - HOURS_KEPT
    return heard.model_copy(update={"hours": {one: count for one, count in hours.items() if one > oldest}})


def _case(heard: SortHeard, post: Routed, now: int, *, parts: tuple[str, str]) -> tuple[SortHeard, Found | None]:
    bound = BOUNDS[post.sort]
    cases = [one for one in heard.cases if one.until > now - bound.within]
    name = derive_id("case", *parts, post.sort, post.post)
    if any(one.case_id == name for one in cases):
        return heard, None
    singles = sum(one.person is not None and one.since > now - bound.within for one in cases)
    all_of_it = next((one for one in cases if one.person is None), None)
    joined = next((one for one in cases if one.person == post.person), None)
    if joined is None and all_of_it and (bound.gathers or singles >= bound.single):
        joined = all_of_it
    if joined:
        after, more = _joined(joined, post, now)
        cases[cases.index(joined)] = after
        return heard.model_copy(update={"cases": tuple(cases)}), more
    takes_all = singles >= bound.single
    person = None if takes_all else post.person
    case = Joined(case_id=name, person=person, since=now, until=now, said_at=now)
    return heard.model_copy(update={"cases": (*cases, case)[-CASES_MAX:]}), Opened(name, post, takes_all)


def _joined(case: Joined, post: Routed, now: int) -> tuple[Joined, More]:
    gathered = case.gathered + 1
    says = gathered >= AGAIN * case.said or now >= case.said_at + QUARTER
    keep = case.kept < POSTS_MAX
    told = {"said": gathered, "said_at": now} if says else {}
    after = case.model_copy(update={"gathered": gathered, "until": now, "kept": case.kept + keep, **told})
    return after, More(case.case_id, post, keep, gathered if says else None)
