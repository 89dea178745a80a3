"""Public words: where a message has come to on each of its channels, and where it can be seen."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import Field

from streams.values import Frozen, Identifier, Utc
from streams.words.delivery import (
    SETTLED,
    DeliveryAsked,
    DeliveryClaimed,
    DeliveryConfirmed,
    DeliveryPaced,
    DeliveryRefused,
    DeliveryState,
    DeliveryUnknown,
    DeliveryUnsent,
    Dispatch,
)
from streams.words.facts import Fact
from streams.words.stops import DeliveryHeld


def confirmed_on(channel: str, facts: Iterable[Fact], *, mode: str) -> Sequence[tuple[Dispatch, Utc]]:
    """All that a channel has confirmed in a mode, as it was handed to it, and since when it was public there."""
    claimed: dict[str, Dispatch] = {}
    confirmed: dict[str, tuple[Dispatch, Utc]] = {}
    for fact in facts:
        match fact.body:
            case DeliveryClaimed(dispatch=dispatch) | DeliveryUnknown(dispatch=dispatch):
                if (dispatch.channel, dispatch.mode) == (channel, mode):
                    claimed[fact.body.delivery_id] = dispatch
            case DeliveryConfirmed(delivery_id=name, receipt=receipt) if name in claimed:
                confirmed[name] = (claimed.pop(name), (receipt and receipt.at) or fact.at)
            case _:
                pass
    return [*confirmed.values()]


class OnChannel(Frozen):
    """One message on one channel. `where` is what the channel answered with, `waits` says that a person must look."""

    delivery_id: Identifier
    channel: Identifier
    state: DeliveryState
    where: str | None = None
    reason: str | None = None
    waits: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether nothing more happens here by itself."""
        return self.waits or self.state in SETTLED


class PublicWords(Frozen):
    """What became of one message on all of its channels, by delivery."""

    message_id: Identifier
    on: Mapping[Identifier, OnChannel] = Field(default_factory=dict)

    @property
    def is_settled(self) -> bool:
        """Whether every channel has answered, or waits for a person."""
        return bool(self.on) and all(one.is_settled for one in self.on.values())

    def after(self, fact: Fact) -> "PublicWords":
        """The same after this fact; a fact about anything else changes nothing."""
        match fact.body:
            case DeliveryAsked(message_id=name) as asked if name == self.message_id:
                before = self.on.get(asked.delivery_id)
                fresh = OnChannel(
                    delivery_id=asked.delivery_id,
                    channel=asked.channel,
                    state=DeliveryState.ASKED,
                    reason="a person puts it there by hand: see `holdingline inbox`" if asked.by_hand else None,
                    waits=asked.by_hand is not None,
                )
                return self._with(before.model_copy(update={"state": DeliveryState.ASKED}) if before else fresh)
            case DeliveryClaimed(delivery_id=name):
                return self._move(name, DeliveryState.SENDING)
            case DeliveryConfirmed(delivery_id=name, receipt=receipt):
                return self._move(name, DeliveryState.CONFIRMED, where=receipt.called if receipt else None)
            case DeliveryRefused(delivery_id=name, reason=reason):
                return self._move(name, DeliveryState.REFUSED, reason=reason)
            case DeliveryUnsent(delivery_id=name, reason=reason):
                return self._move(name, DeliveryState.UNSENT, reason=reason)
            case DeliveryPaced(delivery_id=name, reason=reason):
                return self._move(name, DeliveryState.UNSENT, reason=reason)
            case DeliveryHeld(delivery_id=name, reason=reason):
                return self._move(name, DeliveryState.UNSENT, reason=reason, waits=True)
            case DeliveryUnknown(delivery_id=name, reason=reason) as unknown:
                waits = unknown.look_again_at is None and not unknown.look_now
                return self._move(name, DeliveryState.UNKNOWN, reason=reason, waits=waits)
            case _:
                return self

    def _move(self, name: str, state: DeliveryState, **news: Any) -> "PublicWords":  # noqa: ANN401 - the fields of `OnChannel`
        if name not in self.on:
            return self
        plain = {"state": state, "where": None, "reason": None, "waits": False}
        return self._with(self.on[name].model_copy(update={**plain, **news}))

    def _with(self, one: OnChannel) -> "PublicWords":
        return self.model_copy(update={"on": {**self.on, one.delivery_id: one}})
