"""Cases: something addressed to us that somebody must answer or hand on. Orders and facts.

A case may come from an incident and outlives it. Its words are kept for ever, so they hold no personal data.
"""

import operator
from enum import StrEnum
from typing import Literal

from pydantic import Field

from streams.values import LIST_MAX, Frozen, Identifier, Reason, Sentence, Utc, Word

AT_DESK = "desk"
"""In place of the person who has a case, where it is at its desk."""


class CaseSort(StrEnum):
    """What sort of thing was addressed to us."""

    MEDIA_ENQUIRY = "media-enquiry"
    COMPLAINT = "complaint"
    CALL_FOR_HELP = "call-for-help"
    ABUSE = "abuse"
    THREAT = "threat"
    HATE_CRIME = "hate-crime"


class Nature(StrEnum):
    """What a complaint or feedback is about; the trust publishes how many there were of each."""

    CARE = "care"
    WAITING = "waiting"
    APPOINTMENTS = "appointments"
    COMMUNICATION = "communication"
    STAFF = "staff"
    PLACE = "place"
    PRIVACY = "privacy"
    PRAISE = "praise"
    OTHER = "other"


class EnquiryFrom(StrEnum):
    """Who makes a media enquiry, as a kind of medium; never a name."""

    NATIONAL = "national-media"
    LOCAL = "local-media"
    TRADE = "trade-media"
    BLOGGER = "blogger"
    ELECTED = "elected-member"
    PUBLIC = "member-of-the-public"
    UNKNOWN = "unknown"


class Effect(StrEnum):
    """What a quick answer would do to the story."""

    STOPS = "stops-it"
    FEEDS = "feeds-it"
    UNCLEAR = "unclear"


class Criterion(StrEnum):
    """The published criteria by which a person may hide a post or block an account."""

    PERSONAL_GAIN = "personal-gain"
    OFFENSIVE = "offensive"
    PERSONAL_DETAILS = "personal-details"
    BULLYING = "bullying"


class Treatment(StrEnum):
    """What a person did about abuse; `no-answer` is the trust's right not to answer."""

    HIDE = "hide"
    BLOCK = "block"
    NO_ANSWER = "no-answer"


class OpenCase(Frozen):
    """Open a case: something addressed to us that somebody must answer or hand on.

    A machine says by which rule it found it, by which `words` of our own lists, whether the posts are `addressed` to
    us, and how many it `gathered`; never a word, an identifier or an author of a post.
    """

    kind: Literal["open_case"] = "open_case"
    sort: CaseSort = Field(description="What sort of thing was addressed to us.")
    about: Sentence = Field(description="What it is about, in a sentence; it is kept for ever, so name nobody.")
    incident: Identifier | None = Field(default=None, description="The incident that it came from.")
    answer_by: Utc | None = Field(default=None, description="By when it is to be answered, as 17:00 or +2h.")
    by_rule: Identifier | None = Field(default=None, exclude_if=operator.not_)
    words: tuple[Word, ...] = Field(default=(), max_length=LIST_MAX, exclude_if=operator.not_)
    addressed: bool = Field(default=False, exclude_if=operator.not_)
    gathered: int = Field(default=0, ge=0, exclude_if=operator.not_)
    to_desk: bool = Field(
        default=False, exclude_if=operator.not_, description="Leave it to the desk of its sort instead of taking it."
    )


class GatherMore(Frozen):
    """Say that further posts of the same kind joined a case, which is open again if it was over."""

    kind: Literal["gather_more"] = "gather_more"
    gathered: int = Field(ge=1, description="How many posts there are by now.")


class HandOnCase(Frozen):
    """Hand a case on to a person of the register, who is to answer it.

    `had_by` is who had it when the person looked, or `desk` if no person had it: if another has it by now, it
    stays theirs. Without `had_by` the case goes in any event.
    """

    kind: Literal["hand_on_case"] = "hand_on_case"
    to: Identifier = Field(description="The person who is to answer it.")
    reason: Reason
    had_by: Identifier | None = Field(default=None, exclude_if=operator.not_, description="Who had it, to be sure.")


class AcknowledgeCase(Frozen):
    """Say that the first answer was given by hand: we are checking, and come back shortly."""

    kind: Literal["acknowledge_case"] = "acknowledge_case"
    answer_by: Utc | None = Field(default=None, description="By when the next answer is due, as 17:00 or +2h.")
    said: Identifier | None = Field(default=None, description="The approved answer that was given.")


class NoteEnquiry(Frozen):
    """Answer the questions that the guidance asks about a media enquiry; it is kept for ever, so name nobody."""

    kind: Literal["note_enquiry"] = "note_enquiry"
    first_contact: bool = Field(description="Whether it is their first contact with us about this.")
    asker: EnquiryFrom = Field(description="Who it is, as a kind of medium.")
    effect: Effect = Field(description="What a quick answer would do to the story.")
    said_before: Sentence | None = Field(default=None, description="What they said or wrote before, in a sentence.")


class AnswerCase(Frozen):
    """Say what was done about a case."""

    kind: Literal["answer_case"] = "answer_case"
    done: Sentence = Field(description="What was done, in a sentence; it is kept for ever, so name nobody.")


class ModerateCase(Frozen):
    """Say by which criterion a post was hidden or an account blocked, or that it gets no answer."""

    kind: Literal["moderate_case"] = "moderate_case"
    criterion: Criterion = Field(description="The published criterion that it meets.")
    treatment: Treatment = Field(description="What was done.")


class SuspectHate(Frozen):
    """Say that a case may be a hate crime: it goes to the person who is named for that, at once."""

    kind: Literal["suspect_hate"] = "suspect_hate"
    reason: Reason


class AskPolice(Frozen):
    """Ask the ordered chain whether a suspected hate crime is reported to the police."""

    kind: Literal["ask_police"] = "ask_police"


class ReportToPolice(Frozen):
    """Say yes: the suspected hate crime is reported to the police."""

    kind: Literal["report_to_police"] = "report_to_police"


class ReleaseCaseEvidence(Frozen):
    """Say that the evidence of a suspected hate crime is not needed any more, so that it may be deleted."""

    kind: Literal["release_case_evidence"] = "release_case_evidence"
    reason: Reason


class CloseCase(Frozen):
    """Close a case, answered or not; a complaint says what it was about."""

    kind: Literal["close_case"] = "close_case"
    reason: Reason
    nature: Nature | None = Field(default=None, description="What a complaint was about, to be counted.")
    told: Word | None = Field(default=None, description="The ward or team that was told, never a person.")


CaseOrder = (
    OpenCase
    | GatherMore
    | HandOnCase
    | AcknowledgeCase
    | NoteEnquiry
    | AnswerCase
    | ModerateCase
    | SuspectHate
    | AskPolice
    | ReportToPolice
    | ReleaseCaseEvidence
    | CloseCase
)


class CaseOpened(Frozen):
    """Something was addressed to us; the person who opened the case has it until it is handed on.

    If a machine opened it, or a person left it `to_desk`, it is with the desk of its sort until a person takes it.
    """

    kind: Literal["case_opened"] = "case_opened"
    sort: CaseSort
    about: Sentence
    incident: Identifier | None = None
    answer_by: Utc | None = None
    by_rule: Identifier | None = Field(default=None, exclude_if=operator.not_)
    words: tuple[Word, ...] = Field(default=(), exclude_if=operator.not_)
    addressed: bool = Field(default=False, exclude_if=operator.not_)
    gathered: int = Field(default=0, exclude_if=operator.not_)
    to_desk: bool = Field(default=False, exclude_if=operator.not_)


class CaseGathered(Frozen):
    """So many posts are in the case by now; `answer_by` is set where it was over and is open again."""

    kind: Literal["case_gathered"] = "case_gathered"
    gathered: int
    answer_by: Utc | None = Field(default=None, exclude_if=operator.not_)


class CaseHandedOn(Frozen):
    """Another person has the case now."""

    kind: Literal["case_handed_on"] = "case_handed_on"
    to: Identifier
    reason: Sentence


class CaseAcknowledged(Frozen):
    """The first answer was given: we are checking. `answer_by` is when the next one is due."""

    kind: Literal["case_acknowledged"] = "case_acknowledged"
    answer_by: Utc
    said: Identifier | None = None


class EnquiryNoted(Frozen):
    """What a person knows of a media enquiry; the latest counts."""

    kind: Literal["enquiry_noted"] = "enquiry_noted"
    first_contact: bool
    asker: EnquiryFrom
    effect: Effect
    said_before: Sentence | None = None


class CaseAnswered(Frozen):
    """What was done about the case."""

    kind: Literal["case_answered"] = "case_answered"
    done: Sentence


class CaseModerated(Frozen):
    """By which criterion a person hid a post, blocked an account, or gave no answer."""

    kind: Literal["case_moderated"] = "case_moderated"
    criterion: Criterion
    treatment: Treatment


class HateSuspected(Frozen):
    """The case may be a hate crime; it is with the person who is named for that."""

    kind: Literal["hate_suspected"] = "hate_suspected"
    was: CaseSort
    reason: Sentence
    answer_by: Utc


class CaseEvidenceReleased(Frozen):
    """The evidence of a suspected hate crime is not needed any more."""

    kind: Literal["case_evidence_released"] = "case_evidence_released"
    reason: Sentence


class CaseClosed(Frozen):
    """Nothing is left to do about the case."""

    kind: Literal["case_closed"] = "case_closed"
    reason: Sentence
    nature: Nature | None = Field(default=None, exclude_if=operator.not_)
    told: Word | None = Field(default=None, exclude_if=operator.not_)


CaseFact = (
    CaseOpened
    | CaseGathered
    | CaseHandedOn
    | CaseAcknowledged
    | EnquiryNoted
    | CaseAnswered
    | CaseModerated
    | HateSuspected
    | CaseEvidenceReleased
    | CaseClosed
)
