"""Orders from people: each command puts one order on the topic, waits for its facts and prints them."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4  # noqa: TID251 - a person who gives an order twice means two orders

import typer
from pydantic import TypeAdapter

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli import methane_prompts
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    REFUSED_EXIT,
    AsJson,
    By,
    IncidentId,
    LogUrl,
    ModeName,
    fail,
    moment,
    pairs,
    read_json,
    said,
    say,
)
from agents.entrypoints.cli.signatures import KeyFile, unlock
from agents.runtime.door.door import Door
from streams.decisions.wording.listed_names import name_prints
from streams.telling.facts import fact_lines
from streams.values import Purpose, Word
from streams.words.delivery import ResolveDelivery
from streams.words.facts import CommandRefused, Fact
from streams.words.holds import HeldField, LiftHold, PlaceHold
from streams.words.incident import Cancel, Declare, Methane, Report, StandDown
from streams.words.orders import Command, CommandBody, command, signed
from streams.words.release import Amplify, DraftLine, Propose, Release, SignOff
from streams.words.sign_off import Decline, SeekSignOff
from streams.words.stops import CancelRelease, Freeze, ReleaseHeld, Resume, ReturnDraft, WithdrawDraft

app = typer.Typer()

Channels = Annotated[
    list[str], typer.Option("--channel", help="A channel, once for each; all of the template's if none.")
]
JsonFile = Annotated[
    Path | None, typer.Option("--file", help="Read it as JSON from this file, `-` for standard input.")
]
NextUpdate = Annotated[
    str | None,
    typer.Option(help="When the next word comes, with offset, as 2026-11-21T23:30:00+00:00; the public is told."),
]
MessageId = Annotated[str, typer.Argument(help="The message, as `holdingline status` shows it.")]
Reason = Annotated[str, typer.Argument(callback=said, help="Why, in a sentence.")]
SHARED = {"incident": IncidentId, "by": By, "log": LogUrl, "mode": ModeName, "key": KeyFile, "as_json": AsJson}
DEFAULTS = {"log": DEFAULT_LOG, "mode": DEFAULT_MODE, "key": None, "as_json": False}


def order(make: Callable[..., CommandBody]) -> None:
    """Register a command of the command line: `make` turns its options into the order that is given for `incident`."""

    @wraps(make)
    def run(**given: Any) -> None:  # noqa: ANN401 - typer reads the types from the signature below
        shared = {name: given.pop(name) for name in SHARED}
        give([make(**given)], shared)

    incident, *added = [
        Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind, default=DEFAULTS.get(name, Parameter.empty))
        for name, kind in SHARED.items()
    ]
    first = incident.replace(kind=Parameter.POSITIONAL_OR_KEYWORD)
    own = signature(make)
    parameters = [first, *own.parameters.values(), *added]
    run.__signature__ = own.replace(parameters=parameters, return_annotation=None)  # type: ignore[attr-defined] # for typer
    run.__annotations__ = {**make.__annotations__, **SHARED, "return": None}
    app.command(make.__name__.replace("_", "-"))(run)


def give(bodies: Sequence[CommandBody], shared: dict[str, Any]) -> None:
    """Give orders, one after another, and print their answers; a refusal ends with exit code 3."""
    # Ask for the passphrase before the order's time is taken: looking for it must not make the order stale.
    key = unlock(shared["key"]) if shared["key"] else None
    mode, facts = shared["mode"], list[Fact]()
    for body in bodies:
        now = SystemClock().now()
        given = command(body, cause=uuid4(), mode=mode, incident_id=shared["incident"], at=now, by=shared["by"])
        facts += asyncio.run(_ask(signed(given, key) if key else given, Door(mode, shared["log"])))
        if isinstance(facts[-1].body, CommandRefused):
            words, more = "\n".join(fact_lines(facts)), facts[-1].body.model_dump(mode="json")
            raise fail(words, as_json=shared["as_json"], code=REFUSED_EXIT, more=more)
    say([fact.model_dump(mode="json") for fact in facts], fact_lines(facts), as_json=shared["as_json"])


async def _ask(given: Command, closed: Door) -> Sequence[Fact]:
    async with closed as door:
        return await door.ask(given)


@order
def declare(*, file: JsonFile = None) -> CommandBody:
    """Declare an incident, from JSON or by prompts; an ETHANE report (M: no) opens it on standby instead."""
    if file is None:
        return methane_prompts.declaration()
    declared: Declare = read_json(file, TypeAdapter(Declare))
    return declared if declared.methane.major_incident else Report(methane=declared.methane)


@order
def report(*, file: JsonFile = None) -> CommandBody:
    """Hand in a METHANE or ETHANE report, from JSON or by prompts."""
    methane: Methane = read_json(file, TypeAdapter(Methane)) if file else methane_prompts.methane()
    return Report(methane=methane)


@order
def release(  # budget: what a release consists of
    template: Annotated[str, typer.Argument(help="The template's identifier, as `holdingline hashes` lists it.")],
    *,
    slot: Annotated[list[str], typer.Option(help="A slot, as name=value; once for each.")] = [],  # noqa: B006 - typer copies it
    purpose: Annotated[Purpose, typer.Option(help="What of the template goes out.")] = Purpose.HOLDING,
    channel: Channels = [],  # noqa: B006 - typer copies it
    next_update: NextUpdate = None,
    follows: Annotated[str | None, typer.Option(help="The message it is about, if several stand.")] = None,
) -> CommandBody:
    """Release a pre-approved message with its slots filled, at once on its channels."""
    return Release(
        template=template,
        purpose=purpose,
        slots=pairs(slot),
        channels=tuple(channel),
        next_update_at=_optional(next_update),
        follows=follows,
    )


@order
def draft(*, file: Annotated[Path, typer.Option(help="The line as JSON, `-` for standard input.")]) -> CommandBody:
    """Hand in a line, which another person then signs off."""
    line: DraftLine = read_json(file, TypeAdapter(DraftLine))
    return line


@order
def propose(
    template: Annotated[str, typer.Argument(help="The template's identifier, as `holdingline hashes` lists it.")],
    *,
    slot: Annotated[list[str], typer.Option(help="A slot, as name=value; once for each.")] = [],  # noqa: B006 - typer copies it
    channel: Channels = [],  # noqa: B006 - typer copies it
    next_update: NextUpdate = None,
) -> CommandBody:
    """Propose a holding message; somebody who has the power to release it is found and asked."""
    proposed = Release(
        template=template, slots=pairs(slot), channels=tuple(channel), next_update_at=_optional(next_update)
    )
    return Propose(release=proposed)


@order
def seek(
    message: Annotated[str | None, typer.Argument(help="The draft; none, if a matter is to be decided.")] = None,
    *,
    matter: Annotated[str | None, typer.Option(help="What is to be decided, as a question.")] = None,
    chain: Annotated[str | None, typer.Option(help="The chain; for a draft the first that fits.")] = None,
) -> CommandBody:
    """Look for somebody who signs off a draft, or decides a matter, by a chain of the register."""
    return SeekSignOff(message_id=message, matter=matter, chain=chain)


@order
def decline(
    search: Annotated[str, typer.Argument(help="The search, as the page and `holdingline status` show it.")],
    reason: Reason,
) -> CommandBody:
    """Say that you cannot judge it now: the next is asked at once."""
    return Decline(search_id=search, reason=reason)


@order
def sign_off(
    message: MessageId,
    content_hash: Annotated[str, typer.Argument(help="The hash of what you read, as `holdingline status` shows both.")],
) -> CommandBody:
    """Say yes to a line with exactly the content that you read."""
    return SignOff(message_id=message, content_hash=content_hash)


@order
def return_draft(message: MessageId, reason: Reason) -> CommandBody:
    """Send a draft back to who wrote it instead of signing it off."""
    return ReturnDraft(message_id=message, reason=reason)


@order
def withdraw_draft(message: MessageId, reason: Reason) -> CommandBody:
    """Take a draft back before anybody signs it off."""
    return WithdrawDraft(message_id=message, reason=reason)


@order
def cancel_release(message: MessageId, reason: Reason) -> CommandBody:
    """Stop the deliveries of a released message that have not been sent; the answer says what may be public already."""
    return CancelRelease(message_id=message, reason=reason)


@order
def freeze(reason: Reason) -> CommandBody:
    """Stop everything except withdrawals and corrections; one person who may withdraw is enough."""
    return Freeze(reason=reason)


@order
def resume(reason: Reason) -> CommandBody:
    """End a freeze; each delivery that waited stays held until a person releases or cancels it."""
    return Resume(reason=reason)


@order
def release_held(
    delivery: Annotated[str, typer.Argument(help="The delivery that the freeze held back.")],
) -> CommandBody:
    """Let one delivery go on that a freeze held back."""
    return ReleaseHeld(delivery_id=delivery)


@order
def amplify(
    *,
    file: Annotated[Path, typer.Option(help="The partner's post as JSON, `-` for standard input.")],
) -> CommandBody:
    """Send a registered partner's post out again, with credit."""
    post: Amplify = read_json(file, TypeAdapter(Amplify))
    return post


@order
def stand_down(reason: Reason) -> CommandBody:
    """End the incident: it is over."""
    return StandDown(reason=reason)


@order
def cancel(reason: Reason) -> CommandBody:
    """Cancel the incident: it never was."""
    return Cancel(reason=reason)


@order
def resolve(
    delivery: Annotated[str, typer.Argument(help="The delivery of unknown outcome.")],
    evidence: Annotated[str, typer.Argument(help="What you saw on the channel, in a sentence.")],
    *,
    attempt: Annotated[int, typer.Option(min=1, help="The attempt that you looked for, as the status shows it.")],
    public: Annotated[bool, typer.Option(help="Whether the message is there.")],
) -> CommandBody:
    """Say, after looking at the channel, whether a delivery of unknown outcome is public."""
    return ResolveDelivery(delivery_id=delivery, attempt=attempt, public=public, evidence=evidence)


@order
def hold(
    field: Annotated[HeldField, typer.Argument(help="What may not appear.")],
    about: Annotated[str, typer.Argument(help="What it is about; it is kept for ever, so name nobody.")],
    *,
    holder: Annotated[list[str], typer.Option(help="Who may lift it, once for each; the usual ones if none.")] = [],  # noqa: B006 - typer copies it
    names: Annotated[Path | None, typer.Option(help="JSON list of names, `-` for standard input; not kept.")] = None,
) -> CommandBody:
    """Keep a field, or the names of a list, out of every text until somebody lifts the hold."""
    listed: list[str] = read_json(names, TypeAdapter(list[Word])) if names else []
    salt = uuid4().hex
    prints = name_prints(listed, salt)
    return PlaceHold(field=field, about=about, holders=tuple(holder), names=prints, salt=salt)


@order
def lift(
    hold: Annotated[str, typer.Argument(help="The hold, as `holdingline status` shows it.")],
    reason: Reason,
    *,
    evidence: Annotated[str | None, typer.Option(help="The post of the police or ambulance that said it.")] = None,
) -> CommandBody:
    """Let a held field appear; about patients only on the lead agency's own post."""
    return LiftHold(hold=hold, reason=reason, evidence=evidence)


def _optional(text: str | None) -> datetime | None:
    return moment(text) if text else None
