"""Follows the words: each message has one yes for exactly its content, each delivery one message and one receipt.

It shares no code with the rules that decide, so that the two check each other.
"""

from collections.abc import Iterator, Sequence

from streams.words.delivery import (
    DeliveryAsked,
    DeliveryClaimed,
    DeliveryConfirmed,
    DeliveryRefused,
    DeliveryUnknown,
    DeliveryUnsent,
    MessageReported,
)
from streams.words.facts import Fact
from streams.words.release import Authorisation, Message, MessageAuthorised


def astray(facts: Sequence[Fact]) -> Iterator[str]:
    """A sentence for each fact about a message or a delivery that does not follow from those before it."""
    said: dict[str, tuple[Message, Authorisation]] = {}
    asked: dict[str, DeliveryAsked] = {}
    claimed: set[tuple[str, int]] = set()
    public: set[str] = set()
    for fact in facts:
        for words in _judge(fact, said, asked=asked, claimed=claimed, public=public):
            yield f"fact {fact.sequence} of {fact.subject.called}: {words}"


def _judge(  # noqa: C901, PLR0912 - one arm for each kind of fact # budget: what was seen before, by kind
    fact: Fact,
    said: dict[str, tuple[Message, Authorisation]],
    *,
    asked: dict[str, DeliveryAsked],
    claimed: set[tuple[str, int]],
    public: set[str],
) -> Iterator[str]:
    match fact.body:
        case MessageAuthorised(message=message, authorisation=yes) | MessageReported(message=message, yes=yes):
            if message.content() != message.content_hash:
                yield f"the words of {message.id} are not those of its hash"
            if yes.content_hash != message.content_hash:
                yield f"the yes of {yes.person} is for another content than that of {message.id}"
            if message.id in said:
                yield f"{message.id} was authorised before"
            said[message.id] = (message, yes)
        case DeliveryAsked() as body:
            if body.message_id not in said:
                yield f"{body.message_id} was never authorised"
            elif body.channel not in said[body.message_id][0].channels:
                yield f"{body.message_id} was not authorised for {body.channel}"
            asked[body.delivery_id] = body
        case DeliveryClaimed(dispatch=sent) as body:
            if said.get(sent.message.id) != (sent.message, sent.authorisation):
                yield f"what was claimed for {sent.channel} is not what was authorised"
            if (body.delivery_id, body.attempt) in claimed:
                yield f"attempt {body.attempt} at delivery {body.delivery_id} was claimed before"
            if body.delivery_id not in asked or fact.at >= sent.authorisation.until:
                yield f"delivery {body.delivery_id} was claimed without a yes that held"
            claimed.add((body.delivery_id, body.attempt))
        case DeliveryConfirmed() as body:
            if body.delivery_id not in asked:
                yield f"there was no delivery {body.delivery_id} to confirm"
            if body.delivery_id in public:
                yield f"delivery {body.delivery_id} was confirmed before"
            public.add(body.delivery_id)
        case DeliveryRefused() | DeliveryUnsent() | DeliveryUnknown() as body:
            if body.delivery_id not in asked:
                yield f"there was no delivery {body.delivery_id}"
            if body.delivery_id in public:
                yield f"delivery {body.delivery_id} was public before"
        case _:
            pass
