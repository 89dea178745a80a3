"""Stopping: drafts sent back, releases cancelled, an incident frozen. Orders, facts, and their sum."""

import operator
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import Field

from streams.values import LIST_MAX, Frozen, Identifier, Reason, Sentence, Utc
from streams.why import Why
from streams.words.register.accounts import PartnerResumed, PartnerStopped, with_stop, without


class ReturnDraft(Frozen):
    """Send a draft back to who wrote it instead of signing it off."""

    kind: Literal["return_draft"] = "return_draft"
    message_id: Identifier = Field(description="The message, as `holdingline status` shows it.")
    reason: Reason


class WithdrawDraft(Frozen):
    """Take a draft back before anybody signs it off."""

    kind: Literal["withdraw_draft"] = "withdraw_draft"
    message_id: Identifier = Field(description="The message, as `holdingline status` shows it.")
    reason: Reason


class CancelRelease(Frozen):
    """Stop whatever of a released message has not left yet; the answer says what may be public all the same."""

    kind: Literal["cancel_release"] = "cancel_release"
    message_id: Identifier = Field(description="The message, as `holdingline status` shows it.")
    reason: Reason


class Freeze(Frozen):
    """Let nothing go out any more but withdrawals and corrections; one person who may withdraw is enough."""

    kind: Literal["freeze"] = "freeze"
    reason: Reason


class Resume(Frozen):
    """End a freeze; what waited stays held until it is released one by one, or cancelled."""

    kind: Literal["resume"] = "resume"
    reason: Reason


class ReleaseHeld(Frozen):
    """Let one delivery go on that a freeze or a shut account held back."""

    kind: Literal["release_held"] = "release_held"
    delivery_id: Identifier = Field(description="The delivery that is held back.")


class StopPartner(Frozen):
    """Let no post of a partner go out by itself any more: in one incident or, on `register`, in all of them."""

    kind: Literal["stop_partner"] = "stop_partner"
    partner: Identifier = Field(description="The partner, as the register calls it.")
    reason: Reason
    account_id: Identifier | None = Field(
        default=None, description="Only this account of it, as the register writes it.", exclude_if=operator.not_
    )


class ResumePartner(Frozen):
    """Let the posts of a partner that was stopped go out by themselves again, where it was stopped."""

    kind: Literal["resume_partner"] = "resume_partner"
    partner: Identifier = Field(description="The partner, as the register calls it.")
    reason: Reason
    accounts: tuple[Identifier, ...] = Field(
        default=(),
        max_length=LIST_MAX,
        description="Only this account of it, once for each; all that is stopped of it if none.",
        exclude_if=operator.not_,
    )


StopOrder = ReturnDraft | WithdrawDraft | CancelRelease | Freeze | Resume | ReleaseHeld | StopPartner | ResumePartner


class DraftReturned(Frozen):
    """The draft went back to who wrote it."""

    kind: Literal["draft_returned"] = "draft_returned"
    message_id: Identifier
    reason: Sentence
    rule: Sentence


class DraftWithdrawn(Frozen):
    """The draft was taken back; `rule` is None where its author did so.

    `why` says how the reason was made where the rules gave it.
    """

    kind: Literal["draft_withdrawn"] = "draft_withdrawn"
    message_id: Identifier
    reason: Sentence
    why: tuple[Why, ...] = Field(default=(), exclude_if=operator.not_)
    rule: Sentence | None


class ReleaseCancelled(Frozen):
    """No further attempt is made at this message; what `beyond` names may be public all the same."""

    kind: Literal["release_cancelled"] = "release_cancelled"
    message_id: Identifier
    reason: Sentence
    rule: Sentence
    beyond: tuple[Sentence, ...] = ()
    beyond_why: tuple[Why | None, ...] = Field(default=(), exclude_if=operator.not_)


class IncidentFrozen(Frozen):
    """Nothing goes out any more but withdrawals and corrections; what `beyond` names may be public all the same."""

    kind: Literal["incident_frozen"] = "incident_frozen"
    reason: Sentence
    rule: Sentence
    beyond: tuple[Sentence, ...] = ()
    beyond_why: tuple[Why | None, ...] = Field(default=(), exclude_if=operator.not_)


class IncidentResumed(Frozen):
    """The freeze is over; each of the deliveries in `held` waits for a person's word."""

    kind: Literal["incident_resumed"] = "incident_resumed"
    reason: Sentence
    rule: Sentence
    held: tuple[Identifier, ...] = ()


class HeldReleased(Frozen):
    """A delivery that was held back goes on."""

    kind: Literal["held_released"] = "held_released"
    delivery_id: Identifier
    rule: Sentence


class DeliveryHeld(Frozen):
    """A person shut the account of this delivery: it waits until it is released or cancelled."""

    kind: Literal["delivery_held"] = "delivery_held"
    delivery_id: Identifier
    reason: Sentence


StopFact = (
    DraftReturned
    | DraftWithdrawn
    | ReleaseCancelled
    | IncidentFrozen
    | IncidentResumed
    | HeldReleased
    | DeliveryHeld
    | PartnerStopped
    | PartnerResumed
)


class Stop(Frozen):
    """Who stopped something, when and why; `why` says how the reason was made where the rules gave it."""

    what: Literal["returned", "withdrawn", "cancelled", "frozen", "stopped", "held"]
    by: Identifier
    at: Utc
    reason: Sentence
    why: tuple[Why, ...] = Field(default=(), exclude_if=operator.not_)


STRANGE_KEPT = 10
"""So many of a partner's last strange posts are counted: more than stop it."""


class Stops(Frozen):
    """All that is stopped in an incident: drafts and releases by their message, deliveries that wait for a word.

    `partners` are those whose posts do not go out by themselves, and `accounts`, by partner, those of their accounts
    that are stopped alone; `resumed` and `resumed_accounts` say when a person last let one go on.
    `strange` are the times of the last posts of an account that count against it, see `LineDrafted`.
    """

    drafts: Mapping[Identifier, Stop] = Field(default_factory=dict)
    releases: Mapping[Identifier, Stop] = Field(default_factory=dict)
    frozen: Stop | None = None
    held: tuple[Identifier, ...] = ()
    partners: Mapping[Identifier, Stop] = Field(default_factory=dict)
    accounts: Mapping[Identifier, Mapping[Identifier, Stop]] = Field(default_factory=dict, exclude_if=operator.not_)
    resumed: Mapping[Identifier, Utc] = Field(default_factory=dict)
    resumed_accounts: Mapping[Identifier, Utc] = Field(default_factory=dict, exclude_if=operator.not_)
    strange: Mapping[Identifier, tuple[Utc, ...]] = Field(default_factory=dict, exclude_if=operator.not_)

    def after(self, body: object, *, by: str, at: datetime) -> "Stops":
        """What is stopped after this fact; one about anything else changes nothing."""
        match body:
            case DraftReturned() | DraftWithdrawn():
                what: Literal["returned", "withdrawn"] = "returned" if isinstance(body, DraftReturned) else "withdrawn"
                why = body.why if isinstance(body, DraftWithdrawn) else ()
                stop = Stop(what=what, by=by, at=at, reason=body.reason, why=why)
                return self.model_copy(update={"drafts": {**self.drafts, body.message_id: stop}})
            case ReleaseCancelled():
                stop = Stop(what="cancelled", by=by, at=at, reason=body.reason)
                return self.model_copy(update={"releases": {**self.releases, body.message_id: stop}})
            case IncidentFrozen():
                return self.model_copy(update={"frozen": Stop(what="frozen", by=by, at=at, reason=body.reason)})
            case IncidentResumed():
                return self.model_copy(update={"frozen": None, "held": body.held})
            case HeldReleased():
                return self.model_copy(update={"held": tuple(one for one in self.held if one != body.delivery_id)})
            case DeliveryHeld(delivery_id=name):
                return self.model_copy(update={"held": tuple(dict.fromkeys([*self.held, name]))})
            case PartnerStopped():
                stop = Stop(what="stopped", by=by, at=at, reason=body.reason, why=body.why)
                if body.account_id:
                    return self.model_copy(update={"accounts": with_stop(self.accounts, body, stop=stop)})
                return self.model_copy(update={"partners": {**self.partners, body.partner: stop}})
            case PartnerResumed():
                return self._after_resuming(body, at)
            case _:
                return self

    def after_strange(self, account_id: str, at: datetime) -> "Stops":
        """The same after a post that counts against this account."""
        times = (*self.strange.get(account_id, ()), at)[-STRANGE_KEPT:]
        return self.model_copy(update={"strange": {**self.strange, account_id: times}})

    def stop_of(self, partner: str, account_id: str) -> Stop | None:
        """What keeps the posts of this account from going out by themselves; None if nothing does."""
        return self.partners.get(partner) or self.accounts.get(partner, {}).get(account_id)

    def resumed_at(self, partner: str, account_id: str) -> datetime | None:
        """When a person last let this account go on, alone or with its partner."""
        times = [one for one in (self.resumed.get(partner), self.resumed_accounts.get(account_id)) if one]
        return max(times, default=None)

    def _after_resuming(self, body: PartnerResumed, at: datetime) -> "Stops":
        accounts = without(self.accounts, body)
        if body.accounts:
            resumed = {**self.resumed_accounts, **dict.fromkeys(body.accounts, at)}
            return self.model_copy(update={"accounts": accounts, "resumed_accounts": resumed})
        left = {one: stop for one, stop in self.partners.items() if one != body.partner}
        resumed = {**self.resumed, body.partner: at}
        return self.model_copy(update={"partners": left, "accounts": accounts, "resumed": resumed})
