"""What fills the gaps of these sentences: names as people say them, first words, and what somebody wrote."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from streams.decisions.wording.renderer import beginnings
from streams.subjects.incident import Incident
from streams.telling.briefing.sections import BriefingLine, NamedWord
from streams.why import Why, with_whys
from streams.words.delivery import DeliveryAsked, DeliveryClaimed, DeliveryUnknown, MessageReported
from streams.words.facts import Fact
from streams.words.holds import Hold, HoldPlaced
from streams.words.network.entries import Step
from streams.words.register.entries import Register
from streams.words.release import LineDrafted, Message, MessageAuthorised
from streams.words.sign_off import Asked, Search, SignOffSought


@dataclass(frozen=True, slots=True)
class WrittenWords:
    """What a person wrote, or the rules said in English; a page in another language marks it.

    `why` says how reasons of the rules were made, so that such a page can tell them; empty where that is not known.
    """

    text: str
    why: tuple[Why, ...] = ()


def written_each(texts: Sequence[str], made: Sequence[Why | None]) -> tuple[WrittenWords, ...]:
    """What the rules said in several sentences, and how each was made, where that is known."""
    return tuple(WrittenWords(text, why) for text, why in with_whys(texts, made))


@dataclass(frozen=True, slots=True)
class FirstWords:
    """How a message begins, by language; a page shows it in its own language if it can."""

    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NameBook:
    """All that the facts of one incident may name, by identifier. A delivery is known by its message and channel.

    `concerns` are what people are asked to take on, in the language of a page, by the keys of what waits.
    """

    register: Register
    messages: Mapping[str, Message]
    deliveries: Mapping[str, tuple[str, str]]
    searches: Mapping[str, Search]
    holds: Mapping[str, Hold]
    asked: Mapping[str, SignOffSought]
    steps: Mapping[str, Step]
    concerns: Mapping[str, str] = field(default_factory=dict)

    def message(self, message_id: str) -> BriefingLine:
        """A message as people call it: what it is for, and how it begins."""
        found = self.messages.get(message_id)
        if found is None:
            return BriefingLine("happened-words")
        return message_line(found)

    def place(self, delivery_id: str) -> str:
        """The title of the channel that a delivery goes to."""
        return self.register.place(self._delivery(delivery_id)[1])

    def words_of(self, delivery_id: str) -> BriefingLine:
        """The message of a delivery as people call it."""
        return self.message(self._delivery(delivery_id)[0])

    def step(self, step: str, title: str) -> FirstWords | WrittenWords:
        """What is to be done in a step, in each of its languages; as the fact says it, if the list has no such step."""
        found = self.steps.get(step)
        return FirstWords(found.title) if found else WrittenWords(title)

    def asked_in(self, search_id: str) -> Sequence[Asked]:
        """The people of a search, in turn; nobody where the search is not known here."""
        if search_id in self.asked:
            return self.asked[search_id].asked
        return self.searches[search_id].asked if search_id in self.searches else ()

    def _delivery(self, delivery_id: str) -> tuple[str, str]:
        return self.deliveries.get(delivery_id, ("", "?"))


def message_line(message: Message) -> BriefingLine:
    """What a message is for, or whose post it is, and how it begins."""
    begins = beginnings(message)
    if message.credit:
        partner = message.credit.partner_name
        name = "happened-post" if begins else "happened-post-bare"
        return BriefingLine(name, {"partner": partner, "words": FirstWords(begins)})
    purpose = NamedWord(f"purpose-{message.purpose}")
    name = "happened-message" if begins else "happened-message-bare"
    return BriefingLine(name, {"purpose": purpose, "words": FirstWords(begins)})


def name_book(incident: Incident, facts: Iterable[Fact], *, register: Register) -> NameBook:
    """What these facts of the incident may name."""
    messages = {**incident.drafts, **incident.messages}
    deliveries = {one.id: (one.message_id, one.channel) for one in incident.deliveries.values()}
    holds = {one.id: one for one in (*register.holds.values(), *incident.holds.placed)}
    asked = {}
    steps = {one.id: one for over in (False, True) for one in incident.network.steps_now(is_over=over)}
    for fact in facts:
        match fact.body:
            case LineDrafted(message=message) | MessageAuthorised(message=message) | MessageReported(message=message):
                messages[message.id] = message
            case DeliveryAsked() as body:
                deliveries[body.delivery_id] = body.message_id, body.channel
            case DeliveryClaimed(dispatch=dispatch) | DeliveryUnknown(dispatch=dispatch):
                messages[dispatch.message.id] = dispatch.message
                deliveries[fact.body.delivery_id] = dispatch.message.id, dispatch.channel
            case HoldPlaced(hold=hold):
                holds[hold.id] = hold
            case SignOffSought() as body:
                asked[body.search_id] = body
            case _:
                pass
    return NameBook(register, messages, deliveries, incident.searches, holds, asked, steps)
