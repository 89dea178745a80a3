"""The parts of the marked night: every order, with a mark in every field."""

from streams.subjects.plan import Plan
from streams.values import THE_REGISTER, Purpose, digest
from streams.words.briefings.letters import LetterResult, RecordBriefing
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
    DeliveryState,
    DoneByHand,
    ResolveDelivery,
)
from streams.words.feeds import NoteFeed
from streams.words.holds import HeldField, LiftHold, PlaceHold
from streams.words.incident import BeginExercise, Cancel, NoteSignal, Reclassify, Rename, Report, StandDown, Wiring
from streams.words.influence.entries import InfluenceCategory
from streams.words.listening.influence import NoteListed, NoteListedOfUs
from streams.words.listening.stories import DecideNotToAnswer, NoteStoryCourse
from streams.words.listening.tags import NoteTags, TagUse, TagWithheld
from streams.words.listening.watch import THE_WATCH, NoteWatch, NotOurs, WatchCloser
from streams.words.network.orders import BringIn, RecordPause, SetLead, TakeOut, TickStep, UntickStep
from streams.words.orders import CommandBody, Tick
from streams.words.plans import (
    ApprovePost,
    CorrectPost,
    DropPost,
    PlanPost,
    RecordUnscheduled,
    ReplanPost,
    TakePostOver,
)
from streams.words.register.accounts import Breach, ChangeSecret, NoteAccount, NoteRoute, OpenAccount
from streams.words.register.approvals import ApproveContent
from streams.words.register.changes import FoundRegister, WithdrawChange, founding_hash
from streams.words.register.kept import NoteFiles, NoteUnconfirmed
from streams.words.register.partners import NoteLookAlike, SettleLookAlikes
from streams.words.register.passkeys import NoteSignIns, SignInCount
from streams.words.release import DeleteMessage, Propose, RecordByHand
from streams.words.risks.noted import NoteRisks
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
from tests import builders, changing, storytelling
from tests.builders import COMMANDER, DRILL, INCIDENT, NOW, OFFICER, SIGNER, SUBJECT, WRITER
from tests.changing import CHAIR, CHIEF
from tests.planting import Planter
from tests.scenarios.marked_night import (
    ACCOUNT,
    AGENT,
    CASE,
    DRILLED,
    ENQUIRY,
    IN_USE,
    MINUTE,
    OF_QUEUE,
    OF_TEMPLATE,
    OTHER,
    OWN_WORDS,
    PARTNERS,
    Night,
    register,
    yes_to,
)


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
    written = next(iter(files.partners.values())).model_copy(update={"name": night.planter.planted("a new name")})
    night.give(NoteUnconfirmed(partners={written.id: written.model_dump_json(), "gone": None}), "clock", about)
    night.give(NoteRisks(late={"wrong-account": NOW.date()}), "clock", about)
    night.give(NoteRoute(channel="page", fault="the disk is full"), "clock", about)
    tried = NoteSignIns(since=NOW, failed=(SignInCount(why="wrong", times=2),), people=(WRITER,))
    night.give(tried, "console", about)
    night.give(NoteFeed(account="did:web:police.example", partner="police", fault="it has moved"), "clock", about)


def of_a_case(night: Night) -> None:
    opened = OpenCase(sort=CaseSort.COMPLAINT, about="A visitor waited long.", incident=INCIDENT)
    night.give(opened, WRITER, CASE)
    night.give(HandOnCase(to=OFFICER, reason="it is hers", had_by=WRITER), WRITER, CASE)
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


def of_the_watch(night: Night) -> None:
    """People speak of the trust; a person looks on, and then finds it not ours."""
    figures = {"minute": NOW, "people": 6, "minutes": 5, "usual": 0.02, "everyone": 6, "first_seen": NOW}
    heard = {**figures, "words": ("fire",), "kinds": {"fire": 5}}
    night.give(NoteWatch.model_validate(heard), "mentions-agent", THE_WATCH)
    night.give(NoteListedOfUs(category=InfluenceCategory.MP, posts=2, since=NOW), "mentions-agent", THE_WATCH)
    night.give(WatchCloser(), COMMANDER, THE_WATCH)
    night.give(NotOurs(reason="A film is made there."), COMMANDER, THE_WATCH)


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
    words = CorrectPost(texts={"en": "Our flu clinic is open on Sunday."}, short_texts={"en": "It is on Sunday."})
    night.give(words, WRITER, OWN_WORDS)
    drafted = night.states[OWN_WORDS.key]
    assert isinstance(drafted, Plan)
    (right,) = drafted.drafts.values()
    night.give(ApprovePost(content_hash=right.content_hash), SIGNER, OWN_WORDS)
    template = next(iter(night.files.templates.values()))
    night.give(CorrectPost(template=template.id, slots={"time": "22:15"}), COMMANDER, OWN_WORDS)
    night.minutes = 0
    kept = PlanPost(at=at, channels=places, template=template.id, slots={"time": "22:15"})
    night.give(kept, COMMANDER, OF_TEMPLATE)
    night.give(DropPost(reason="it fits no more"), COMMANDER, OF_TEMPLATE)
    wrong = DropPost(reason="the day was wrong", withdraw_with=template.id, slots={"time": "22:15"})
    night.give(wrong, COMMANDER, OWN_WORDS)
    scheduled = TakePostOver(
        scheduler="queue",
        channel="post",
        reference="3001",
        at=at,
        texts={"en": "Come to our fair."},
        lacks="its pictures",
    )
    night.give(scheduled, "pausing-agent", OF_QUEUE)
    night.give(RecordUnscheduled(put_off_to=at), "pausing-agent", OF_QUEUE)


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
    night.give(RecordPause(scheduler="queue", attempt=1, posts=("fair",), reason="it is away"), "pausing-agent")
    night.give(UntickStep(step="switchboard", reason="it was another one"), WRITER)
    name = PlaceHold(field=HeldField.NAMES, about="the driver here", holders=(COMMANDER,), names=("0" * 64,), salt="s1")
    night.give(name)
    night.give(PlaceHold(field=HeldField.CAUSE, about="how it began"))
    cause = night.incident.holds.placed[-1]
    night.give(LiftHold(hold=cause.id, reason="they said it", evidence="post-0"))
    night.give(Freeze(reason="not sure yet"))
    night.give(NoteSignal(signal="surge", minute=NOW, count=40), "mentions-agent")
    use = TagUse(tag=IN_USE, people=9, minutes=10, before=0, partner="ambulance", partner_name="Vale Ambulance")
    kept_back = TagWithheld(people=6, minutes=10, reason="it may name a person")
    night.give(NoteTags(tags=(use,), withheld=(kept_back,), overtook="#alder"), "mentions-agent")
    night.give(NoteListed(category=InfluenceCategory.MP, posts=2, since=NOW), "mentions-agent")
    night.give(Resume(reason="sure by now"))
    night.give(builders.declaration(name="Another crash here"), about=OTHER)
    night.give(Cancel(reason="it never was"), about=OTHER)
    wired = Wiring(channel="page", kind="memory", mode=DRILL, credential_mode=DRILL)
    night.give(BeginExercise(title="A coach drill", wiring=(wired,)), "exercise-director", DRILLED, DRILL)


def sending(night: Night) -> None:
    """A first word: no answer came from the channels, so one is tried again and one is looked at; one is by hand."""
    night.outcome = {"outcome": "unknown", "reason": "no answer came"}
    night.give(builders.holding(hashtags=(IN_USE,)))
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


def stories(night: Night) -> None:
    """One story is left alone, another is answered, and it is told how that one went on."""
    for story in (1, 2, 3, 4):
        night.give(storytelling.note(story, nearest="major-incident"), "mentions-agent")
    night.give(DecideNotToAnswer(story=2, reason="it says nothing of us"))
    night.answered(1, "No ward is shut.")
    answer = night.draft().id
    night.give(yes_to(night.draft()), SIGNER)
    night.give(NoteStoryCourse(story=1, message_id=answer, people_before=9, people_after=2), "mentions-agent")
    night.answered(3, "The gates are open.", follows=answer)
    first = next(iter(night.incident.messages))
    mended = builders.holding(
        purpose=Purpose.CORRECTION,
        follows=first,
        next_update_at=None,
        channels=("page", "post"),
        hashtags=(IN_USE,),
    )
    night.give(storytelling.rebuttal(4, answer=mended), WRITER)
    for draft in [*night.incident.drafts]:
        night.give(WithdrawDraft(message_id=draft, reason="it is not needed"), WRITER)


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
    result = LetterResult(outcome="sent", words="it was taken")
    report = RecordBriefing(number=1, results={"chief": result}, digest=digest("the briefing"))
    night.give(report, "briefing-agent")
    night.give(yes_to(night.draft()), SIGNER)
    night.line("Nobody is to come.")
    night.give(ReturnDraft(message_id=night.draft().id, reason="say which road"), SIGNER)
    first = next(iter(night.incident.messages))
    night.line("We wrote 14. It is 4.", follows=first)
    night.give(yes_to(night.draft()), SIGNER)
    mends = builders.holding(slots={"time": "22:40"}, hashtags=(IN_USE,), purpose=Purpose.CORRECTION, follows=first)
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
        night.give(StopPartner(partner="ambulance", account_id=PARTNERS, reason="it was renamed"), about=about)
        night.give(ResumePartner(partner="ambulance", accounts=(PARTNERS,), reason="they rang us"), about=about)
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
    first, wall = next(iter(night.incident.messages)), night.planter.planted("wall")
    by_hand = RecordByHand(
        said_yes=COMMANDER,
        texts={"en": "We wrote this by hand."},
        links={"page": "https://trust.example/by-hand", "wall": "https://network.example/wall/1"},
        put_at=NOW,
        template=next(iter(night.files.templates)),
        follows=first,
        next_update_at=NOW + 45 * MINUTE,
    )
    night.give(by_hand)
    night.carry_out(
        DeleteMessage(message_id=[*night.incident.messages][-1], channels=(wall,)), night.planter.planted(COMMANDER)
    )
    night.mend(Purpose.CORRECTION, first)
    night.minutes = 70
    night.give(Tick(), "clock")
    concern = next(one for one in night.incident.searches.values() if one.concern and one.ended is None)
    night.give(Acknowledge(search_id=concern.id))
    night.mend(Purpose.WITHDRAWAL, first)
    night.mend(Purpose.ALL_CLEAR, first)
    night.give(StandDown(reason="it is over"))


async def whole(planter: Planter) -> Night:
    """The night from its beginning to its end; an order that is refused ends it with an error."""
    night = Night(planter, register(planter))
    parts = (
        of_the_register,
        of_a_case,
        of_the_watch,
        of_an_account,
        of_planned_posts,
        beginning,
        sending,
        stories,
        drafts,
        stopping,
    )
    for part in parts:
        part(night)
    await partners(night)
    ending(night)
    return night
