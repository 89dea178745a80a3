"""One line of the running timeline for each fact that the exercise director cares about."""

from collections.abc import Mapping

from agents.exercise.played import Moment, MomentKind, Outcome
from streams.projections.drill_scores import JUDGED_WRONG
from streams.telling.facts import told
from streams.telling.names import Names
from streams.words.cases import (
    CaseAcknowledged,
    CaseAnswered,
    CaseClosed,
    CaseGathered,
    CaseHandedOn,
    CaseModerated,
    CaseOpened,
    HateSuspected,
)
from streams.words.delivery import (
    DeliveryConfirmed,
    DeliveryPaced,
    DeliveryRefused,
    DeliveryUnknown,
    DeliveryUnsent,
    MessageReported,
)
from streams.words.facts import CommandRefused, Fact
from streams.words.holds import HoldLifted, HoldPlaced
from streams.words.incident import (
    ExerciseBegun,
    IncidentCancelled,
    IncidentDeclared,
    IncidentReclassified,
    IncidentRenamed,
    IncidentStoodDown,
    ReportReceived,
    SignalNoted,
)
from streams.words.listening.influence import ListedNoted
from streams.words.listening.stories import RebuttalProposed, StoryCourseNoted, StoryLeftAlone, StoryNoted
from streams.words.listening.tags import TagsNoted
from streams.words.network.orders import (
    LeadSet,
    PauseRecorded,
    ResponderJoined,
    ResponderLeft,
    StepTicked,
    StepUnticked,
)
from streams.words.posts import DeadLetter
from streams.words.register.accounts import PartnerResumed, PartnerStopped
from streams.words.register.partners import LookAlikeNoted
from streams.words.release import AmplifiedPostChanged, LineDrafted, MessageAuthorised
from streams.words.sign_off import (
    PersonPaged,
    PersonPassedOver,
    PersonTold,
    SearchEnded,
    SearchPaused,
    SearchResumed,
    SignOffSought,
)
from streams.words.stops import (
    DeliveryHeld,
    DraftReturned,
    DraftWithdrawn,
    HeldReleased,
    IncidentFrozen,
    IncidentResumed,
    ReleaseCancelled,
)

KINDS: Mapping[type, MomentKind] = {
    ExerciseBegun: "told",
    ReportReceived: "noted",
    IncidentDeclared: "declared",
    IncidentRenamed: "declared",
    IncidentReclassified: "declared",
    IncidentStoodDown: "declared",
    IncidentCancelled: "declared",
    **dict.fromkeys((CaseOpened, CaseGathered, CaseHandedOn, HateSuspected), "asked"),
    **dict.fromkeys((CaseAcknowledged, CaseAnswered, CaseModerated, CaseClosed), "signed"),
    LineDrafted: "asked",
    MessageAuthorised: "signed",
    MessageReported: "out",
    CommandRefused: "refused",
    SignalNoted: "noted",
    TagsNoted: "noted",
    ListedNoted: "noted",
    StoryNoted: "noted",
    StoryCourseNoted: "noted",
    RebuttalProposed: "asked",
    StoryLeftAlone: "noted",
    AmplifiedPostChanged: "trouble",
    PartnerStopped: "trouble",
    LookAlikeNoted: "trouble",
    PartnerResumed: "noted",
    HoldPlaced: "asked",
    HoldLifted: "signed",
    DeliveryConfirmed: "out",
    DeliveryRefused: "trouble",
    DeliveryUnsent: "trouble",
    DeliveryUnknown: "trouble",
    DeliveryPaced: "trouble",
    DeliveryHeld: "trouble",
    **dict.fromkeys((SignOffSought, PersonPaged, PersonPassedOver, PersonTold), "asked"),
    **dict.fromkeys((SearchPaused, SearchResumed, SearchEnded), "asked"),
    **dict.fromkeys((ResponderJoined, ResponderLeft, LeadSet, StepTicked, StepUnticked, PauseRecorded), "noted"),
    **dict.fromkeys(
        (DraftReturned, DraftWithdrawn, ReleaseCancelled, IncidentFrozen, IncidentResumed, HeldReleased), "noted"
    ),
}
"""The facts that are shown, and how; the others are steps of the machinery."""


def moment_of(fact: Fact, names: Names) -> Moment | None:
    """The fact's sentence, and after it the person who brought it about; None for a step of the machinery."""
    kind = KINDS.get(type(fact.body))
    if kind is None:
        return None
    by = f" [{names.people[fact.by]}]" if fact.by in names.people else ""
    return Moment(at=fact.at, kind=kind, text=f"{told(fact, names)}{by}", id=fact.id)


def letter_moment(letter: DeadLetter) -> Moment:
    """A record that was set aside."""
    topic = letter.topic.rpartition(".")[2]
    return Moment(
        at=letter.at, kind="lost", text=f"Set aside from {topic}: {letter.reason}", id=f"offset-{letter.offset}"
    )


def outcome_moment(outcome: Outcome, moment: Moment) -> Moment:
    """A judgement, as of this moment."""
    word = "As expected" if outcome.held else JUDGED_WRONG
    return moment.model_copy(update={"kind": "judged", "text": f"{word}: {outcome.says} ({outcome.found})"})
