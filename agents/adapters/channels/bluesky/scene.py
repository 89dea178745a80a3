"""A scene: what a dispatch means to be on the account, what is there, and what follows from both. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agents.adapters.admission import deletion_of
from agents.adapters.channels.bluesky.records import (
    POST,
    REPOST,
    Place,
    Value,
    place_at,
    places_of,
    posts_of,
    public_link,
    repost_of,
    says_the_same,
    shared_post,
)
from streams.words.delivery import Dispatch, Look, Receipt, Sight, Verb

ENDS_ITS_TARGET = (Verb.WITHDRAW, Verb.UN_REPOST)
FOLLOWS = (Verb.CORRECT, *ENDS_ITS_TARGET)


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that the account holds. A server that hides it gives neither its version nor its value."""

    place: Place
    version: str | None = None
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """`held` is what lies at the places of the dispatch, `target` what is left of the message that it follows."""

    did: str
    dispatch: Dispatch
    held: Mapping[Place, Kept]
    target: Mapping[Place, Kept]

    @property
    def meant(self) -> Mapping[Place, Value]:
        """The records that should be there. None for the end of a share, which needs no words: it is simply gone."""
        if self.dispatch.verb is Verb.UN_REPOST and not self._was_a_copy():
            return {}
        return own_records(self.dispatch)

    @property
    def lacking(self) -> Mapping[Place, Value]:
        """The records that have to be made still."""
        return {place: value for place, value in self.meant.items() if place not in self.held}

    @property
    def left(self) -> Sequence[Place]:
        """The records that have to be deleted still."""
        return [*self.target] if self.dispatch.verb in ENDS_ITS_TARGET else []

    def mended(self, language: str | None) -> Kept | None:
        """The post that words in this language answer to: one in the same language, else the first that can be seen."""
        posts = [one for one in self.target.values() if one.place.collection == POST and one.value]
        same = (one for one in posts if one.value and language in one.value.get("langs", ()))
        return next(same, next(iter(posts), None))

    def receipt(self) -> Receipt:
        """Where the message is, once it is there; the same however often it is asked for."""
        meant = self.meant
        if not meant:
            return deletion_of(self.dispatch) or Receipt(words="the share is gone from our Bluesky account")
        first = next(iter(meant))
        uri, kept = first.uri(self.did), self.held.get(first)
        languages = ", ".join(self.dispatch.message.texts)
        shared = meant[first]["subject"]["uri"] if first.collection == REPOST else None
        return Receipt(
            reference=uri,
            version=kept.version if kept else None,
            url=public_link(shared or uri),
            words="shared by our Bluesky account" if shared else f"on our Bluesky account in {languages}",
        )

    def seen(self) -> Look:
        """What the account's own server shows of it."""
        meant, receipt = self.meant, self.receipt()
        if self.left and not (meant and self.held):
            return Look(sight=Sight.ABSENT)
        if self.left:
            return Look(
                sight=Sight.DIFFERENT,
                receipt=receipt,
                why=f"what we took back is there again, at {_links(self.did, self.left)}: delete it by hand",
            )
        if meant and not self.held:
            return Look(sight=Sight.ABSENT)
        if why := self._missing() or self._other():
            return Look(sight=Sight.DIFFERENT, receipt=receipt, why=why)
        if any(kept.value is None for kept in self.held.values()):
            why = "the network's moderators hide it: ask its support, and tell the public another way"
            return Look(sight=Sight.HIDDEN, receipt=receipt, why=why)
        return Look(sight=Sight.SHOWN, receipt=receipt)

    def _missing(self) -> str | None:
        gone = [language for value in self.lacking.values() for language in value.get("langs", ("unnamed language",))]
        return f"the post in {', '.join(gone)} is not there: somebody deleted it" if gone else None

    def _other(self) -> str | None:
        changed = [
            place
            for place, value in self.meant.items()
            if (kept := self.held.get(place)) and kept.value is not None and not says_the_same(kept.value, value)
        ]
        return f"other words are in its place, at {_links(self.did, changed)}: look who wrote them" if changed else None

    def _was_a_copy(self) -> bool:
        """Whether the partner's post went out as a post of ours, whose end the public is told."""
        target = self.dispatch.target
        place = place_at(target.reference, self.did) if target and target.reference else None
        there = [*self.target, *self.held, *([place] if place else [])]
        return any(one.collection == POST for one in there)


def target_places(dispatch: Dispatch, did: str) -> Sequence[Place]:
    """Where records of what this one mends or ends may lie; keys tell that also without a receipt."""
    if dispatch.verb not in FOLLOWS:
        return []
    reference = dispatch.target.reference if dispatch.target else None
    named = place_at(reference, did) if reference else None
    derived: Sequence[Place] = ()
    if dispatch.target_key is not None and dispatch.target_at is not None:
        derived = places_of(dispatch.target_key, dispatch.target_at)
    earlier = [place for one in dispatch.earlier for place in places_of(one.key, one.at)]
    return list(dict.fromkeys([*derived, *earlier, *([named] if named else [])]))


def own_records(dispatch: Dispatch) -> Mapping[Place, Value]:
    """The records of a dispatch itself; a post that the network can share is shared, any other is told in words."""
    uri = shared_post(dispatch) if dispatch.verb is Verb.REPOST else None
    return repost_of(dispatch, {"uri": uri}) if uri else posts_of(dispatch)


def _links(did: str, places: Iterable[Place]) -> str:
    return ", ".join(public_link(place.uri(did)) for place in places)
