"""A night in which every order of the table is given, with a mark in every string that a person or a source wrote."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from agents import amplification
from streams.decisions.desk.judge import judge
from streams.decisions.wording.renderer import TAKE_BACK
from streams.subjects.account import AccountLog, account
from streams.subjects.case import Case
from streams.subjects.incident import Incident
from streams.subjects.listening.watch import the_watch
from streams.subjects.plan import Plan
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.values import LIVE, THE_REGISTER, Power, Purpose, Subject, SubjectKind
from streams.words.attention import AttentionRule
from streams.words.delivery import (
    Delivery,
    DeliveryClaimed,
    DeliveryState,
    Dispatch,
    Receipt,
    RecordOutcome,
)
from streams.words.facts import CommandRefused
from streams.words.listening.watch import THE_WATCH
from streams.words.orders import CommandBody
from streams.words.posts import PartnerPost
from streams.words.register.changes import in_force
from streams.words.register.entries import Register
from streams.words.release import DraftLine, Message, SignOff
from tests import builders, changing, responding, searches, storytelling
from tests.agents.doubles import MemoryIncidents, MemoryPosts, clock_at
from tests.builders import COMMANDER, NOW, OFFICER, SIGNER, SUBJECT, WRITER
from tests.planting import Planter

PLACE = "Ashby General"
AGENT = "publishing-agent"
MINUTE = timedelta(minutes=1)
IN_USE = "#helyg"
LINE = "The coach crash at Ashby Junction at 22:15: our teams are ready."
PARTNERS = "did:vale:1"
"""The account of the partner, as the register writes it."""
RECEIPT = Receipt(
    reference="letter-1", version="edit-1", url="https://network.example/letter/1", at=NOW, words="it is there now"
)
OTHER, DRILLED = Subject.incident("inc-2"), Subject.incident("inc-3")
CASE = Subject(kind=SubjectKind.CASE, id="case-1")
ENQUIRY = Subject(kind=SubjectKind.CASE, id="case-2")
ACCOUNT = account("page")
OWN_WORDS, OF_TEMPLATE, OF_QUEUE = (Subject(kind=SubjectKind.PLAN, id=f"post-{number}") for number in (1, 2, 3))


def register(planter: Planter) -> Register:
    """A register with a mark in every string; its templates are approved as they are then."""
    by_hand = {"platform": "whatsapp", "url": "https://network.example/ours"}
    channels = {
        one.id: one
        for one in (
            builders.channel("page", kind="site"),
            builders.channel("post", kind="email"),
            builders.channel("hand", kind="by-hand"),
            builders.channel("wall", kind="bluesky"),
        )
    }
    keepers = changing.register().people
    people = {**searches.people(), **{name: searches.reachable(keepers[name]) for name in changing.KEEPERS}}
    for name in (COMMANDER, WRITER, OFFICER):
        grants = builders.person(name, Power.REPORT_TO_POLICE).grants
        people[name] = people[name].model_copy(update={"grants": (*people[name].grants, *grants)})
    planned = {"en": "Our gates open at {time} today.", "cy": "Mae ein gatiau ar agor am {time} heddiw."}
    texts = {**builders.template().texts, Purpose.PLANNED: planned}
    plain = builders.register(
        people=people,
        channels=channels,
        chains={one.id: one for one in (searches.chain(), searches.matter_chain())},
        attention={"promise": AttentionRule(id="promise", chain="lines")},
        templates={
            "major-incident": builders.template(texts=texts, channels=("page", "post", "hand"), hashtags=("#Vale",))
        },
        partners={"ambulance": builders.partner(channels=("page", "post"), disclaimer={"en": "We share this."})},
        responders=responding.responders(),
        steps=responding.steps(),
    )
    marked: Register = planter.planted(plain)
    signer = planter.planted(SIGNER)
    # The text has to say what happened as it is given here.
    what = {"what": builders.template().what}
    templates = {
        name: builders.approved(one.model_copy(update=what), by=signer) for name, one in marked.templates.items()
    }
    # This one is found by its name.
    back = planter.planted(builders.take_back()).model_copy(update={"id": TAKE_BACK})
    templates[TAKE_BACK] = builders.approved(back, by=signer)
    hand = planter.planted("hand")
    put = {**marked.channels, hand: marked.channels[hand].model_copy(update={"options": by_hand})}
    return marked.model_copy(update={"templates": templates, "channels": put, "words": plain.words})


@dataclass
class Night:
    """The desk alone: `sent` is all that went out, `given` are the orders by their type, with their marks."""

    planter: Planter
    files: Register
    states: dict[str, State] = field(default_factory=dict)
    sent: list[Dispatch] = field(default_factory=list)
    given: defaultdict[type, list[CommandBody]] = field(default_factory=lambda: defaultdict(list))
    outcome: dict[str, Any] | None = None
    minutes: int = 0

    @property
    def register(self) -> Register:
        return in_force(self.files, self.log.changes)

    @property
    def incident(self) -> Incident:
        found = self.states[SUBJECT.key]
        assert isinstance(found, Incident)
        return found

    @property
    def log(self) -> RegisterLog:
        found = self.states.get(THE_REGISTER.key, RegisterLog(mode=LIVE))
        assert isinstance(found, RegisterLog)
        return found

    def give(self, body: CommandBody, by: str = COMMANDER, about: Subject = SUBJECT, mode: str = LIVE) -> None:
        """Give an order with its marks; it is not refused, and the channels take what it sends out."""
        self.carry_out(self.planter.planted(body), self.planter.planted(by), about, mode)

    def carry_out(self, body: CommandBody, by: str, about: Subject = SUBJECT, mode: str = LIVE) -> None:
        """The same of an order that has its marks."""
        name = self.planter.planted(about.id) if about not in (THE_REGISTER, THE_WATCH) else about.id
        state = self.states.get(about.key) or _new(about.kind, name, mode)
        now = NOW + self.minutes * MINUTE
        count = sum(map(len, self.given.values()))
        given = builders.order(body, state, by, register=self.register, now=now, mode=mode, id=f"cmd-{count}")
        facts, self.states[about.key] = judge(given, run="run-1", register_version="v1")
        refused = [fact.body for fact in facts if isinstance(fact.body, CommandRefused)]
        assert refused == [], (body, refused)
        self.given[type(body)].append(body)
        for claimed in [fact.body for fact in facts if isinstance(fact.body, DeliveryClaimed)]:
            self.sent.append(claimed.dispatch)
            came = self.outcome or {"outcome": "confirmed", "receipt": RECEIPT}
            taken = RecordOutcome(delivery_id=claimed.delivery_id, attempt=claimed.attempt, **came)
            self.give(taken, AGENT, about, mode)

    def delivery(self, state: DeliveryState) -> Delivery:
        """The newest in this state."""
        return [one for one in self.incident.deliveries.values() if one.state is state][-1]

    def draft(self) -> Message:
        return [*self.incident.drafts.values()][-1]

    def line(self, more: str, *, follows: str | None = None) -> None:
        """A line, or a correction, that says something else than those before; its words are as they have to be."""
        self.carry_out(self.written(more, follows=follows), self.planter.planted(WRITER))

    def answered(self, story: int, more: str, *, follows: str | None = None) -> None:
        """Such a line answers a story."""
        plain = storytelling.rebuttal(story)
        marked = self.planter.planted(plain).model_copy(update={"answer": self.written(more, follows=follows)})
        self.carry_out(marked, self.planter.planted(WRITER))

    def written(self, more: str, *, follows: str | None = None) -> DraftLine:
        languages = ("en", "cy") if follows else ("en",)
        plain = builders.line(
            hashtags=("#LineTag",),
            texts=dict.fromkeys(languages, f"{LINE} {more} Next word by 23:30."),
            short_texts=dict.fromkeys(languages, f"{LINE} {more} Word by 23:30."),
            follows=follows,
        )
        kept = {"what": plain.what, "where": plain.where, "when": plain.when, "follows": follows}
        channels = tuple(map(self.planter.planted, ("page", "post")))
        marked: DraftLine = self.planter.planted(plain)
        return marked.model_copy(update={**kept, "channels": channels})

    def mend(self, purpose: Purpose, follows: str) -> None:
        channels = ("page", "post")
        self.give(builders.holding(purpose=purpose, follows=follows, next_update_at=None, channels=channels))

    def post(self, text: str, name: str = "post-1", **changes: Any) -> PartnerPost:
        """A partner's post about the incident."""
        declared = self.incident.declaration
        assert declared
        plain = PartnerPost(
            id=f"pp-{name}",
            mode=LIVE,
            account_id=PARTNERS,
            domain="vale-ambulance.example",
            post_id=name,
            at=NOW,
            text=text,
            url="https://vale-ambulance.example/1",
        )
        marked: PartnerPost = self.planter.planted(plain)
        return marked.model_copy(update={"hashtags": declared.hashtags, **changes})

    async def hear(self, post: PartnerPost, **changes: Any) -> None:
        """What the amplification agent orders about a post is carried out."""
        shown = MemoryIncidents((self.incident,))
        needs = amplification.Needs(clock_at(), lambda: self.register, shown, MemoryPosts(()))
        orders = await amplification.handle(post, needs)
        assert orders
        for one in orders:
            self.carry_out(one.body.model_copy(update=changes), one.by)


def _new(kind: SubjectKind, name: str, mode: str) -> State:
    match kind:
        case SubjectKind.REGISTER:
            return RegisterLog(mode=mode)
        case SubjectKind.CASE:
            return Case(id=name, mode=mode)
        case SubjectKind.ACCOUNT:
            return AccountLog(id=name, mode=mode)
        case SubjectKind.PLAN:
            return Plan(id=name, mode=mode)
        case SubjectKind.WATCH:
            return the_watch(mode)
        case _:
            return Incident(id=name, mode=mode)


def yes_to(draft: Message) -> SignOff:
    return SignOff(message_id=draft.id, content_hash=draft.content_hash)
