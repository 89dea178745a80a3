"""A partner's post by prompts, for a person who shares it by hand: whose, which, and its words."""

import asyncio
from collections.abc import Mapping
from typing import Any

import typer

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.lines.kept import KeptAnswers, path_for
from agents.entrypoints.cli.lines.prompts import left, look
from agents.entrypoints.cli.lines.questions import ask, of_kind, one_of
from agents.entrypoints.cli.options import Misused, refusal
from agents.entrypoints.cli.record.doors import open_door
from agents.runtime.door.partner_posts import was_edited
from streams.decisions.desk.order_table import ORDERS
from streams.decisions.lifecycle import stuck
from streams.decisions.partners.posted_from import account_of
from streams.decisions.verdict import Refused
from streams.subjects.incident import Incident
from streams.values import Identifier, Language, Link, Prose, Utc
from streams.words.orders import CommandBody
from streams.words.register.partners import Partner
from streams.words.release import Amplify, Credit


def asked_for(given: Mapping[str, Any], shared: Mapping[str, Any]) -> tuple[CommandBody, KeptAnswers]:
    """The post as the person described it, once they said yes to it; and where the answers are kept."""
    del given
    incident, register = look(shared)
    moves = ORDERS[Amplify].moves or {}
    if refused := stuck(incident or Incident(id=shared["subject"].id, mode=shared["mode"]), moves, words="amplify"):
        raise refusal(refused, as_json=shared["as_json"])
    if register is None or not register.partners:
        raise Misused("no partner is on the register: register one first")
    kept = KeptAnswers(path_for("post", shared["subject"].id))
    try:
        return asked(register.partners, kept), kept
    except typer.Abort:
        left(kept)


def as_heard(body: CommandBody, shared: Mapping[str, Any]) -> CommandBody:
    """The same order; of a post that its author edited since we heard it, with that said, so that copies go out."""
    if not isinstance(body, Amplify) or not asyncio.run(_was_edited(body.credit, shared)):
        return body
    if not shared["as_json"]:
        told = "its author edited this post: where a network shows the first words, a copy of these goes out instead"
        typer.echo(told, err=True)
    return body.model_copy(update={"credit": body.credit.model_copy(update={"edited": True})})


async def _was_edited(credit: Credit, shared: Mapping[str, Any]) -> bool:
    async with open_door(shared["mode"], shared["log"]) as door:
        return await was_edited(door, credit)


def asked(partners: Mapping[str, Partner], kept: KeptAnswers) -> Amplify:
    """Ask which of these partners said what, and whether that is to go out again; `Abort` if not."""
    for number, one in enumerate(partners.values(), 1):
        typer.echo(f"  {number}  {one.id}  {one.name}, on {', '.join(one.channels)}", err=True)
    answers = kept.answers
    kept.put("partner", ask("Which partner, by its number or name", one_of([*partners]), kept=answers.get("partner")))
    kept.put("post_id", ask("Identifier of the post", of_kind(Identifier), kept=answers.get("post_id")))
    kept.put("url", ask("Link to the post", of_kind(Link), kept=answers.get("url"), optional=True))
    kept.put("text", ask("Its words", of_kind(Prose), kept=answers.get("text")))
    kept.put("language", ask("Language of the words", of_kind(Language), kept=answers.get("language") or "en"))
    now = SystemClock().now().isoformat(timespec="seconds")
    kept.put("posted_at", ask("When it was posted", of_kind(Utc), kept=answers.get("posted_at") or now))
    answers = kept.answers
    partner = partners[answers["partner"]]
    account_id = account_of(partner, answers.get("url"))
    if isinstance(account_id, Refused):
        raise Misused("; ".join(account_id.reasons))
    credit = Credit(
        partner=partner.id,
        partner_name=partner.name,
        account_id=account_id,
        post_id=answers["post_id"],
        url=answers.get("url"),
    )
    post = Amplify.model_validate(
        {"credit": credit, **{name: answers[name] for name in ("text", "language", "posted_at")}}
    )
    typer.echo(f"  {partner.name}, on {', '.join(partner.channels)}:\n  | {post.text}", err=True)
    if not typer.confirm("Send it out again?", err=True):
        raise typer.Abort
    return post
