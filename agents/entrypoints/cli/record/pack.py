"""`holdingline pack`: one page to print, with which people speak for the trust while its machines are down."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Annotated

import typer

from agents.adapters.clocks import SystemClock
from agents.adapters.page_templates import page_templates
from agents.adapters.registers import data_folder
from agents.adapters.registers.table import decision_table
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    LogUrl,
    Misused,
    ModeName,
    RegisterFolder,
    say,
)
from agents.entrypoints.cli.record.doors import open_door
from agents.entrypoints.cli.register.in_force import standing_register
from agents.entrypoints.pack_note import NOTE
from infra.operating import has_log
from streams.moments import told_in
from streams.projections.pack import Pack, pack_of
from streams.projections.words_out import words_out
from streams.subjects.attention import waiting
from streams.subjects.incident import OVER, Incident
from streams.subjects.promises import promises
from streams.telling.attention import told_attention, told_promises
from streams.values import LIVE, is_drill
from streams.words.delivery import Delivery
from streams.words.register.entries import Register

app = typer.Typer()
PAGE = "pack.html.j2"
Out = Annotated[Path, typer.Option("--out", help="The page to write; an older one is written over.")]
Telephones = Annotated[
    bool, typer.Option("--telephones", help="With telephone numbers and addresses: for paper only, not for a screen.")
]


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """Words that the public can read now, in each language, and where."""

    purpose: str
    message_id: str
    since: str
    texts: Sequence[tuple[str, str]]
    places: Sequence[tuple[str, str | None, str]]


@dataclass(frozen=True, slots=True)
class ShownIncident:
    """The last state of an incident that goes on: what is public, what was promised, what waits for a person."""

    id: str
    name: str
    public: Sequence[ShownMessage]
    promised: Sequence[str]
    waits: Sequence[str]


@app.command()
def pack(  # budget: where it is written, what of, and for whom
    *,
    out: Out,
    telephones: Telephones = False,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write the offline pack: the texts that may go out, who may say yes, how to reach each channel, the last state.

    It needs no running worker. Print it with the numbers, and keep one without them on a telephone.
    """
    now = SystemClock().now()
    known = standing_register(register, mode=mode, log=log)
    incidents = asyncio.run(_incidents(mode, log)) if has_log(log) else []
    made = pack_of(known, now)
    zone = known.hours.zone
    page = _page(made, known, [*_shown(incidents, now, zone=zone)], mode=mode, telephones=telephones)
    try:
        out.touch(mode=0o600)
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise Misused(f"{out} cannot be written ({error.strerror}): name another file") from None
    lines = [
        f"{out}: {len(made.templates)} templates, {len(incidents)} incidents that go on, register {known.version()}",
        f"print it, and make another by {told_in(zone, made.too_old_at)}",
        *(f"left out: {reason}" for reason in made.unusable),
        *(_note(register, made, known) if mode == LIVE else ()),
    ]
    answer = {"page": str(out), "made_at": made.made_at, "too_old_at": made.too_old_at, "version": known.version()}
    say({**answer, "left_out": made.unusable}, lines, as_json=as_json)


def _note(folder: Path | None, made: Pack, known: Register) -> Iterator[str]:
    """Keep beside the register when the pack was made; a line if that cannot be kept."""
    note = {"made_at": made.made_at.isoformat(), "too_old_at": made.too_old_at.isoformat(), "version": known.version()}
    if folder is None:
        yield "its age is not watched: name the folder of your own register with --register"
        return
    try:
        (folder / NOTE).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        yield f"its age is not watched: {folder / NOTE} cannot be written ({error.strerror})"


async def _incidents(mode: str, log: str) -> Sequence[Incident]:
    async with open_door(mode, log) as door:
        return [one for one in (await door.overview()).incidents if one.status not in OVER]


def _shown(incidents: Sequence[Incident], now: datetime, *, zone: tzinfo) -> Iterator[ShownIncident]:
    for one in incidents:
        public = [
            ShownMessage(
                purpose=out.message.purpose,
                message_id=out.message.id,
                since=told_in(zone, out.since) if out.since else "not public yet",
                texts=[*out.message.texts.items()],
                places=[_place(delivery) for delivery in out.on],
            )
            for out in words_out(one)
        ]
        yield ShownIncident(
            id=one.id,
            name=one.declaration.name if one.declaration else "not declared",
            public=public,
            promised=[*told_promises(promises(one, now), zone)],
            waits=[told_attention(waits, zone) for waits in waiting(one, now)],
        )


def _place(delivery: Delivery) -> tuple[str, str | None, str]:
    """The channel, the link there, and what is known of it."""
    receipt = delivery.receipt
    return delivery.channel, receipt.url if receipt else None, receipt.words if receipt else str(delivery.state)


def _page(made: Pack, register: Register, incidents: Sequence[ShownIncident], *, mode: str, telephones: bool) -> str:
    """The page; everything that comes from the register or the log is escaped."""
    environment = page_templates(data_folder() / "pages")
    zone = register.hours.zone
    return environment.get_template(PAGE).render(
        pack=made,
        table=decision_table(register, made.made_at),
        register=register,
        incidents=incidents,
        drill=mode if is_drill(mode) else None,
        telephones=telephones,
        made=told_in(zone, made.made_at),
        too_old=told_in(zone, made.too_old_at),
    )
