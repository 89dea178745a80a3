"""What the page shows: every published dispatch, and what later ones did to it. Nothing here touches a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from uuid import UUID, uuid5

from streams.values import Frozen, Purpose, Utc, digest
from streams.words.delivery import Dispatch
from streams.words.register.entries import StillPicture
from streams.words.release import MENDED_BY_NAME_ONLY, MENDS

IDENTIFIERS = UUID("5b4e3ad2-6a0c-5b51-9f6f-2f9d1a5c7e10")
"""The namespace of all identifiers below: with another one, every reader would take every post for a new one."""
LATEST_FOR = timedelta(hours=24)
"""An incident's newest word is among the latest for so long, counted back from the newest word of all."""


class Published(Frozen):
    """A dispatch and the moment when it was put on the site; `at` is never before the yes to it."""

    at: Utc
    dispatch: Dispatch


@dataclass(frozen=True, slots=True)
class SitePost:
    """A published dispatch and what became of it; all times are those of publication, never those of a yes.

    `withdrawn_at` and `corrected_at` are of the messages that did that.
    """

    dispatch: Dispatch
    at: datetime
    withdrawn_at: datetime | None = None
    corrected_at: datetime | None = None

    @property
    def is_ours(self) -> bool:
        """Whether these are the trust's own words, and not a partner's."""
        return self.dispatch.message.purpose is not Purpose.AMPLIFICATION

    @property
    def picture(self) -> StillPicture | None:
        """The picture that is shown with it: none once it was withdrawn."""
        return None if self.withdrawn_at else self.dispatch.message.picture

    @property
    def incident(self) -> str:
        """Which incident it is about."""
        return self.dispatch.incident_id

    @property
    def updated_at(self) -> datetime:
        """When it last changed."""
        return max(moment for moment in (self.at, self.withdrawn_at, self.corrected_at) if moment)


def anchor(dispatch: Dispatch) -> str:
    """The name of a post in addresses and file names: safe in both, whatever the key."""
    return f"m-{digest(dispatch.key)[:16]}"


def lasting_id(name: str) -> str:
    """The identifier of a feed or of an entry, for ever the same, whatever the address of the site (RFC 4287 4.2.6)."""
    return uuid5(IDENTIFIERS, name).urn


def in_order(published: Iterable[Published]) -> Sequence[Published]:
    """What was published, by the time of the yes to it, however late it was delivered."""
    return sorted(published, key=lambda one: (one.dispatch.authorisation.at, one.dispatch.key))


def targets(ordered: Sequence[Dispatch]) -> Mapping[str, Dispatch]:
    """Which post each correction and withdrawal is about, by key.

    It is the post that it names, else the trust's last post in that incident before it that is not withdrawn.
    """
    found: dict[str, Dispatch] = {}
    standing: dict[str, list[Dispatch]] = {}
    for dispatch in ordered:
        earlier = standing.setdefault(dispatch.incident_id, [])
        if dispatch.message.purpose in MENDS:
            target = _target(dispatch, ordered, earlier=earlier)
            if target:
                found[dispatch.key] = target
            if target in earlier:
                earlier.remove(target)
        if dispatch.message.purpose not in MENDED_BY_NAME_ONLY:
            earlier.append(dispatch)
    return found


def _target(dispatch: Dispatch, ordered: Sequence[Dispatch], *, earlier: Sequence[Dispatch]) -> Dispatch | None:
    follows = dispatch.message.follows
    if follows is None:
        return earlier[-1] if earlier else None
    named = [other for other in ordered if other.message.id == follows and other.incident_id == dispatch.incident_id]
    return named[0] if named else None


def posts(published: Iterable[Published]) -> Sequence[SitePost]:
    """Every post with what became of it, the newest first."""
    ordered = in_order(published)
    about = targets([one.dispatch for one in ordered])
    changed: dict[tuple[str, Purpose], datetime] = {}
    for one in ordered:
        if target := about.get(one.dispatch.key):
            changed[target.key, one.dispatch.message.purpose] = one.at
    return [
        SitePost(
            one.dispatch,
            at=one.at,
            withdrawn_at=changed.get((one.dispatch.key, Purpose.WITHDRAWAL)),
            corrected_at=changed.get((one.dispatch.key, Purpose.CORRECTION)),
        )
        for one in reversed(ordered)
    ]


def on_page(standing: Sequence[SitePost], *, shown_max: int) -> Sequence[SitePost]:
    """What the page and the feed have room for, the newest first.

    Of each incident our newest word comes before all others, then our other words, then those of partners: however
    much a partner says, it pushes none of ours away.
    """
    ours = [post for post in standing if post.is_ours]
    ranked = [*_newest_of_each(ours), *ours, *standing]
    kept = [*dict.fromkeys(post.dispatch.key for post in ranked)][:shown_max]
    return [post for post in standing if post.dispatch.key in set(kept)]


def latest(shown: Sequence[SitePost]) -> Sequence[SitePost]:
    """Of each incident that goes on, our newest word, the newest first; a partner's only where we said nothing at all.

    An incident goes on until its all-clear, or until nothing of ours came for long; the newest of all counts anyhow.
    """
    first, *others = _newest_of_each([post for post in shown if post.is_ours] or shown[:1])
    return [
        first,
        *(
            post
            for post in others
            if post.dispatch.message.purpose is not Purpose.ALL_CLEAR and post.at + LATEST_FOR > first.at
        ),
    ]


def _newest_of_each(standing: Sequence[SitePost]) -> Sequence[SitePost]:
    """Of posts that are newest first, the first of each incident."""
    by_incident = groupby(sorted(standing, key=attrgetter("incident")), key=attrgetter("incident"))
    newest = {id(next(group)) for _, group in by_incident}
    return [post for post in standing if id(post) in newest]


def promise(newest: SitePost, shown: Sequence[SitePost]) -> datetime | None:
    """When the next word comes on the incident of our newest word; None if it is over or no promise is left."""
    for post in shown:
        if post.incident != newest.incident or not post.is_ours:
            continue
        if post.dispatch.message.purpose is Purpose.ALL_CLEAR:
            return None
        promised = post.dispatch.message.next_update_at
        if promised:
            return promised if promised > newest.at else None
    return None
