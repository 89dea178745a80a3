"""Refusals for the words themselves: templates, slots, what a text must say, and what it may not hold."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from streams.decisions.authority.freshness import message_faults
from streams.decisions.verdict import reasons_of
from streams.decisions.wording.contents import contents_faults
from streams.decisions.wording.listed_names import name_print
from streams.decisions.wording.message_policy import faults
from streams.subjects.incident import Incident
from streams.values import LIVE, PROSE_CHARACTERS_MAX, Power, Purpose
from streams.words.holds import HeldField, Hold, Holds, PlaceHold
from streams.words.incident import Cancel
from streams.words.register.entries import Register, Template
from streams.words.register.slots import Slot, SlotKind
from streams.words.register.wording import Acronym, CheckName, CheckRule
from streams.words.release import Amplify, DraftLine, Message, Propose
from tests import builders
from tests.adapters.channels.pictured import picture
from tests.builders import COMMANDER, DRILL, NOW, NURSE, SIGNER, SLOTS, WRITER
from tests.refusals.case import DAY, Case, Could, case, told, with_people
from tests.refusals.people import DRAFT, DRAFTED, END, RELEASED, reported, yes_to

CLERK = "clerk"
SAFE = "The coach crash at Ashby Junction at 22:15. Next word by 23:30."
RENEWS = Could((Power.APPROVE_TEMPLATE,), but=WRITER, same=False)
HARD_TO_READ = (
    "The organisation acknowledges considerable operational disruption affecting outpatient appointments, "
    "diagnostic investigations, elective procedures and administrative communications, notwithstanding "
    "comprehensive contingency arrangements implemented immediately following notification, and anticipates "
    "incremental restoration throughout subsequent operational periods."
)
WELSH_PLACE = builders.channel("social", kind="mastodon", options={"language": "cy"})
TOO_LONG = "word " * (PROSE_CHARACTERS_MAX // 5)
NEVER = builders.carried_out(reported(), Cancel(reason="it was nothing"))
AT_2331 = NOW + timedelta(minutes=60)
FIRST, OUT = next(iter(RELEASED.messages.items()))
READ_ALREADY = "this says what the public has already read: change what was wrong"
ZONE = builders.register().hours.zone


def offering(one: Template) -> Register:
    return builders.register(templates={one.id: one})


def lapsed(says: str, **approval: Any) -> Case:
    """A template whose approval does not hold, and who could approve it anew."""
    told_by = offering(builders.approved(builders.template(), **approval))
    return case(says, builders.holding(), register=told_by, could=RENEWS)


def pictured(says: str, **changes: Any) -> Case:
    """A first word with such a picture, on a channel that shows pictures."""
    one = builders.approved(builders.template(picture=picture(**changes)))
    channels = {name: builders.channel(name, kind="bluesky") for name in ("website", "social")}
    return case(says, builders.holding(), register=builders.register(templates={one.id: one}, channels=channels))


def line(text: str, **changes: Any) -> DraftLine:
    return builders.line(texts={"en": text}, **changes)


def written(says: str, text: str, **changes: Any) -> Case:
    """A line that says all that it must, and this before it."""
    return case(says, line(f"{text} {SAFE}"), by=WRITER, **changes)


def checked(check: CheckName, says: str, text: str) -> Case:
    """A line in which a check finds something that the register's table refuses."""
    known = builders.register()
    words = known.words.model_copy(update={"acronyms": (*known.words.acronyms, Acronym(short="QZX", full={}))})
    rules = {check: CheckRule(id=check, ours="refusal")}
    people = {**builders.people(), CLERK: builders.person(CLERK, Power.CHANGE_REGISTER)}
    register = builders.register(checks=rules, words=words, people=people)
    return case(says, line(f"{text} {SAFE}"), by=WRITER, register=register)


def holding_back(one: Hold) -> dict[str, Any]:
    return {"register": builders.register(holds={one.id: one})}


def post(text: str = "Please keep away.", **changes: Any) -> Amplify:
    return Amplify(credit=builders.credit(**changes), text=text, posted_at=NOW)


def slots(**changes: Slot) -> Register:
    named = {"place": Slot(about="where", kind=SlotKind.PLACE), "time": Slot(about="when", kind=SlotKind.TIME)}
    return offering(builders.template(slots={**named, **changes}))


def filled(says: str, slot: Slot, value: str = "something") -> Case:
    """A slot beside those of every message, and what was given for it."""
    return case(says, builders.holding(slots={**SLOTS, "more": value}), register=slots(more=slot))


def held_since() -> Incident:
    """A line that was handed in before its field was held back."""
    return builders.carried_out(
        DRAFTED,
        PlaceHold(
            field=HeldField.NAMES,
            about="places",
            holders=(COMMANDER,),
            names=(name_print("Ashby Junction", "salt"),),
            salt="salt",
        ),
    )


def message() -> Message:
    return next(iter(RELEASED.messages.values()))


def edited() -> Iterator[str]:
    """What is found of a message that was changed, and of an authority that ended, right before it is sent."""
    authorisation = next(iter(RELEASED.authorisations.values()))
    other = message().model_copy(update={"texts": {"en": "Another word.", "cy": "Gair arall."}})
    yield from reasons_of(
        message_faults(other, authorisation, now=NOW, zone=ZONE),
        message_faults(message(), authorisation.model_copy(update={"until": NOW}), now=NOW, zone=ZONE),
    )


def mismarked() -> Iterator[str]:
    yield from faults(message(), builders.register(), mode=DRILL)
    marked = message().model_copy(update={"texts": {"en": f"EXERCISE EXERCISE EXERCISE: {SAFE}"}})
    yield from faults(marked, builders.register(), mode=LIVE)


def unknown_lifter() -> Iterator[str]:
    """A hold whose holders have all left the register."""
    register = builders.register(holds={"cause": builders.hold(holders=("gone",))})
    caused = DRAFT.model_copy(update={"texts": {"en": f"It was caused by ice. {SAFE}"}})
    yield from contents_faults(caused, register, holds=Holds())


PROPOSING = builders.carried_out(builders.declared(), Propose(release=builders.holding()), by=NURSE)
PROPOSED = next(iter(PROPOSING.drafts.values()))
WRITTEN_LONG = offering(
    builders.template(
        texts={Purpose.HOLDING: dict.fromkeys(("en", "cy"), TOO_LONG[: PROSE_CHARACTERS_MAX - 30] + "{place} {time}")}
    )
)
TEMPLATES: tuple[Case, ...] = (
    case("there is no template fire", builders.holding(template="fire")),
    case(
        "was never approved",
        builders.holding(),
        register=offering(builders.template().model_copy(update={"approval": None})),
        could=RENEWS,
    ),
    case(
        "was never approved: ask a person with the power approve-template to approve it",
        builders.holding(),
        register=with_people(
            builders.person(SIGNER, Power.SIGN_OFF_LINE),
            templates={"major-incident": builders.template().model_copy(update={"approval": None})},
        ),
        could=RENEWS,
    ),
    lapsed("was edited after its approval", content_hash="other"),
    lapsed("approved by its own owner: a second person", by=WRITER),
    lapsed("was approved by nobody-here, who may not approve templates", by="nobody-here"),
    lapsed("lies ahead of now", at=NOW + DAY),
    lapsed("expired on 13 January 2026", expires_at=NOW - DAY),
    case(
        "was due for review on 01 January 2026",
        builders.holding(),
        register=offering(builders.template(review_on=date(2026, 1, 1))),
        could=RENEWS,
    ),
    case(
        "was changed since this was handed in",
        yes_to(PROPOSED),
        PROPOSING,
        register=offering(builders.template(title="Edited")),
    ),
    case(
        "expired on 13 February 2026",
        yes_to(PROPOSED),
        PROPOSING,
        register=offering(builders.approved(builders.template(), expires_at=NOW + 30 * DAY)),
        now=NOW + 31 * DAY,
        at=NOW + 31 * DAY,
        could=RENEWS,
    ),
    case("has no line text", builders.holding(purpose=Purpose.LINE)),
    case("the incident was never declared", builders.holding(purpose=Purpose.ALL_CLEAR), NEVER),
    case("only a correction, withdrawal or all-clear", builders.holding(), builders.carried_out(RELEASED, END), id="x"),
    case("no message msg-none went out for it to follow", builders.holding(follows="msg-none")),
    case(
        "2 messages of ours stand, the newest first (",
        builders.holding(purpose=Purpose.CORRECTION),
        builders.carried_out(RELEASED, builders.holding(purpose=Purpose.ALL_CLEAR)),
    ),
    case(READ_ALREADY, builders.holding(purpose=Purpose.CORRECTION, slots=SLOTS, next_update_at=None), RELEASED),
    case(READ_ALREADY, builders.line(texts=OUT.texts, follows=OUT.id, channels=OUT.channels), RELEASED, by=WRITER),
    case("no time ahead is given for the next update", builders.holding(next_update_at=None)),
    case("is not approved for radio: leave them out", builders.holding(channels=("radio",))),
    case("the hashtag #Helyg was not offered for this incident", builders.holding(hashtags=("#Helyg",))),
    case("no message takes more than 10000", builders.holding(), builders.declared(DRILL), register=WRITTEN_LONG),
    case(
        "channel social is of kind pigeon",
        builders.holding(),
        register=builders.register(
            channels={"website": builders.channel("website"), "social": builders.channel("social", kind="pigeon")}
        ),
    ),
    case(
        "takes 20: shorten it",
        builders.holding(),
        register=builders.register(
            channels={one: builders.channel(one, characters_max=20) for one in ("website", "social")}
        ),
    ),
)
PICTURED: tuple[Case, ...] = (
    pictured("no alternative text in cy: write there what it shows", alternative_text={"en": "A map."}),
    pictured("is image/gif, social takes image/jpeg, image/png, image/webp: convert it", media_type="image/gif"),
    pictured("the en alternative text of gates.png still holds TBC", alternative_text={"en": "TBC", "cy": "Map."}),
    pictured("the credit of gates.png still holds TBC", credit="TBC"),
    pictured("has 1000001 bytes, social takes 1000000: make it smaller", size_bytes=1_000_001),
)
SLOTTED: tuple[Case, ...] = (
    case("has no slot wind: its slots are place, time", builders.holding(slots={**SLOTS, "wind": "east"})),
    case("a place of the gazetteer: choose one of Ashby General", builders.holding(slots={**SLOTS, "place": "there"})),
    case("takes a time of day of 24 hours", builders.holding(slots={**SLOTS, "time": "soon"})),
    filled("takes a date of the calendar", Slot(about="day", kind=SlotKind.DATE), value="2026-02-30"),
    filled("a telephone number of ours", Slot(about="call", kind=SlotKind.TELEPHONE), value="01632 960000"),
    filled(
        "one of its listed values: choose one of red",
        Slot(about="colour", kind=SlotKind.CHOICE, choices={"red": {"en": "red", "cy": "coch"}}),
    ),
    filled("choose one of nothing, the list is empty", Slot(about="colour", kind=SlotKind.CHOICE)),
    filled("has no kind: give it one of place", Slot(about="free")),
    case("still holds {place}", builders.holding(slots={"time": "22:15"})),
    case("the words changed since they were shown", builders.holding(shown="0" * 64)),
)
LINES: tuple[Case, ...] = (
    case(
        "; a short text, if it had one, would go there in its place",
        line(f"{'Stay away. ' * 30}{SAFE}"),
        by=WRITER,
        register=builders.register(
            channels={one: builders.channel(one, kind="bluesky") for one in ("website", "social")}
        ),
    ),
    case(
        "characters with its hashtags, social takes 918",
        builders.line(
            texts={one: f"{SAFE}{'x' * (459 - len(SAFE))}" for one in ("en", "cy")},
            what=dict.fromkeys(("en", "cy"), "coach crash"),
        ),
        by=WRITER,
        register=builders.register(channels={one: builders.channel(one, kind="sms") for one in ("website", "social")}),
    ),
    case(
        "the message has 5 languages, social takes 4: leave a language or social out",
        line(SAFE).model_copy(update={"texts": dict.fromkeys(("en", "cy", "pl", "ro", "ur"), SAFE)}),
        by=WRITER,
        register=builders.register(
            languages=("en", "cy", "pl", "ro", "ur"),
            channels={one: builders.channel(one, kind="bluesky") for one in ("website", "social")},
        ),
    ),
    case("promised for a time that has passed", builders.line(next_update_at=NOW - DAY), by=WRITER),
    case("no message takes more than 10000", line(TOO_LONG), builders.declared(DRILL), by=WRITER),
    case("the text in en is missing", builders.line(texts={"cy": SAFE}, what={"cy": "coach crash"}), by=WRITER),
    case("the trust does not speak fr", builders.line(texts={"en": SAFE, "fr": SAFE}), by=WRITER),
    case(
        "the short text in en is missing",
        builders.line(
            texts={"en": SAFE, "cy": SAFE}, what={"en": "coach crash", "cy": "coach crash"}, short_texts={"cy": SAFE}
        ),
        by=WRITER,
    ),
    case("there is no channel radio on the register", builders.line(channels=("radio",)), by=WRITER),
    case("does not say what happened (flood)", builders.line(what={"en": "flood"}), by=WRITER),
    case("has 4 hashtags: keep the 3", builders.line(hashtags=("#One", "#Two", "#Three", "#Four")), by=WRITER),
    case("#ashby is read out as one word", builders.line(hashtags=("#ashby",)), by=WRITER),
    case("we cannot ask in fr to share it", builders.line(texts={"fr": SAFE}, asks_to_share=True), by=WRITER),
    case("and no time is given: promise one", builders.line(next_update_at=None), by=WRITER),
    case("no message msg-none went out for it to follow", builders.line(follows="msg-none"), by=WRITER),
    case("are out in cy, too: write the text in cy", builders.line(follows=FIRST), RELEASED, by=WRITER),
    case(
        "withdrew the words that this corrects: hand in a line instead",
        builders.line(texts={"en": SAFE, "cy": SAFE}, follows=FIRST),
        builders.carried_out(RELEASED, builders.holding(purpose=Purpose.WITHDRAWAL)),
        by=WRITER,
    ),
    case(
        "stay as they are on social: see whether social is to have it, too",
        builders.line(texts={"en": SAFE, "cy": SAFE}, follows=FIRST, channels=("website",)),
        RELEASED,
        by=WRITER,
    ),
    case("does not say where (Milton)", builders.line(where="Milton"), by=WRITER),
    case("does not say when (21:00): give the time", builders.line(when="21:00"), by=WRITER),
    case("does not say when the next word comes (23:31)", builders.line(next_update_at=AT_2331), by=WRITER),
    written("still holds 01xxx (X in a number): fill it with what is known", "Call 01xxx."),
    case("the short en text still holds TBC", builders.line(short_texts={"en": f"TBC {SAFE}"}), by=WRITER),
    written("may hold the number plate of a vehicle (characters 14 to 21): take it out if", "Move the car AB12 CDE."),
    checked("commerce", "take it out, since a trust says nothing of that kind", "20 % off parking today."),
    checked("acronyms", "does not spell out ED where it is used first", "Our ED is open."),
    checked("acronyms", "has the acronym QZX, which has no full words in en on the trust's list", "The QZX is open."),
    checked("reading-age", "the register asks for 12 at most", HARD_TO_READ),
    case(
        "channel social speaks cy: write the text in cy, or leave social out",
        line(SAFE, channels=("social",)),
        by=WRITER,
        register=builders.register(channels={"social": WELSH_PLACE}),
    ),
    written("still holds TBC (to be confirmed)", "Clinics reopen TBC."),
    told("in mode exercise-1: render it again in the mode", mismarked),
    told("the content is not what was authorised", edited),
)
HELD_BACK: tuple[Case, ...] = (
    written("holds an NHS number (characters 5 to 16): take it out, nobody", "Ref 943 476 5919."),
    written("holds a patient's hospital number (characters 1 to 20): take it out", "Hospital no. 1234567."),
    written("holds a date of birth", "Born on 3 May 1961."),
    written("leave the year out if it is not one", "Since 3 May 1961."),
    written("a telephone number that is not ours", "Call 07700 900123."),
    written("a postcode that is not ours", "Come to CF10 3NQ."),
    written("an e-mail address that is not ours", "Write to help@example.net."),
    written("says why it happened", "It was caused by ice."),
    written("names a person", "Mr Alun Prys drove.", **holding_back(builders.hold(field=HeldField.NAMES, about="who"))),
    written(
        "says how many were hurt or died",
        "Twelve people were injured.",
        **holding_back(builders.hold(field=HeldField.CASUALTIES, about="how many")),
    ),
    written(
        "lift the hold once the police or the ambulance service",
        "Two are in a critical condition.",
        **holding_back(builders.hold(field=HeldField.CONDITION, about="how they are")),
    ),
    case("names a person", yes_to(DRAFT), held_since(), id="yes"),
    told("have gone, once the register grants them lift-hold, lift the hold", unknown_lifter),
)
PARTNERS: tuple[Case, ...] = (
    case("is not a registered partner: register it first", post(account_id="did:other:1"), by="feed"),
    case(
        "was approved by the one who registered it",
        post(),
        by="feed",
        register=builders.register(partners={"ambulance": builders.partner(approved_by=SIGNER)}),
    ),
    case(
        "this post was sent out again already",
        post("Please keep well away."),
        builders.carried_out(builders.declared(), post(), by="feed"),
        by="feed",
    ),
    case("no message takes more than 10000", post(TOO_LONG), by="feed"),
    case("an NHS number", post("Ref 943 476 5919."), by="feed"),
)
WORDS = (*TEMPLATES, *PICTURED, *SLOTTED, *LINES, *HELD_BACK, *PARTNERS)
