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
from streams.subjects.plan import Plan
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.values import LIVE, THE_REGISTER, Power, Purpose, Subject, SubjectKind
from streams.words.attention import AttentionRule
from streams.words.cases import (
    AcknowledgeCase,
    AnswerCase,
    AskPolice,
    CaseSort,
    CloseCase,
    Criterion,
    Effect,
    EnquiryFrom,
    GatherMore,
    HandOnCase,
    ModerateCase,
    Nature,
    NoteEnquiry,
    OpenCase,
    ReleaseCaseEvidence,
    ReportToPolice,
    SuspectHate,
    Treatment,
)
from streams.words.delivery import (
    ClaimDelivery,
    Delivery,
    DeliveryClaimed,
    DeliveryState,
    Dispatch,
    DoneByHand,
    Receipt,
    RecordOutcome,
    ResolveDelivery,
)
from streams.words.facts import CommandRefused
from streams.words.feeds import NoteFeed
from streams.words.holds import HeldField, LiftHold, PlaceHold
from streams.words.incident import BeginExercise, Cancel, NoteSignal, Reclassify, Rename, Report, StandDown, Wiring
from streams.words.network.orders import BringIn, SetLead, TakeOut, TickStep, UntickStep
from streams.words.orders import CommandBody, Tick
from streams.words.plans import ApprovePost, DropPost, PlanPost, ReplanPost
from streams.words.posts import PartnerPost
from streams.words.register.accounts import Breach, ChangeSecret, NoteAccount, NoteRoute, OpenAccount
from streams.words.register.approvals import ApproveContent
from streams.words.register.changes import FoundRegister, WithdrawChange, founding_hash, in_force
from streams.words.register.entries import Register
from streams.words.register.kept import NoteFiles
from streams.words.register.partners import NoteLookAlike, SettleLookAlikes
from streams.words.release import Message, Propose, RecordByHand, SignOff
from streams.words.sign_off import Acknowledge, Decline, RecordPage, SeekSignOff
from streams.words.stops import (
    CancelRelease,
    Freeze,
    ReleaseHeld,
    Resume,
    ResumePartner,
    ReturnDraft,
    StopPartner,
    WithdrawDraft,
)
from tests import builders, changing, responding, searches
from tests.agents.doubles import MemoryIncidents, MemoryPosts, clock_at
from tests.builders import COMMANDER, DRILL, INCIDENT, NOW, OFFICER, SIGNER, SUBJECT, WRITER
from tests.changing import CHAIR, CHIEF
from tests.planting import Planter

PLACE = "Ashby General"
AGENT = "publishing-agent"
MINUTE = timedelta(minutes=1)
LINE = "The coach crash at Ashby Junction at 22:15: our teams are ready."
RECEIPT = Receipt(
    reference="letter-1", version="edit-1", url="https://network.example/letter/1", at=NOW, words="it is there now"
)
OTHER, DRILLED = Subject.incident("inc-2"), Subject.incident("inc-3")
CASE = Subject(kind=SubjectKind.CASE, id="case-1")
ENQUIRY = Subject(kind=SubjectKind.CASE, id="case-2")
ACCOUNT = account("page")
OWN_WORDS, OF_TEMPLATE = (Subject(kind=SubjectKind.PLAN, id=name) for name in ("post-1", "post-2"))


def register(planter: Planter) -> Register:
    """A register with a mark in every string; its templates are approved as they are then."""
    by_hand = {"platform": "whatsapp", "url": "https://network.example/ours"}
    channels = {
        one.id: one
        for one in (
            builders.channel("page", kind="site"),
            builders.channel("post", kind="email"),
            builders.channel("hand", kind="by-hand"),
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
        templates={"major-incident": builders.template(texts=texts, channels=tuple(channels), hashtags=("#Vale",))},
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
        name = self.planter.planted(about.id) if about is not THE_REGISTER else about.id
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
        languages = ("en", "cy") if follows else ("en",)
        plain = builders.line(
            hashtags=("#LineTag",),
            texts=dict.fromkeys(languages, f"{LINE} {more} Next word by 23:30."),
            short_texts=dict.fromkeys(languages, f"{LINE} {more} Word by 23:30."),
            follows=follows,
        )
        kept = {"what": plain.what, "where": plain.where, "when": plain.when, "follows": follows}
        channels = tuple(map(self.planter.planted, ("page", "post")))
        marked = self.planter.planted(plain).model_copy(update={**kept, "channels": channels})
        self.carry_out(marked, self.planter.planted(WRITER))

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
            account_id="did:vale:1",
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
        case _:
            return Incident(id=name, mode=mode)


def of_the_register(night: Night) -> None:
    """Found it, change an entry, take a change back, approve a template; what the worker notes about itself."""
    files, about = night.files, THE_REGISTER
    writer = night.planter.planted(WRITER)

    def waits() -> CommandBody:
        return changing.yes_to(changing.waiting(night.log))

    night.give(FoundRegister(content_hash=founding_hash(files)), CHAIR, about)
    night.give(waits(), CHIEF, about)
    person = files.people[writer].model_copy(update={"role": night.planter.planted("a new role")})
    wanted = files.model_copy(update={"people": {**files.people, writer: person}})
    for reason in ("she moved on", "she came back"):
        night.give(changing.proposal(wanted, writer, reason=reason), CHAIR, about)
        if reason == "she moved on":
            gone = WithdrawChange(change_id=changing.waiting(night.log).id, reason="not yet so")
            night.give(gone, CHAIR, about)
    night.files = wanted
    night.give(waits(), CHIEF, about)
    template = next(iter(files.templates.values()))
    yes = ApproveContent(section="templates", entry=template.id, content_hash=template.content_hash())
    night.carry_out(yes, night.planter.planted(SIGNER), about)
    night.give(NoteFiles(faults=1, places=("the chains: line 4",)), "clock", about)
    night.give(NoteFiles(faults=0), "clock", about)
    night.give(NoteRoute(channel="page", fault="the disk is full"), "clock", about)
    night.give(NoteFeed(account="did:web:police.example", partner="police", fault="it has moved"), "clock", about)


def of_a_case(night: Night) -> None:
    opened = OpenCase(sort=CaseSort.COMPLAINT, about="A visitor waited long.", incident=INCIDENT)
    night.give(opened, WRITER, CASE)
    night.give(HandOnCase(to=OFFICER, reason="it is hers"), WRITER, CASE)
    night.give(AnswerCase(done="We wrote to them."), OFFICER, CASE)
    night.give(CloseCase(reason="it is settled", nature=Nature.WAITING, told="the front desk"), OFFICER, CASE)
    found = OpenCase(
        sort=CaseSort.MEDIA_ENQUIRY,
        about="A post asks for a word.",
        incident=INCIDENT,
        by_rule="press-words",
        words=("deadline",),
        addressed=True,
        gathered=1,
    )
    night.carry_out(night.planter.planted(found), "mentions-agent", ENQUIRY)
    night.carry_out(GatherMore(gathered=2), "mentions-agent", ENQUIRY)
    night.give(AcknowledgeCase(said="checking"), WRITER, ENQUIRY)
    asked = NoteEnquiry(first_contact=True, asker=EnquiryFrom.LOCAL, effect=Effect.STOPS, said_before="They were fair.")
    night.give(asked, WRITER, ENQUIRY)
    night.give(SuspectHate(reason="a reply names a group"), WRITER, ENQUIRY)
    night.give(ModerateCase(criterion=Criterion.OFFENSIVE, treatment=Treatment.HIDE), WRITER, ENQUIRY)
    night.give(AskPolice(), SIGNER, ENQUIRY)
    night.give(ReportToPolice(), COMMANDER, ENQUIRY)
    night.give(CloseCase(reason="the police have it"), WRITER, ENQUIRY)
    night.give(ReleaseCaseEvidence(reason="they need it no more"), WRITER, ENQUIRY)


def of_an_account(night: Night) -> None:
    """A test finds a fault; the account is shut after a breach, has another secret, and is open again."""
    night.give(NoteAccount(tested_at=NOW, fault="the password is wrong"), "clock", ACCOUNT)
    night.give(Breach(reason="these are not ours"), WRITER, ACCOUNT)
    night.give(ChangeSecret(reason="all sessions ended"), WRITER, ACCOUNT)
    night.give(OpenAccount(reason="it is ours again"), about=ACCOUNT)


def of_planned_posts(night: Night) -> None:
    """Before anything happens: one in words of its own goes out at its second time, one of a template is dropped."""
    places, at = ("page", "post"), NOW + 30 * MINUTE
    own = PlanPost(
        at=at,
        channels=places,
        texts={"en": "Our flu clinic is open on Saturday."},
        short_texts={"en": "Flu clinic on Saturday."},
        titles={"en": "Flu clinic"},
    )
    night.give(own, WRITER, OWN_WORDS)
    draft = night.states[OWN_WORDS.key]
    assert isinstance(draft, Plan)
    assert draft.message
    night.give(ApprovePost(content_hash=draft.message.content_hash), SIGNER, OWN_WORDS)
    night.give(ReplanPost(at=at + 5 * MINUTE), SIGNER, OWN_WORDS)
    night.minutes = 35
    night.give(Tick(), "clock", OWN_WORDS)
    night.minutes = 0
    template = next(iter(night.files.templates.values()))
    kept = PlanPost(at=at, channels=places, template=template.id, slots={"time": "22:15"})
    night.give(kept, COMMANDER, OF_TEMPLATE)
    night.give(DropPost(reason="it fits no more"), COMMANDER, OF_TEMPLATE)
    wrong = DropPost(reason="the day was wrong", withdraw_with=template.id, slots={"time": "22:15"})
    night.give(wrong, COMMANDER, OWN_WORDS)


def beginning(night: Night) -> None:
    """Reports, the declaration, a freeze, holds; another incident that never was, and a drill."""
    methane = builders.methane(
        access="by road only",
        hazards=("chlorine gas",),
        number_of_casualties="about four people",
        emergency_services=("fire and rescue",),
    )
    night.give(Report(methane=methane, responder="police"), WRITER)
    night.give(builders.declaration(words=("blue lane",), methane=methane))
    night.give(BringIn(responder="ambulance"))
    night.give(SetLead(responder="ambulance"))
    night.give(TakeOut(responder="ambulance", reason="they left again"))
    night.give(TickStep(step="switchboard"), WRITER)
    night.give(UntickStep(step="switchboard", reason="it was another one"), WRITER)
    name = PlaceHold(field=HeldField.NAMES, about="the driver here", holders=(COMMANDER,), names=("0" * 64,), salt="s1")
    night.give(name)
    night.give(PlaceHold(field=HeldField.CAUSE, about="how it began"))
    cause = night.incident.holds.placed[-1]
    night.give(LiftHold(hold=cause.id, reason="they said it", evidence="post-0"))
    night.give(Freeze(reason="not sure yet"))
    night.give(NoteSignal(signal="surge", minute=NOW, count=40), "mentions-agent")
    night.give(Resume(reason="sure by now"))
    night.give(builders.declaration(name="Another crash here"), about=OTHER)
    night.give(Cancel(reason="it never was"), about=OTHER)
    wired = Wiring(channel="page", kind="memory", mode=DRILL, credential_mode=DRILL)
    night.give(BeginExercise(title="A coach drill", wiring=(wired,)), "exercise-director", DRILLED, DRILL)


def sending(night: Night) -> None:
    """A first word: no answer came from the channels, so one is tried again and one is looked at; one is by hand."""
    night.outcome = {"outcome": "unknown", "reason": "no answer came"}
    night.give(builders.holding())
    night.outcome = None
    hand = night.delivery(DeliveryState.ASKED)
    night.give(DoneByHand(delivery_id=hand.id, url="https://network.example/ours/1"))
    letter, page = [one for one in night.incident.deliveries.values() if one.state is DeliveryState.UNKNOWN][::-1]
    night.give(ClaimDelivery(delivery_id=page.id, attempt=page.attempt + 1, run="run-7"), AGENT)
    seen = ResolveDelivery(
        delivery_id=letter.id,
        attempt=letter.attempt,
        public=True,
        evidence="I saw it there.",
        url="https://trust.example/first",
    )
    night.give(seen)


def stopping(night: Night) -> None:
    """The channels are down: a freeze holds one line back until a person lets it go, another one is stopped."""
    down = {"outcome": "unsent", "reason": "the channel was down"}
    for more in ("Roads are shut.", "More is to come."):
        night.line(more)
        night.outcome = down
        night.give(yes_to(night.draft()), SIGNER)
        night.outcome = None
        waits = night.delivery(DeliveryState.UNSENT)
        if more == "More is to come.":
            night.give(CancelRelease(message_id=waits.message_id, reason="the place was wrong"))
            break
        night.give(Freeze(reason="still not sure"))
        night.give(Resume(reason="now we are"))
        for held in night.incident.stops.held:
            night.give(ReleaseHeld(delivery_id=held))


def drafts(night: Night) -> None:
    """Lines under another name: signed off, returned, withdrawn; and searches for somebody who says yes."""
    night.give(Rename(name="Mill Lane coach crash", hashtags=("#MillLane",)))
    night.give(Reclassify(level=3, reason="fewer were hurt than we feared"))
    night.line("We are ready.")
    night.give(SeekSignOff(matter="May the police be told?", chain="police"), WRITER)
    asking = [*night.incident.searches.values()][-1]
    paged = asking.pages[-1]
    night.give(
        RecordPage(search_id=asking.id, number=paged.number, outcome="sent", words="it was taken"), "escalation-agent"
    )
    night.give(Decline(search_id=asking.id, reason="I cannot judge it"))
    night.give(yes_to(night.draft()), SIGNER)
    night.line("Nobody is to come.")
    night.give(ReturnDraft(message_id=night.draft().id, reason="say which road"), SIGNER)
    first = next(iter(night.incident.messages))
    night.line("We wrote 14. It is 4.", follows=first)
    night.give(yes_to(night.draft()), SIGNER)
    mends = builders.holding(slots={"time": "22:40"}, purpose=Purpose.CORRECTION, follows=first)
    night.give(Propose(release=mends.model_copy(update={"channels": ("page", "post")})), WRITER)
    night.give(WithdrawDraft(message_id=night.draft().id, reason="it was not needed"), WRITER)


async def partners(night: Night) -> None:
    """A partner's post goes out and is taken back; a burst of them stops the partner, until a person resumes it."""
    await night.hear(night.post("Crews are here now."))
    await night.hear(night.post("Crews have left now.", change="edited"))
    await night.hear(night.post("Please keep away.", "post-2"), elsewhere=1_000)
    night.give(ResumePartner(partner="ambulance", reason="the account is theirs"))
    for about in (SUBJECT, THE_REGISTER):
        night.give(StopPartner(partner="ambulance", reason="it may be taken over"), about=about)
        night.give(ResumePartner(partner="ambulance", reason="it is theirs again"), about=about)
    look_alike = NoteLookAlike(
        account_id="did:fake:1",
        domain="va1e-ambulance.example",
        handle="Vale Ambu1ance",
        imitates="ambulance",
        post_id="post-1",
        evidence="its domain looks the same",
    )
    night.give(look_alike, "amplification-agent", about=THE_REGISTER)
    night.give(SettleLookAlikes(imitates="ambulance", reason="its network was told"), about=THE_REGISTER)


def ending(night: Night) -> None:
    """What mends and what ends; a promise is broken, and a person takes it on."""
    first = next(iter(night.incident.messages))
    by_hand = RecordByHand(
        said_yes=COMMANDER,
        texts={"en": "We wrote this by hand."},
        links={"page": "https://trust.example/by-hand"},
        put_at=NOW,
        template=next(iter(night.files.templates)),
        follows=first,
        next_update_at=NOW + 45 * MINUTE,
    )
    night.give(by_hand)
    night.mend(Purpose.CORRECTION, first)
    night.minutes = 70
    night.give(Tick(), "clock")
    concern = next(one for one in reversed([*night.incident.searches.values()]) if one.concern)
    night.give(Acknowledge(search_id=concern.id))
    night.mend(Purpose.WITHDRAWAL, first)
    night.mend(Purpose.ALL_CLEAR, first)
    night.give(StandDown(reason="it is over"))


def yes_to(draft: Message) -> SignOff:
    return SignOff(message_id=draft.id, content_hash=draft.content_hash)


async def whole(planter: Planter) -> Night:
    """The night from its beginning to its end; an order that is refused ends it with an error."""
    night = Night(planter, register(planter))
    parts = (of_the_register, of_a_case, of_an_account, of_planned_posts, beginning, sending, drafts, stopping)
    for part in parts:
        part(night)
    await partners(night)
    ending(night)
    return night
