"""Afterwards: words that people made public by hand while this service was down come into the record, so marked."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from streams.decisions.authority.freshness import CLOCK_SKEW_MAX
from streams.decisions.authority.order import Order
from streams.decisions.authority.power_for import POWER_FOR
from streams.decisions.authority.powers import may_on_all
from streams.decisions.channels.kinds import PLATFORM
from streams.decisions.release import by_hand
from streams.decisions.release.release_orders import doubled
from streams.decisions.verdict import Allowed, Refused, reasons_of
from streams.decisions.wording.contents import contents_faults
from streams.moments import told_in
from streams.signs import composed_each
from streams.values import Form, Power, Purpose, derive_id, sentence
from streams.why import because
from streams.words.delivery import ByHand, MessageReported, Receipt
from streams.words.facts import FactBody
from streams.words.release import MENDS, Authorisation, Message, RecordByHand

NOT_OURS = frozenset({Purpose.AMPLIFICATION, Purpose.PLANNED})


def record(order: Order, body: RecordByHand) -> Sequence[FactBody]:
    """Take the words into the record as a person reports them; they are public, so what is wrong is only a doubt."""
    act = order.act(Power.RESOLVE_DELIVERY)
    verdict = may_on_all(order.command.by, act, channels=tuple(body.links), register=order.register)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    if reasons := [*_misfits(order, body)]:
        return order.refused(*reasons)
    message = Message(
        id=derive_id("msg", order.command.id),
        purpose=body.purpose,
        texts=composed_each(body.texts),
        channels=tuple(body.links),
        expires_at=body.put_at,
        template=body.template,
        follows=body.follows,
        next_update_at=body.next_update_at,
    )
    if public := doubled(order, message):
        form = "these words are out, were out, or are on their way on {channels}: look at the status"
        return order.refused(because("words-out", form, channels=order.register.places_of(public)))
    rule, doubts = _yes_of(order, body, message)
    message = message.with_doubts(doubts)
    yes = Authorisation(
        person=body.said_yes,
        power=POWER_FOR[body.purpose],
        rule=sentence(rule),
        register_version=order.register.version(),
        content_hash=message.content_hash,
        at=body.put_at,
        until=body.put_at,
        reported_by=order.command.by,
    )
    words = sentence(f"put there by hand, as {order.register.called(order.command.by)} reports")
    on = {channel: Receipt(words=words, url=link or None, at=body.put_at) for channel, link in body.links.items()}
    tasks = {channel: _task(order, channel, link=link) for channel, link in body.links.items() if link}
    return [MessageReported(message=message, yes=yes, on=on, by_hand=tasks)]


def _misfits(order: Order, body: RecordByHand) -> Iterator[str]:
    if body.said_yes not in order.register.people:
        form = "{person}, who said yes, is not on the register: name the person as the register has them"
        yield because("yes-unknown", form, person=body.said_yes)
    if strange := sorted(body.links.keys() - order.register.channels.keys()):
        known = ", ".join(order.register.channels)
        form = "there is no channel {channels}: name channels of {known}"
        yield because("no-channels", form, channels=", ".join(strange), known=known)
    if body.put_at > order.now + CLOCK_SKEW_MAX:
        form = "{time} lies ahead, and these words are out: say when they were put there"
        yield because("put-ahead", form, time=told_in(order.zone, body.put_at))
    if body.purpose in NOT_OURS:
        form = "words for {purpose} are none that an incident has by hand: name another purpose"
        yield because("not-by-hand-purpose", form, purpose=body.purpose)
    if body.purpose in MENDS and body.follows is None:
        form = "a {purpose} is about another message: name it as the one that this follows"
        yield because("about-another", form, purpose=body.purpose)
    if body.follows and body.follows not in order.incident.messages:
        form = "no message {message} is in the record for it to follow: enter that one first, or see the status"
        yield because("not-in-record", form, message=body.follows)


def _yes_of(order: Order, body: RecordByHand, message: Message) -> tuple[str, tuple[str, ...]]:
    """The rule by which that person could say yes then, and what is wrong with the words or with the yes."""
    act = replace(order.act(POWER_FOR[body.purpose]), at=body.put_at)
    verdict = may_on_all(body.said_yes, act, channels=message.channels, register=order.register)
    found = [*contents_faults(message, order.register, holds=order.incident.holds)]
    if isinstance(verdict, Allowed):
        return verdict.rule, tuple(found)
    form, called = "the yes of {person} is in doubt: {why}", order.register.called(body.said_yes)
    unable = [because("yes-in-doubt", form, person=called, why=one) for one in reasons_of(verdict)]
    return "no rule of the register", (*unable, *found)


def _task(order: Order, channel: str, *, link: str) -> ByHand:
    """How a person mends what people put there: no machine knows the post, so it is opened by its link."""
    entry = order.register.channels[channel]
    known = by_hand.asked_on(channel, order.register)
    platform = known.platform if known else entry.options.get(PLATFORM, entry.kind)
    return ByHand(platform=platform, open=link, form=known.form if known else Form.LONG)
