"""The wall of a played channel: what hangs on it, and what each act does there by the row of its kind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from streams.decisions.channels.card import ChannelKind, Mend
from streams.words.delivery import Dispatch, Receipt, Resolution, Verb

ENDS = (Verb.WITHDRAW, Verb.UN_REPOST)
LOOKED_BACK = timedelta(minutes=5)
"""A channel that knows words only looks for them so long before the yes: clocks differ."""


@dataclass(slots=True)
class Post:
    """One post. `words` is the dispatch that the public reads in it, encoded as a wire would carry it.

    A post that is `struck` is still there, and the page says that it holds no more. `key` is that of these words,
    `keys` are those of all words that were in it.
    """

    name: str
    key: str
    keys: set[str]
    hung_at: datetime
    words: bytes
    is_struck: bool = False

    @property
    def dispatch(self) -> Dispatch:
        return Dispatch.model_validate_json(self.words)

    @property
    def receipt(self) -> Receipt:
        return Receipt(reference=self.name, words=self.name)


@dataclass(order=True, frozen=True, slots=True)
class Underway:
    """A request that nobody answered, which lands at this moment."""

    lands_at: datetime
    dispatch: Dispatch = field(compare=False)


class Wall:
    """Everything on a played channel. It knows no clock: each act comes with its moment."""

    def __init__(self, kind: ChannelKind) -> None:
        self._kind = kind
        self._knows_keys = kind.resolution is Resolution.SEND_AGAIN
        self._posts: dict[str, Post] = {}
        self._ever: list[bytes] = []
        self._refuses: set[str] = set()
        self._underway: list[Underway] = []
        self.hidden: dict[str, Receipt] = {}

    @property
    def size(self) -> int:
        return len(self._ever)

    @property
    def ever(self) -> Sequence[Dispatch]:
        return [Dispatch.model_validate_json(one) for one in self._ever]

    @property
    def shown(self) -> Sequence[Dispatch]:
        return [post.dispatch for post in self._posts.values() if not post.is_struck]

    def hide(self, dispatch: Dispatch) -> Receipt:
        """Take the dispatch and show it to nobody, as a network does whose moderators hid it."""
        name = f"hidden post {len(self.hidden) + 1}"
        return self.hidden.setdefault(dispatch.key, Receipt(reference=name, words=name))

    def put(self, dispatch: Dispatch, *, at: datetime) -> Receipt:
        """Do what the dispatch says; what the channel knows to be there already is not hung again."""
        self.hidden.pop(dispatch.key, None)
        there = self._known(dispatch, at)
        for one in [*self._targets(dispatch)]:
            if self._knows_keys and self._mend(dispatch) is Mend.EDIT:
                one.is_struck = True
            elif there is None and self._mend(dispatch) is Mend.EDIT and dispatch.verb is Verb.CORRECT:
                there = self._changed(one, dispatch)
            elif one is not there:
                del self._posts[one.name]
        if self._knows_keys and dispatch.target_key:
            self._refuses |= {dispatch.target_key, *(one.key for one in dispatch.earlier)}
        return (there or self._hung(dispatch, at)).receipt

    def hold(self, dispatch: Dispatch, attempt: int, *, at: datetime) -> None:
        """Let a request that is sent now land later, at most as late as the row says; where it says nothing, at once.

        Key and attempt alone decide.
        """
        drawn, latest = Random(f"{dispatch.key} {attempt}").random(), self._kind.settles_after  # noqa: S311 - a played fault keeps no secret
        if latest is None:
            self._land(dispatch, at=at)
        else:
            self._underway.append(Underway(at + drawn * latest, dispatch))

    def pass_to(self, now: datetime) -> None:
        """Let what was on its way be public from the moment at which it landed."""
        for one in sorted(one for one in self._underway if one.lands_at <= now):
            self._underway.remove(one)
            self._land(one.dispatch, at=one.lands_at)

    def _land(self, dispatch: Dispatch, *, at: datetime) -> None:
        """Do what a request says that comes late: it looked for its words long ago, so only a key keeps it out."""
        if self._knows_keys:
            if dispatch.key not in self._refuses:
                self.put(dispatch, at=at)
        elif dispatch.verb is Verb.CORRECT and self._mend(dispatch) is Mend.EDIT and dispatch.target:
            for one in [*self._targets(dispatch)]:
                self._changed(one, dispatch)
        else:
            for one in [*self._targets(dispatch)]:
                del self._posts[one.name]
            self._hung(dispatch, at)

    def seen(self, dispatch: Dispatch) -> Receipt | None:
        """Where the public sees it now; None while it does not, or while what it mends is still as it was."""
        left = [one for one in self._targets(dispatch) if one.key != dispatch.key and not one.is_struck]
        found = None if left else self._own(dispatch)
        return found.receipt if found else None

    def _known(self, dispatch: Dispatch, at: datetime) -> Post | None:
        """The post that it hung before, as far as a channel of this kind can know."""
        own, kind = self._own(dispatch), self._kind
        if own is None:
            return None
        if self._knows_keys:
            return own if kind.key_lasts is None or at < own.hung_at + kind.key_lasts else None
        # A channel that deletes or changes posts looks for what is there before it writes: a mend may be made twice.
        return own if kind.knows_by_words or kind.withdraws in {Mend.EDIT, Mend.DELETE} else None

    def _own(self, dispatch: Dispatch) -> Post | None:
        """The post with its words if a channel of this kind knows nothing but words, else with its key."""
        if not self._kind.knows_by_words:
            return next((one for one in self._posts.values() if one.key == dispatch.key), None)
        texts, since = dispatch.message.texts, dispatch.authorisation.at - LOOKED_BACK
        recent = (one for one in self._posts.values() if one.hung_at >= since)
        there = (one for one in self._posts.values() if one.key == dispatch.key)
        alike = (one for one in recent if texts and one.dispatch.message.texts == texts)
        return next(there, None) or next(alike, None)

    def _mend(self, dispatch: Dispatch) -> Mend:
        """How a channel of this kind treats the post that the dispatch follows."""
        return self._kind.withdraws if dispatch.verb in ENDS else self._kind.corrects

    def _targets(self, dispatch: Dispatch) -> Iterator[Post]:
        """What it changes or deletes. A channel that knows no keys is asked by the receipts, or finds nothing."""
        if dispatch.verb not in {Verb.CORRECT, *ENDS} or self._mend(dispatch) not in {Mend.EDIT, Mend.DELETE}:
            return
        receipts = (dispatch.target, *(one.receipt for one in dispatch.earlier))
        names, keys = {one.reference for one in receipts if one}, set[str]()
        if self._knows_keys or (dispatch.target and not dispatch.target.reference):
            keys = {dispatch.target_key or "", *(one.key for one in dispatch.earlier)}
        yield from (one for one in self._posts.values() if one.name in names or keys & one.keys)

    def _changed(self, post: Post, dispatch: Dispatch) -> Post:
        """The same post, in which the public reads these words now."""
        post.key, post.words = dispatch.key, self._noted(dispatch)
        post.keys.add(dispatch.key)
        return post

    def _hung(self, dispatch: Dispatch, at: datetime) -> Post:
        words = self._noted(dispatch)
        post = Post(f"post {self.size}", dispatch.key, {dispatch.key}, at, words)
        self._posts[post.name] = post
        return post

    def _noted(self, dispatch: Dispatch) -> bytes:
        words = dispatch.model_dump_json().encode()
        self._ever.append(words)
        return words
