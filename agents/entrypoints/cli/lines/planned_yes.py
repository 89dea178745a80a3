"""A yes to a planned post, or to a correction of one: the person reads its words and time, and types no hash."""

import asyncio
from collections.abc import Iterator, Mapping
from inspect import signature
from typing import Annotated, Any

import typer

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.lines.prompts import first_words
from agents.entrypoints.cli.lines.questions import ask, one_of
from agents.entrypoints.cli.options import Misused, refusal, zone_of
from agents.entrypoints.cli.record.doors import open_door
from agents.entrypoints.cli.record.shown import told_shown
from streams.moments import told_in
from streams.projections.inbox import refusal_of
from streams.subjects.plan import Plan
from streams.telling.facts import apart
from streams.words.plans import ApprovePost
from streams.words.register.entries import Register
from streams.words.release import Message

Hash = Annotated[
    str | None,
    typer.Option("--hash", help="For a script: the hash of what was read, as `plans --json` has it; nothing is asked."),
]


def approve_post(*, content_hash: Hash = None, shared: Mapping[str, Any]) -> ApprovePost:
    """Say yes to a planned post, or to a correction of one: it is shown as each channel will show it."""
    if content_hash:
        return ApprovePost(content_hash=content_hash)
    plan, register = asyncio.run(_look(shared))
    if plan is None or register is None:
        raise Misused(f"there is no planned post {shared['subject'].id} in the log: see `holdingline plans`")
    if not plan.drafts:
        raise Misused(f"nothing waits for a yes in planned post {plan.id}: see `holdingline plans`")
    try:
        draft = _chosen(plan)
        body = ApprovePost(content_hash=draft.content_hash)
        if refused := refusal_of(shared["by"], body, plan, register=register, now=SystemClock().now()):
            raise refusal(refused, as_json=shared["as_json"])
        if shared.get("said_to"):  # What is said on the telephone is read out, and its code is the yes.
            return body
        for line in _whole(draft, plan, register):
            typer.echo(line, err=True)
        if typer.confirm("Say yes to exactly these words?", err=True):
            return body
        typer.echo(f"To drop the post: holdingline unplan {plan.id} 'why'", err=True)
    except typer.Abort:
        pass
    typer.echo("Nothing was approved.", err=True)
    raise typer.Exit(1)


async def _look(shared: Mapping[str, Any]) -> tuple[Plan | None, Register | None]:
    async with open_door(shared["mode"], shared["log"]) as door:
        state = await door.state(shared["subject"])
        return (state if isinstance(state, Plan) and state.at else None), await door.last_good_register()


def _chosen(plan: Plan) -> Message:
    """The words that wait; where a post has several corrections, the one that the person names."""
    names = [*plan.drafts]
    if len(names) == 1:
        return plan.drafts[names[0]]
    for number, one in enumerate(plan.drafts.values(), 1):
        typer.echo(apart(f"{number}  {one.id}, {one.purpose} {first_words(one)}"), err=True)
    return plan.drafts[ask("Which of these, by its number", one_of(names))]


def _whole(draft: Message, plan: Plan, register: Register) -> Iterator[str]:
    """All that a person has to read before they say yes: who asks, where and when it goes out, and the words."""
    who = register.called(plan.drafted_by.get(draft.id, ""))
    about = "a correction of a post that is out, at once" if draft.follows else "a post"
    when = f", at {told_in(zone_of(register), plan.at)}" if plan.at and not draft.follows else ""
    yield apart(f"{who} asks: {about}{when}, on {', '.join(draft.channels)}:")
    yield from told_shown(draft, register, mode=plan.mode, followed=plan.messages.get(draft.follows or ""))


approve_post.__signature__ = signature(approve_post).replace(  # type: ignore[attr-defined] # for typer
    parameters=[one for one in signature(approve_post).parameters.values() if one.name != "shared"]
)
