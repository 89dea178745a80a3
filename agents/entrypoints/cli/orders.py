"""Orders from people: each command puts one order on the topic, waits for its facts and prints them."""

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, Signature, getdoc, signature
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4  # noqa: TID251 - a person who gives an order twice means two orders
from zoneinfo import ZoneInfo

import typer
from pydantic import TypeAdapter

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli import methane_prompts
from agents.entrypoints.cli.lines import posts, prompts
from agents.entrypoints.cli.lines.editor import has_editor
from agents.entrypoints.cli.lines.follow_ups import FOLLOW_UPS
from agents.entrypoints.cli.lines.kept import KeptAnswers
from agents.entrypoints.cli.lines.planned_yes import approve_post
from agents.entrypoints.cli.lines.sign_offs import sign_off
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    REFUSED_EXIT,
    AccountId,
    AsJson,
    By,
    CaseId,
    IncidentId,
    LogUrl,
    Misused,
    ModeName,
    PlanId,
    SubjectName,
    aside,
    fail,
    identified,
    read_json,
    said,
    say,
    zone_of,
)
from agents.entrypoints.cli.order_fields import maker, times_of
from agents.entrypoints.cli.outcome import exit_code, let_out, settled, told_outcome
from agents.entrypoints.cli.preview import in_view_of
from agents.entrypoints.cli.record.doors import open_door
from agents.entrypoints.cli.signatures import KeyFile, SaidTo, said_on_the_telephone, unlock
from agents.runtime.door.door import Door
from streams.coming_times import coming, last, shown
from streams.decisions.desk.order_table import ORDERS
from streams.decisions.wording.listed_names import name_prints
from streams.projections.public import PublicWords
from streams.telling.facts import fact_lines
from streams.values import Subject, SubjectKind, Word, named
from streams.words.cases import HandOnCase, OpenCase
from streams.words.facts import CommandRefused, Fact
from streams.words.holds import HeldField, PlaceHold
from streams.words.incident import Declare, Methane, Report, StandDown
from streams.words.listening.stories import DecideNotToAnswer, ProposeRebuttal
from streams.words.orders import Command, CommandBody, command, signed
from streams.words.plans import ApprovePost, PlanPost, ReplanPost
from streams.words.register.entries import WorkingHours
from streams.words.register.partners import SettleLookAlikes
from streams.words.release import Amplify, DraftLine, Propose, Release, SignOff

app = typer.Typer()

JsonFile = Annotated[
    Path | None, typer.Option("--file", help="Read it as JSON from this file, `-` for standard input.")
]
NoWait = Annotated[
    bool,
    typer.Option("--no-wait", help="Do not wait until each channel has answered, and end with 0 if it is let out."),
]
LETTING_OUT = frozenset({Release, Propose, SignOff, Amplify})
"""Orders that may let a message out: each waits until every channel has it or not, and the exit code says which."""
SUBJECTS = {
    SubjectKind.INCIDENT: IncidentId,
    SubjectKind.CASE: CaseId,
    SubjectKind.ACCOUNT: AccountId,
    SubjectKind.PLAN: PlanId,
    None: SubjectName,
}
"""What each kind of subject is called on the command line; changes of the register have commands of their own."""
OVER_BY_NOW = frozenset({"put"})
MAY_BE_OVER = frozenset({"answer_by", *OVER_BY_NOW})
"""What somebody asked of us may be overdue when we write it down, and what was put by hand is there already."""
SHARED = {"by": By, "log": LogUrl, "mode": ModeName, "key": KeyFile, "as_json": AsJson}
DEFAULTS = {"log": DEFAULT_LOG, "mode": DEFAULT_MODE, "key": None, "as_json": False}


Asked = Callable[[dict[str, Any], Mapping[str, Any]], tuple[CommandBody, KeptAnswers]]
"""Asks a person for an order, by the options that they gave; the answers are kept until the order was given."""


def add(name: str, make: Callable[..., CommandBody], *, about: SubjectKind | None, lets_out: bool) -> None:
    """Register a command of the command line: `make` turns its options into the order.

    Its first argument names the subject, and is called after the kind of subject that the order is `about`; None is
    for an order about any.
    """
    first = about.value if about else "subject"

    def run(**given: Any) -> None:  # noqa: ANN401 - typer reads the types from the signature below
        subject = given.pop(first)
        shared: dict[str, Any] = {name: given.pop(name) for name in SHARED}
        shared["subject"] = Subject(kind=about, id=subject) if about else named(subject)
        shared["waits"] = not given.pop("no_wait", True)
        shared["said_to"] = given.pop("said_to", None)
        if (asks_for := ASKED.get(make)) and given["file"] is None:
            body, kept = asks_for(given, shared)
            give_kept(body, kept, shared=shared)
            return
        in_full(given, times_of(make), shared=shared)
        if make in LOOKING:
            given["shared"] = shared
        give([make(**given)], shared, asks=not (given.get("yes", True) or shared["as_json"]))

    added = [
        Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind, default=DEFAULTS.get(name, Parameter.empty))
        for name, kind in SHARED.items()
    ]
    if lets_out:
        added.append(Parameter("no_wait", Parameter.KEYWORD_ONLY, annotation=NoWait, default=False))
    added.append(Parameter("said_to", Parameter.KEYWORD_ONLY, annotation=SaidTo, default=None))
    subject = Parameter(first, Parameter.POSITIONAL_OR_KEYWORD, annotation=SUBJECTS[about])
    parameters = [subject, *signature(make).parameters.values(), *added]
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined] # for typer
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    app.command(name, help=getdoc(make))(run)


def in_full(given: dict[str, Any], times: Sequence[str], *, shared: Mapping[str, Any]) -> None:
    """Put the whole moment for each of these `times` that was given, and say on the error stream what it is."""
    said = {name: given[name] for name in times if given[name] is not None}
    if said:
        zone = asyncio.run(_hours(shared["mode"], shared["log"])).zone
        for name, text in said.items():
            if name in MAY_BE_OVER and "-" in text:
                continue
            now = SystemClock().now()
            meant = last(text, now=now, zone=zone) if name in OVER_BY_NOW else coming(text, now=now, zone=zone)
            typer.echo(f"--{name.replace('_', '-')} {text}: {shown(meant)}", err=True)
            given[name] = meant.isoformat()


async def _hours(mode: str, log: str) -> WorkingHours:
    """The hours of the trust, by the register that was in force last; the usual ones before the first."""
    async with open_door(mode, log) as door:
        register = await door.last_good_register()
    return register.hours if register else WorkingHours()


def give(bodies: Sequence[CommandBody], shared: dict[str, Any], *, asks: bool = False) -> None:
    """Give orders, one after another, and print their answers; a refusal ends with exit code 3.

    If `waits` says so, wait for what an order lets out; `outcome` says with which exit codes that ends.
    """
    # Ask for the passphrase before the order's time is taken: looking for it must not make the order stale.
    said_to = shared.get("said_to")
    key = unlock(shared["key"]) if shared["key"] and not said_to else None
    mode, facts, public, zone = shared["mode"], list[Fact](), list[PublicWords](), zone_of(None)
    for body in [posts.as_heard(one, shared) for one in bodies]:
        now = SystemClock().now()
        given = command(body, cause=uuid4(), mode=mode, subject=shared["subject"], at=now, by=shared["by"])
        given = in_view_of(given, shared["log"], asks=asks and not said_to)
        if said_to:
            given = said_on_the_telephone(given, said_to, log=shared["log"], as_json=shared["as_json"])
        given = signed(given, key) if key else given
        answers, came_out, zone = asyncio.run(_ask(given, shared))
        facts += answers
        public += came_out
        if isinstance(facts[-1].body, CommandRefused):
            words, more = "\n".join(fact_lines(facts, zone=zone)), facts[-1].body.model_dump(mode="json")
            raise fail(words, as_json=shared["as_json"], code=REFUSED_EXIT, more=more)
    lines = [*fact_lines(facts, zone=zone), *(line for one in public for line in told_outcome(one))]
    say([fact.model_dump(mode="json") for fact in facts], lines, as_json=shared["as_json"])
    if public and (code := exit_code(public)):
        raise typer.Exit(code)


async def _ask(given: Command, shared: Mapping[str, Any]) -> tuple[Sequence[Fact], Sequence[PublicWords], ZoneInfo]:
    """The facts that answer an order; if it `waits`, what became of the messages let out; and the trust's zone."""
    async with Door(given.mode, shared["log"]) as door:
        following = await door.follow(given.subject) if shared.get("waits") else None
        facts = await door.ask(given, tell=aside(as_json=shared["as_json"]))
        words, zone = let_out(facts) if following else [], zone_of(await door.last_good_register())
        if following is None or not words:
            return facts, [], zone
        public, later = await settled(words, following)
        return [*facts, *(one for one in later if one not in facts)], public, zone


def declare(*, file: JsonFile = None) -> CommandBody:
    """Declare an incident, from JSON or by prompts; an ETHANE report (M: no) opens it on standby instead."""
    if file is None:
        return methane_prompts.declaration()
    declared: Declare = read_json(file, TypeAdapter(Declare))
    return declared if declared.methane.major_incident else Report(methane=declared.methane)


def report(
    *,
    file: JsonFile = None,
    responder: Annotated[
        str | None, typer.Option(callback=identified, help="The responder whose report it is; our own if none.")
    ] = None,
) -> CommandBody:
    """Hand in a METHANE or ETHANE report, from JSON or by prompts."""
    methane: Methane = read_json(file, TypeAdapter(Methane)) if file else methane_prompts.methane()
    return Report(methane=methane, responder=responder) if responder else Report(methane=methane)


def draft(
    *,
    file: JsonFile = None,
    follows: Annotated[str | None, typer.Option(help="The message whose wrong words it corrects.")] = None,
    editor: Annotated[
        bool | None, typer.Option(help="Write the texts in your editor; so it is on a terminal if EDITOR is set.")
    ] = None,
) -> CommandBody:
    """Hand in a line, or a correction in its own words, by prompts or from JSON; another person then signs it off."""
    del editor  # It is about the asking, not about the order.
    line: DraftLine = read_json(file or Path("-"), TypeAdapter(DraftLine))
    return line.model_copy(update={"follows": follows}) if follows else line


def amplify(*, file: JsonFile = None) -> CommandBody:
    """Send a registered partner's post out again, with credit; by prompts or from JSON."""
    post: Amplify = read_json(file or Path("-"), TypeAdapter(Amplify))
    return post


def _ask_for_line(given: dict[str, Any], shared: Mapping[str, Any]) -> tuple[CommandBody, KeptAnswers]:
    in_editor = given["editor"]
    if in_editor is None:
        in_editor = has_editor() and sys.stdin.isatty()
    at = prompts.place(shared, in_editor=in_editor)
    return prompts.line(at, follows=given["follows"])


def give_kept(body: CommandBody, kept: KeptAnswers, *, shared: dict[str, Any]) -> None:
    """Give an order whose answers are kept, and drop them once it was carried out."""
    stays = True
    try:
        give([body], shared)
        stays = False
    except typer.Exit as ended:
        stays = ended.exit_code == REFUSED_EXIT
        raise
    finally:
        if stays:
            typer.echo(f"What was typed is in {kept.path}: give the command again to change it.", err=True)
        else:
            kept.drop()


def propose_rebuttal(
    story: Annotated[int, typer.Argument(min=1, help="The story, as `holdingline stories` numbers it.")],
    *,
    evidence: Annotated[str, typer.Option(help="How we know, in a sentence; it is kept for ever, so name nobody.")],
    file: JsonFile = None,
    **given: Any,  # noqa: ANN401 - typer reads the types from the signature below
) -> CommandBody:
    """Propose an answer to a story, from a template or from a line in JSON; another person then signs it off."""
    if file is None and not given.get("template"):
        raise Misused("an answer needs words: name an approved --template, or a line with --file")
    answer: Release | DraftLine = read_json(file, TypeAdapter(DraftLine)) if file else HOLDING(**given)
    return ProposeRebuttal(story=story, evidence=evidence, answer=answer)


def not_answered(
    story: Annotated[int, typer.Argument(min=1, help="The story, as `holdingline stories` numbers it.")],
    reason: Annotated[str, typer.Argument(help="Why, in a sentence.", callback=said)],
) -> CommandBody:
    """Decide that we do not answer a story; it comes up again if twice as many people tell it."""
    return DecideNotToAnswer(story=story, reason=reason)


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


def release(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask on a terminal whether the words are right.")] = False,
    **given: Any,  # noqa: ANN401 - typer reads the types from the signature below
) -> CommandBody:
    """Release a pre-approved message with its slots filled, at once on its channels; its words are shown first."""
    del yes  # It is about the asking, not about the order.
    return RELEASED(**given)


def stand_down(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask on a terminal about what is still open.")] = False,
    **given: Any,  # noqa: ANN401 - typer reads the types from the signature below
) -> CommandBody:
    """End the incident: it is over. What is still open is shown first."""
    del yes  # It is about the asking, not about the order.
    return STOOD_DOWN(**given)


def propose(**given: Any) -> CommandBody:  # noqa: ANN401 - typer reads the types from the signature below
    """Propose a holding message; who has the power to release it is looked for and asked."""
    return Propose(release=HOLDING(**given))


RELEASED = maker(Release, without=("shown",))
release.__signature__ = Signature(  # type: ignore[attr-defined] # for typer
    [*signature(RELEASED).parameters.values(), signature(release).parameters["yes"]]
)
STOOD_DOWN = maker(StandDown)
stand_down.__signature__ = Signature(  # type: ignore[attr-defined] # for typer
    [*signature(STOOD_DOWN).parameters.values(), signature(stand_down).parameters["yes"]]
)
HOLDING = maker(Release, without=("purpose", "follows", "shown"))
propose.__signature__ = signature(HOLDING)  # type: ignore[attr-defined] # for typer
_OWN = [one for one in signature(propose_rebuttal).parameters.values() if one.name != "given"]
_TEMPLATE = Parameter(
    "template",
    Parameter.KEYWORD_ONLY,
    annotation=Annotated[str | None, typer.Option(help="The template, as `holdingline hashes` lists it.")],
    default=None,
)
propose_rebuttal.__signature__ = Signature(  # type: ignore[attr-defined] # for typer
    [*_OWN, _TEMPLATE, *(one for one in signature(HOLDING).parameters.values() if one.name != "template")]
)
BY_HAND: Mapping[type, Callable[..., CommandBody]] = {
    Declare: declare,
    Report: report,
    DraftLine: draft,
    Release: release,
    StandDown: stand_down,
    Propose: propose,
    Amplify: amplify,
    PlaceHold: hold,
    OpenCase: maker(OpenCase, without=("by_rule", "words", "addressed", "gathered")),
    SignOff: sign_off,
    ApprovePost: approve_post,
    ProposeRebuttal: propose_rebuttal,
    DecideNotToAnswer: not_answered,
    PlanPost: maker(PlanPost, without=("beside",)),
    ReplanPost: maker(ReplanPost, without=("beside",)),
}
"""Orders that read a file, ask questions, or hide what was typed; all others are asked for field by field."""
ASKED: Mapping[Callable[..., CommandBody], Asked] = {draft: _ask_for_line, amplify: posts.asked_for}
"""Orders that are asked for at the terminal if no file is given, and shown before they are given."""
LOOKING: frozenset[Callable[..., CommandBody]] = frozenset({sign_off, approve_post, *FOLLOW_UPS.values()})
"""What makes an order of what was typed and of what the log has; it takes as `shared` who orders, and about what."""

for kind in ORDERS.values():
    # Changes of the register have commands of their own, and so has what several cases can be given at once: see
    # `register/changes.py` and `listening/handover.py`.
    if kind.command and kind.body is not HandOnCase and (kind.about in SUBJECTS or kind.body is SettleLookAlikes):
        make = BY_HAND.get(kind.body) or maker(kind.body)
        about = None if kind.about is SubjectKind.REGISTER else kind.about
        add(kind.command, make, about=about, lets_out=kind.body in LETTING_OUT)

for command_name, follow_up in FOLLOW_UPS.items():
    add(command_name, follow_up, about=SubjectKind.INCIDENT, lets_out=True)
