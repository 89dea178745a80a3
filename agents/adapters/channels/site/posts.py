"""What the page shows: every published dispatch, and what later ones did to it. Nothing here touches a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from streams.values import Purpose, digest
from streams.words.delivery import Dispatch
from streams.words.release import MENDED_BY_NAME_ONLY, MENDS


@dataclass(frozen=True, slots=True)
class SitePost:
    """A published dispatch and what became of it; the times are those of the messages that withdrew or corrected it."""

    dispatch: Dispatch
    withdrawn_at: datetime | None = None
    corrected_at: datetime | None = None

    @property
    def at(self) -> datetime:
        """When it was authorised: seconds before it became public, and the same at every rendering."""
        return self.dispatch.authorisation.at

    @property
    def updated_at(self) -> datetime:
        """When it last changed."""
        return max(moment for moment in (self.at, self.withdrawn_at, self.corrected_at) if moment)


def anchor(dispatch: Dispatch) -> str:
    """The name of a post in addresses and file names: safe in both, whatever the key."""
    return f"m-{digest(dispatch.key)[:16]}"


def in_order(dispatches: Iterable[Dispatch]) -> Sequence[Dispatch]:
    """The dispatches by the time of their authorisation, however late they were delivered."""
    return sorted(dispatches, key=lambda dispatch: (dispatch.authorisation.at, dispatch.key))


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


def posts(dispatches: Iterable[Dispatch]) -> Sequence[SitePost]:
    """Every post with what became of it, the newest first."""
    ordered = in_order(dispatches)
    about = targets(ordered)
    changed: dict[tuple[str, Purpose], datetime] = {}
    for dispatch in ordered:
        if target := about.get(dispatch.key):
            changed[target.key, dispatch.message.purpose] = dispatch.authorisation.at
    return [
        SitePost(
            dispatch,
            withdrawn_at=changed.get((dispatch.key, Purpose.WITHDRAWAL)),
            corrected_at=changed.get((dispatch.key, Purpose.CORRECTION)),
        )
        for dispatch in reversed(ordered)
    ]


def promise(shown: Sequence[SitePost]) -> datetime | None:
    """When the newest post's incident promises its next word; None if the incident is over or no promise is left."""
    newest = shown[0]
    for post in shown:
        if post.dispatch.incident_id != newest.dispatch.incident_id:
            continue
        if post.dispatch.message.purpose is Purpose.ALL_CLEAR:
            return None
        promised = post.dispatch.message.next_update_at
        if promised:
            return promised if promised > newest.at else None
    return None
