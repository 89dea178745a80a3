"""A night on every kind of channel that a trust may have, each played with the weaknesses of its row.

The channels are those of drills. Judged by what they show: nothing lost, nothing public twice, nothing that was
withdrawn still there, and no outcome unknown that neither time nor a person settles.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from agents.adapters.memory.channel import MemoryChannel
from agents.adapters.memory.played_faults import Trouble
from agents.ports import Channel, NotSent
from streams.decisions.channels.card import ChannelKind, Mend
from streams.decisions.channels.kinds import KINDS, PLAYS, speaking
from streams.decisions.release.delivery_orders import HALF_MADE
from streams.subjects.attention import waiting
from streams.subjects.incident import Incident
from streams.values import Purpose
from streams.words.delivery import (
    SETTLED,
    Delivery,
    DeliveryState,
    DeliveryUnknown,
    Dispatch,
    DoneByHand,
    Look,
    Receipt,
    ResolveDelivery,
)
from streams.words.register.entries import ChannelEntry, Register
from streams.words.release import MENDS, Message
from tests import builders
from tests.builders import LIVE, OFFICER
from tests.scenarios.judging import Broken, asked_everywhere, recorded, rightly_refused
from tests.scenarios.simulation import Simulation, register
from tests.scenarios.world import Pause, World, WorldClock

BY_HAND = {"platform": "whatsapp", "url": "https://network.example/ours"}
CHANGED_THERE = (Mend.EDIT, Mend.DELETE, Mend.BY_HAND)
HANDY = 0.1
LATEST = timedelta(minutes=10)
"""After that nothing is on its way any more."""
HARDEST = (Trouble.LATE, Trouble.LATE, Trouble.LATE, Trouble.ANSWER_LOST, Trouble.HANGS_AFTER)
CARDS: Mapping[str, ChannelKind] = {name: KINDS[name] for name in speaking()}


@dataclass
class Troubled:
    """A played channel whose looks fail now and then as well; it notes what it met."""

    world: World
    kind: ChannelKind
    mode: str = LIVE

    def __post_init__(self) -> None:
        clock = WorldClock(self.world)
        self.played = MemoryChannel(LIVE, self.kind, plan=self._plan, clock=clock, pretends_live=True)

    async def publish(self, dispatch: Dispatch) -> Receipt:
        return await self.played.publish(dispatch)

    async def look(self, dispatch: Dispatch) -> Look:
        await Pause()
        if self.world.chance(0.2):
            raise NotSent("cannot be told now")
        return await self.played.look(dispatch)

    async def check(self) -> str:
        return await self.played.check()

    def _plan(self, dispatch: Dispatch, attempt: int) -> Trouble | None:
        """Any trouble, most often one that hides what became of the words; only a verified kind may hide the words."""
        del dispatch, attempt
        troubles = [one for one in [*Trouble, *HARDEST] if one is not Trouble.HIDDEN or self.kind.is_verified]
        met = self.world.rng.choice(troubles) if self.world.chance(0.7) else None
        self.world.met.append(f"{self.kind.name}: {met}")
        return met


@dataclass
class CardNight(Simulation):
    """Channels of these kinds, which play what `CARDS` says; what the desk takes them for is in the table of kinds.

    If none is named, it is one kind after another from seed to seed, and then all together.
    """

    kinds: tuple[str, ...] = ()
    by_hand: set[str] = field(default_factory=set)
    """The messages that a person put up by hand, and did not delete."""

    def open_channels(self) -> Mapping[str, Channel]:
        each = [*((one,) for one in CARDS), tuple(CARDS)]
        named = self.kinds or each[self.seed % len(each)]
        self.cards: Mapping[str, ChannelKind] = {name: CARDS[name] for name in named}
        return {name: Troubled(self.world, kind) for name, kind in self.cards.items() if not kind.by_hand}

    def night(self) -> Register:
        return register(self.rng, {name: self._entry(name, kind) for name, kind in self.cards.items()})

    def _entry(self, name: str, kind: ChannelKind) -> ChannelEntry:
        if kind.by_hand:
            return builders.channel(name, kind=kind.name, options=BY_HAND)
        return builders.channel(name, options={PLAYS: kind.name}, deadline_seconds=self.rng.choice([2, 10, 60]))

    def on(self, channel: str) -> MemoryChannel:
        """The channel as its own people see it."""
        troubled = self.channels[channel]
        assert isinstance(troubled, Troubled)
        return troubled.played

    def tick(self) -> None:
        super().tick()
        if self.rng.random() < HANDY:
            self.by_own_hand()

    def by_own_hand(self) -> bool:
        """A person does the first thing on the list that is done by hand, and says so; whether there was one."""
        incident = self.incident
        task = next((one for one in waiting(incident, self.world.now) if one.kind == "by-hand"), None)
        if task is None:
            return False
        message = incident.messages[incident.deliveries[task.what].message_id]
        self.by_hand -= {*followed(message, incident)}
        self.by_hand.add(message.id)
        self.give(DoneByHand(delivery_id=task.what), by=OFFICER)
        return True

    def look(self, delivery: Delivery) -> ResolveDelivery:
        """A person compares the channel with what the delivery is for: a withdrawal is there if its message is gone."""
        asked = (one.body for one in reversed(self.facts) if isinstance(one.body, DeliveryUnknown))
        dispatch = next(one.dispatch for one in asked if one.delivery_id == delivery.id)
        channel, kind = self.on(delivery.channel), self.cards[delivery.channel]
        left = {one.message.id for one in channel.shown} & {*followed(dispatch.message, self.incident)}
        is_there = channel.seen(dispatch) is not None and not (left and changes_there(dispatch.message, kind))
        return ResolveDelivery(
            delivery_id=delivery.id, attempt=delivery.attempt, public=is_there, evidence="looked at the channel"
        )

    def _somebody_looks(self) -> bool:
        return self.by_own_hand() or super()._somebody_looks()


def changes_there(message: Message, kind: ChannelKind) -> bool:
    """Whether the words that this message mends are changed or deleted on a channel of this kind."""
    mend = kind.withdraws if message.purpose is Purpose.WITHDRAWAL else kind.corrects
    return message.purpose in MENDS and mend in CHANGED_THERE


def followed(message: Message, incident: Incident) -> Iterator[str]:
    """The message that this one mends and, if that is a correction, those before it."""
    while message.follows and message.purpose in MENDS:
        message = incident.messages[message.follows]
        yield message.id


def watch(sim: Simulation) -> None:
    """At every step: what time does not settle any more is on the list of a person."""
    incident = sim.table.committed
    stuck = {one.id for one in incident.deliveries.values() if one.state is DeliveryState.UNKNOWN and not one.due_at}
    if stuck and (left := stuck - {one.what for one in waiting(incident, sim.world.now)}):
        raise Broken(f"unknown, and no person is asked: {sorted(left)}")


def judge(sim: CardNight) -> None:
    """When nothing is on its way any more: the channels' own view against the record."""
    watch(sim)
    sim.world.now += LATEST
    incident = sim.incident
    for delivery in incident.deliveries.values():
        if delivery.state not in SETTLED:
            raise Broken(f"lost: {delivery.id} on {delivery.channel} ended as {delivery.state}")
        if delivery.state is DeliveryState.REFUSED and delivery.by_hand is None:
            rightly_refused(sim, delivery)
    for name, kind in sim.cards.items():
        here = [one for one in incident.deliveries.values() if one.channel == name]
        shown = sim.by_hand if kind.by_hand else _published(sim, name, here)
        _mended(incident, kind, here, shown)
    asked_everywhere(sim)
    recorded(sim)


def _published(sim: CardNight, name: str, here: Collection[Delivery]) -> Collection[str]:
    """Each message once where it is confirmed, and not there where it is refused; answers with those there now.

    What a channel took, hid, and could not be looked at in time counts as public by its own word. A mend that may be
    half made says so in its reason.
    """
    kind, messages = sim.cards[name], sim.incident.messages
    posts, shown = sim.on(name).posts, {one.message.id for one in sim.on(name).shown}
    ever, hidden = Counter(one.message.id for one in posts), sim.on(name)._wall.hidden
    if doubled := [one for one, count in ever.items() if count > 1]:
        raise Broken(f"doubled on {name}: {doubled}")
    for delivery in here:
        words = messages[delivery.message_id].texts
        was_there = any(
            one.message.id == delivery.message_id or (kind.knows_by_words and one.message.texts == words)
            for one in posts
        )
        if delivery.state is DeliveryState.CONFIRMED and not was_there and delivery.id not in hidden:
            raise Broken(f"lost: {delivery.message_id} never was on {name}, and its delivery is confirmed")
        is_denied = delivery.state is DeliveryState.REFUSED and HALF_MADE not in str(delivery.reason)
        if is_denied and delivery.message_id in shown:
            raise Broken(f"{delivery.message_id} is public on {name}, and its delivery is refused: {delivery.reason}")
    return shown


def _mended(incident: Incident, kind: ChannelKind, here: Collection[Delivery], shown: Collection[str]) -> None:
    """Nothing that was withdrawn, or changed into other words, is there where the kind can delete or change."""
    for delivery in here:
        message = incident.messages[delivery.message_id]
        if delivery.state is DeliveryState.CONFIRMED and changes_there(message, kind):
            left = [one for one in followed(message, incident) if one in shown]
            if left:
                raise Broken(f"undone on {kind.name}: {left} is public after {message.purpose} {message.id}")
