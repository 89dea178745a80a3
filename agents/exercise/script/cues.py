"""Cues: what each inject of a scenario puts on which topic, and when. `latest-...` is looked up at that moment."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from agents.exercise.script.crisislex import read_posts
from agents.exercise.script.crowd import CrowdPost, crowd, slices
from agents.exercise.script.keys import as_given
from agents.exercise.script.loader import UnusableScenario
from agents.exercise.script.recordings import Recordings
from agents.exercise.script.scenario import OF_CASES, Inject, PlayedRecording, Scenario, ScriptedPost
from streams.decisions.desk.order_table import ORDERS
from streams.decisions.listening.routes.router import our_accounts
from streams.subjects.incident import Incident
from streams.topics import Event
from streams.values import Subject, SubjectKind, derive_id
from streams.words.orders import CommandBody, command
from streams.words.posts import Mention, PartnerPost
from streams.words.register.entries import Register
from streams.words.release import SignOff

LATEST = "latest-"
LATEST_DRAFT = "latest-draft"
LATEST_SEARCH = "latest-search"
AS_READ = "as-read"


@dataclass(frozen=True, slots=True)
class Play:
    """What all cues of a play share."""

    scenario: Scenario
    mode: str
    register: Register
    recordings: Recordings = field(default_factory=Recordings)


@dataclass(frozen=True, slots=True)
class Subjects:
    """What an order can be about by now: the incidents, and the identifiers of the cases by names as `complaint 1`."""

    incidents: Mapping[str, Incident]
    cases: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cue:
    """Something to put on a topic at a time from the start. `posts` are counted and not shown; `label` is drawn."""

    at: timedelta
    tells: str
    build: Callable[[Subjects, datetime], Sequence[Event]]
    name: str = ""
    label: str = ""
    posts: Sequence[CrowdPost] = field(default_factory=tuple)


def cues(play: Play, folder: Path | None) -> list[Cue]:
    """All cues of the scenario, in order; `UnusableScenario` if it wants a folder of posts and none is given."""
    found: list[Cue] = []
    for number, inject in enumerate(play.scenario.injects):
        found += _cues(play, inject, number, folder)
    return sorted(found, key=lambda cue: cue.at)


def name_of(inject: Inject, number: int) -> str:
    """An inject's name, or its number."""
    return inject.name or f"inject-{number}"


def _cues(play: Play, inject: Inject, number: int, folder: Path | None) -> Iterator[Cue]:
    name = name_of(inject, number)
    if inject.mentions:
        said = crowd(inject.mentions, begins=inject.at, seed=f"{play.scenario.seed}/{number}")
        yield from _mentions(play, name, said, inject)
    elif inject.folder_posts:
        if folder is None:
            raise UnusableScenario(["this scenario plays the posts of a folder: name one with --mentions"])
        said = read_posts(folder, begins=inject.at, lasts=inject.folder_posts.lasts)
        yield from _mentions(play, name, said, inject)
    elif inject.post:
        post = _post(play, inject.post, inject)
        label = _label(play, post)
        yield Cue(inject.at, _tells_post(post), lambda _, now: [post.model_copy(update={"at": now})], name, label)
    elif inject.recording:
        yield from _recording(play, inject, inject.recording, name)
    elif inject.order:
        yield _order_cue(play, inject, inject.order, name)


def _recording(play: Play, inject: Inject, recording: PlayedRecording, name: str) -> Iterator[Cue]:
    """A cue for each new post of a recording, and what of it the parser does not take."""
    now = play.scenario.start + inject.at
    posts, faults = play.recordings.posts(recording, play.register, mode=inject.mode or play.mode, now=now)
    behind = "".join(f"; not taken: {one}" for one in faults)
    for post in posts:
        tells = f"heard in {recording.file}: {_tells_post(post)}{behind}"
        yield Cue(inject.at, tells, _always([post]), name, _label(play, post))
        behind = ""


def _order_cue(play: Play, inject: Inject, order: CommandBody, name: str) -> Cue:
    mode, incident_id = inject.mode or play.mode, inject.incident or play.scenario.incident

    person = play.register.people.get(inject.by or "")

    def build(subjects: Subjects, now: datetime) -> Sequence[Event]:
        body = resolve(order, subjects.incidents.get(incident_id))
        by = inject.by or "nobody"
        about = Subject.incident(incident_id)
        if order.kind in OF_CASES:
            about = _case(inject, subjects, new=derive_id("case", play.mode, name))
        given = command(body, cause=name, mode=mode, subject=about, at=now, by=by)
        return [as_given(given, person, scenario=play.scenario) if person else given]

    who = person.called if person else inject.by
    of = f", {inject.case}" if inject.case else ""
    return Cue(inject.at, f"{who} orders: {ORDERS[type(order)].words}{of}", build, name)


def _case(inject: Inject, subjects: Subjects, *, new: str) -> Subject:
    """The case that the inject names, else a new one; the desk refuses an order about one that nobody opened."""
    unknown = (inject.case or "").replace(" ", "-")
    found = subjects.cases.get(inject.case, unknown) if inject.case else new
    return Subject(kind=SubjectKind.CASE, id=found)


def resolve(order: CommandBody, incident: Incident | None) -> CommandBody:
    """The order with each `latest-...` and `as-read` replaced by what it means in the incident now."""
    if incident is None:
        return order
    called = {name: value for name, value in order if isinstance(value, str) and value.startswith(LATEST)}
    named = order.model_copy(update={name: _latest(value, incident) for name, value in called.items()})
    if (
        isinstance(named, SignOff)
        and named.content_hash == AS_READ
        and (draft := incident.drafts.get(named.message_id))
    ):
        return named.model_copy(update={"content_hash": draft.content_hash})
    return named


def _latest(name: str, incident: Incident) -> str:
    """The newest draft, search, or message of a purpose; a name that fits none stays as it is."""
    if name == LATEST_DRAFT:
        return next(reversed([*incident.drafts]), name)
    if name == LATEST_SEARCH:
        return next(reversed([*incident.searches]), name)
    newest = reversed([*incident.messages.values()])
    return next((message.id for message in newest if f"{LATEST}{message.purpose}" == name), name)


def _post(play: Play, post: ScriptedPost, inject: Inject) -> PartnerPost:
    """A post of a registered partner, or of an account that the scenario invents."""
    partner = play.register.partners.get(post.partner or "")
    if post.partner and partner is None:
        known = ", ".join(play.register.partners)
        raise UnusableScenario([f"the register has no partner {post.partner}: choose one of {known}"])
    account = post.account_id or (partner.account_id if partner else "account-unknown")
    return PartnerPost(
        id=derive_id("post", play.mode, account, post.post_id, post.change, post.text),
        mode=inject.mode or play.mode,
        change=post.change,
        genre=post.genre,
        account_id=account,
        domain=post.domain or (partner.domain if partner else "unknown.example"),
        post_id=post.post_id,
        at=play.scenario.start + inject.at,
        text=post.text,
        language=post.language,
        hashtags=post.hashtags,
        url=post.url,
    )


def _label(play: Play, post: PartnerPost) -> str:
    known = {account: partner.id for partner in play.register.partners.values() for account, _ in partner.pins}
    label = known.get(post.account_id, post.domain)
    return label if post.change == "new" else f"{label} {post.change}"


def _tells_post(post: PartnerPost) -> str:
    done = {"new": "posts", "edited": "edits its post", "deleted": "deletes its post"}[post.change]
    return f"{post.account_id} at {post.domain} {done}: {post.text}"


def _mentions(play: Play, name: str, posts: Sequence[CrowdPost], inject: Inject) -> Iterator[Cue]:
    for number, (at, batch) in enumerate(slices(posts)):
        tells = f"{len(posts)} public posts begin to come" if number == 0 else ""
        built = [_mention(play, post, f"{name}/{number}/{place}", inject) for place, post in enumerate(batch)]
        yield Cue(at, tells, _always(built), name, posts=batch)


def _always(messages: Sequence[Event]) -> Callable[[Subjects, datetime], Sequence[Event]]:
    return lambda _, __: messages


def _mention(play: Play, post: CrowdPost, place: str, inject: Inject) -> Mention:
    return Mention(
        id=derive_id("mention", play.mode, place),
        mode=inject.mode or play.mode,
        author_id=post.author,
        at=play.scenario.start + post.at,
        text=post.text,
        addressed=our_accounts(play.register)[:1] if inject.mentions and inject.mentions.to_us else (),
    )
