"""A recorded feed, judged post by post by the agent and the rules of the service; nothing is put anywhere."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from agents.adapters.clocks import ScaledClock
from agents.amplification import Needs, handle
from streams.decisions.authority.order import Order
from streams.decisions.desk.judge import judge
from streams.errors import MessageError
from streams.subjects.incident import Incident, Status
from streams.telling.changes import told_event
from streams.values import IncidentType, Mode
from streams.words.facts import CommandRefused, Fact
from streams.words.incident import Declare, Methane
from streams.words.orders import Command
from streams.words.posts import PartnerEvent, PartnerPost
from streams.words.register.entries import Register
from streams.words.release import Amplify, Credit, LineDrafted, MessageAuthorised
from streams.words.stops import DraftWithdrawn

SUPPOSED = "supposed"


def supposed(name: str, *, mode: Mode, at: datetime) -> Incident:
    """An incident of this name that nobody declared, as if it had been declared at this moment."""
    methane = Methane(major_incident=True, exact_location=name, type_of_incident=name)
    declaration = Declare(name=name, type=IncidentType.MAJOR, level=3, methane=methane)
    return Incident(id=SUPPOSED, mode=mode, status=Status.DECLARED, declaration=declaration, declared_at=at)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would become of one post, in a word and in sentences."""

    event: PartnerEvent
    word: str
    says: tuple[str, ...]

    def lines(self, zone: tzinfo) -> Iterator[str]:
        """What a person reads of it."""
        yield told_event(self.event, zone)
        yield from (f"  {one}" for one in self.says)

    def answer(self) -> Mapping[str, Any]:
        """The same for a program."""
        return {"event": self.event.model_dump(mode="json"), "verdict": self.word, "says": self.says}


@dataclass(slots=True)
class Replay:
    """The state of one play: the incidents, and the posts that came so far. It is what the agent needs to be asked."""

    register: Register
    now: datetime
    incidents: dict[str, Incident]
    came: list[PartnerPost] = field(default_factory=list)

    async def judged(self, events: Sequence[PartnerEvent]) -> Sequence[Verdict]:
        """Each event, judged after those before it."""
        return [await self._verdict(one) for one in events]

    async def _verdict(self, event: PartnerEvent) -> Verdict:
        if isinstance(event, PartnerPost):
            self.came.append(event)
        clock = ScaledClock(self.now, elapsed=lambda: 0.0)
        try:
            orders = await handle(event, Needs(clock, lambda: self.register, self, self))
        except MessageError as error:
            return Verdict(event, "set-aside", (f"does not go out: {error}",))
        facts = [fact for order in orders for fact in self._facts(order)]
        return Verdict(event, *_outcome(orders, facts, spoken_of=[*self.incidents.values()]))

    def _facts(self, order: Command) -> Sequence[Fact]:
        """What an order gives now, kept for the posts after it; nothing of one that is about no incident."""
        state = self.incidents.get(order.subject.id)
        if state is None:
            return ()
        given = Order(order, state, self.register, self.now)
        facts, after = judge(given, run="replay", register_version=self.register.version())
        if isinstance(after, Incident):
            self.incidents[after.id] = after
        return facts

    async def live(self) -> Sequence[Incident]:
        """As `Incidents`."""
        return [one for one in self.incidents.values() if one.is_live]

    async def all(self) -> Mapping[str, Incident]:
        """As `Incidents`."""
        return self.incidents

    async def carrying(self, credit: Credit) -> Sequence[str]:
        """As `Incidents`."""
        post = (credit.account_id, credit.post_id)
        return [one.id for one in self.incidents.values() if post in _carried(one)]

    async def carried_of(self, account_id: str) -> Mapping[str, Sequence[str]]:
        """As `Incidents`."""
        found = {one.id: [post for whose, post in _carried(one) if whose == account_id] for one in await self.live()}
        return {name: posts for name, posts in found.items() if posts}

    async def recent(self) -> Sequence[PartnerPost]:
        """As `RecentPosts`."""
        return [*{(one.account_id, one.post_id): one for one in self.came}.values()]

    async def versions(self, account_id: str, post_id: str) -> Sequence[PartnerPost]:
        """As `RecentPosts`."""
        return [one for one in self.came if (one.account_id, one.post_id) == (account_id, post_id)]

    async def before(self, post: PartnerPost, since: datetime, *, accounts: Collection[str]) -> Sequence[PartnerPost]:
        """As `RecentPosts`."""
        earlier = [one for one in reversed(self.came) if one.account_id in accounts and one.at >= since]
        return [one for one in earlier if one.post_id != post.post_id]


def _carried(incident: Incident) -> set[tuple[str, str]]:
    credits_given = [one.credit for one in incident.messages.values() if one.credit]
    return {(one.account_id, one.post_id) for one in credits_given}


def _outcome(
    orders: Sequence[Command], facts: Sequence[Fact], *, spoken_of: Sequence[Incident]
) -> tuple[str, tuple[str, ...]]:
    """In a word and in sentences what these orders and facts mean for the post that brought them."""
    found, word = list[str](), "left-alone"
    for fact in facts:
        match fact.body:
            case MessageAuthorised(message=message) if message.credit:
                word = "goes-out"
                found += [f"GOES OUT on {', '.join(message.channels)}: {text}" for text in message.texts.values()]
            case MessageAuthorised(message=message):
                found.append(f"our copy is TAKEN BACK on {', '.join(message.channels)}")
            case LineDrafted(message=message):
                word = "waits"
                found += ["WAITS for a person's yes:", *(f"  {one}" for one in message.doubts)]
            case DraftWithdrawn(reason=reason):
                found.append(f"the draft of its earlier words is withdrawn: {reason}")
            case CommandRefused(reasons=reasons):
                word = "refused"
                found += [f"does not go out: {one}" for one in reasons]
            case _:
                pass
    if not found and not any(isinstance(one.body, Amplify) for one in orders):
        names = ", ".join(one.declaration.name for one in spoken_of if one.declaration)
        found.append(f"nothing goes out: {f'it does not speak of {names}' if names else 'no incident is declared'}")
    return word, tuple(found)
