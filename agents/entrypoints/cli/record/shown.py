"""`holdingline preview`: a draft or a message as the public of each channel reads it, byte for byte."""

import asyncio
from collections.abc import Iterator
from typing import Annotated

import typer

from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    IncidentId,
    LogUrl,
    Misused,
    ModeName,
    identified,
    say,
)
from agents.entrypoints.cli.record.doors import open_door
from streams.decisions.wording.contents import advice
from streams.decisions.wording.shown.renderings import renderings
from streams.subjects.incident import Incident
from streams.telling.deliveries import told_picture_after, told_renderings
from streams.values import Subject
from streams.words.register.entries import Register
from streams.words.release import Message

app = typer.Typer()


@app.command()
def preview(
    incident: IncidentId,
    message: Annotated[
        str | None, typer.Argument(callback=identified, help="One draft or message; every draft, if none is given.")
    ] = None,
    *,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    as_json: AsJson = False,
) -> None:
    """Show what the public of each channel reads of a draft, byte for byte, and how long it is as each counts.

    It needs no running worker. The words are those of the register that the newest fact was judged by.
    """
    found, register = asyncio.run(_look(mode, log, incident=incident))
    known = {**found.messages, **found.drafts} if found else {}
    if found is None or (message is not None and message not in known):
        raise Misused(f"there is no message {message or ''} in incident {incident}: see `holdingline status`")
    chosen = [known[message]] if message is not None else [*found.drafts.values()]
    lines = [
        line for one in chosen for line in told_whole(one, register, mode=mode, followed=known.get(one.follows or ""))
    ]
    answer = [_answer(one, register, mode=mode) for one in chosen]
    say(answer, lines or ["no draft waits in this incident"], as_json=as_json)


def told_whole(message: Message, register: Register, *, mode: str, followed: Message | None = None) -> Iterator[str]:
    """The message with its hash, and its words as `told_shown` has them."""
    content = f", content {message.content_hash}" if message.content_hash else ""
    yield f"{message_heading(message)}{content}:"
    yield from told_shown(message, register, mode=mode, followed=followed)


def message_heading(message: Message) -> str:
    """What a message is for, what it is about, and on which channels."""
    about = f" to {message.follows}" if message.follows else ""
    return f"{message.purpose}{about} on {', '.join(message.channels)}"


def told_shown(message: Message, register: Register, *, mode: str, followed: Message | None = None) -> Iterator[str]:
    """The message on each channel, what is suspected of it, and what the checks advise.

    `followed` is the message that it is about: its words come first.
    """
    if followed:
        yield from (f"  about {language}: {text}" for language, text in followed.texts.items())
    yield from (f"  {line}" for line in told_renderings(message, register, mode=mode))
    yield from (f"  {line}" for line in told_picture_after(message, followed, register=register))
    yield from (f"  in doubt: {doubt}" for doubt in message.doubts)
    yield from (f"  advice: {one}" for one in advice(message, register))


def _answer(message: Message, register: Register, *, mode: str) -> dict[str, object]:
    """The same for a program."""
    shown = [
        {
            "channel": name,
            "languages": one.languages,
            "subject": one.subject,
            "text": one.text,
            "shows_picture": one.picture is not None,
            "audience": register.channels[name].audience,
        }
        for name in message.channels
        if name in register.channels
        for one in renderings(message, register.channels[name], mode=mode)
    ]
    picture = message.picture.model_dump(mode="json") if message.picture else None
    return {"message": message.id, "picture": picture, "content_hash": message.content(), "shown": shown}


async def _look(mode: str, log: str, *, incident: str) -> tuple[Incident | None, Register]:
    async with open_door(mode, log) as door:
        state = await door.state(Subject.incident(incident))
        register = await door.last_good_register()
    found = state if isinstance(state, Incident) and state.is_begun else None
    return found, register or Register(trust="-")
