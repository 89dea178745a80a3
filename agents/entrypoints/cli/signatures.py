"""Proving an order: the person signs it with their key, or says a code on the telephone that somebody else enters."""

import asyncio
import warnings
from datetime import datetime
from getpass import GetPassWarning, getpass
from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agents.adapters.clocks import SystemClock
from agents.adapters.key_files import open_key, read_key_file
from agents.entrypoints.cli.lines.read_out import read_out
from agents.entrypoints.cli.options import Misused, identified, refusal, secret, zone_of
from agents.entrypoints.cli.record.doors import open_door
from agents.runtime.door.tables import PAST
from agents.runtime.views.tables import latest
from streams.decisions.authority.freshness import ORDER_AGE_MAX
from streams.decisions.authority.order import Order
from streams.decisions.authority.signatures import (
    TO_ENTER,
    not_to_hear,
    not_to_say,
    sheet_to_ask,
    with_unused_code,
)
from streams.decisions.desk.order_table import ORDERS, once_proven
from streams.decisions.verdict import Refused
from streams.moments import minute_in
from streams.subjects.fold import begun
from streams.subjects.past import spent_in
from streams.subjects.state import State
from streams.telling.facts import apart
from streams.words.facts import CommandRefused
from streams.words.orders import Command
from streams.words.register.entries import Register
from streams.words.register.keys import challenge_of
from streams.words.register.sheets import CODE_SIGNS, SIGNS, Sheet, SpokenProof, code_faults, number_for

PASSPHRASE = "HOLDINGLINE_PASSPHRASE"  # noqa: S105 - the variable's name, not what is in it

KeyFile = Annotated[
    Path | None,
    typer.Option("--key", envvar="HOLDINGLINE_KEY", help="Your key file; its passphrase is asked for."),
]

SaidTo = Annotated[
    str | None,
    typer.Option(
        "--said-to",
        callback=identified,
        help="Who on the register enters a code that the person of --as says on the telephone from their paper sheet.",
    ),
]
TRIES = 3
"""So often a code is asked for; the last one is given to the worker also if it is wrong, so that the record has it."""


def unlock(path: Path) -> Ed25519PrivateKey:
    """The private key in this file, after asking for its passphrase; `UnusableKey` if it does not open."""
    return open_key(read_key_file(path), passphrase(f"Passphrase of {path}: "))


def passphrase(question: str) -> str:
    """The passphrase from the environment, or typed unseen on the terminal; `Misused` if there is neither."""
    given = secret(PASSPHRASE)
    try:
        typed = _ask_unseen(question) if given is None else given
        typed.encode()
    except UnicodeError:
        raise Misused("the passphrase is not UTF-8 text: see how this terminal writes what is typed") from None
    return typed


def _ask_unseen(question: str) -> str:
    with warnings.catch_warnings():
        # Without a terminal the prompt would read standard input, which may hold the order, and would show it.
        warnings.simplefilter("error", GetPassWarning)
        try:
            return getpass(question)
        except EOFError:
            raise Misused("no passphrase was given: begin again") from None
        except GetPassWarning:
            raise Misused(f"there is no terminal to ask for the passphrase on: set {PASSPHRASE} instead") from None


def said_on_the_telephone(given: Command, relayed_by: str, *, log: str, as_json: bool) -> Command:
    """The order, proven by a code of the person whom it names, after showing `relayed_by` what to read out.

    Which code is asked for follows from the order; one that asks for a code not used before is looked for.
    """
    state, register, spent = asyncio.run(_known(given, log))
    if register is None:
        raise Misused("this log keeps no register yet, so it knows no sheet of codes: sign this order")
    now = SystemClock().now()
    sheet = sheet_to_ask(given, relayed_by, register=register, now=now)
    if isinstance(sheet, Refused):
        raise refusal(sheet, as_json=as_json)
    order = Order(given, state, register, now)
    if unfit := not_to_hear(order, relayed_by):
        raise refusal(unfit, as_json=as_json)
    if unsaid := ORDERS[type(given.body)].why_unsaid:
        raise refusal(not_to_say(unsaid), as_json=as_json)
    # An order that is refused would use a code up.
    gives = once_proven(order)
    for one in gives:
        if isinstance(one, CommandRefused):
            raise refusal(Refused(one.reasons, one.who_could or None), as_json=as_json)
    # To read takes time, and an order may be too old.
    asked = with_unused_code(given.model_copy(update={"at": SystemClock().now()}), sheet, spent=spent)
    if asked is None:
        raise Misused(f"every code of {sheet.id} was used: have another sheet enrolled")
    number = number_for(challenge_of(asked.model_dump(mode="json")))
    until = asked.at + ORDER_AGE_MAX - TO_ENTER
    person = register.people[given.by].called
    typer.echo(f"Read this to {person} on the telephone:", err=True)
    for line in read_out(order, gives):
        typer.echo(f"  {apart(line)}", err=True)
    typer.echo(f"If the answer is yes, ask for code {number} of {sheet.id}, before {_at(until, register)}.", err=True)
    proof = _asked(asked, sheet, relayed_by)
    if SystemClock().now() > until:
        raise Misused(f"it is past {_at(until, register)}, and the order is too old; no code was used up: begin again")
    return asked.model_copy(update={"proof": proof})


def _at(moment: datetime, register: Register) -> str:
    return minute_in(zone_of(register), moment)


async def _known(given: Command, log: str) -> tuple[State, Register | None, frozenset[str]]:
    """The state that the order is about, the register, and the codes that proved an order of any incident."""
    async with open_door(given.mode, log) as door:
        state, register = await door.state(given.subject), await door.last_good_register()
        spent = spent_in(latest(await door.table_records(PAST)))
    return state or begun(given.subject, given.mode), register, spent


def _asked(given: Command, sheet: Sheet, relayed_by: str) -> SpokenProof:
    """What was typed as the code, asked for again as long as it is wrong, up to `TRIES` times."""
    challenge = challenge_of(given.model_dump(mode="json"))
    number, tried = number_for(challenge), 0
    while True:
        code = typer.prompt(f"Code {number}", err=True, value_proc=_code)
        proof = SpokenProof(key=sheet.id, number=number, code=code, relayed_by=relayed_by)
        tried += 1
        if tried == TRIES or not any(code_faults(proof, sheet, challenge=challenge)):
            return proof
        typer.echo(f"that is not code {number} of {sheet.id}: have it read out again", err=True)


def _code(answer: str) -> str:
    """The signs of a code as they were typed, in any case and with gaps; the prompt asks again if one is wrong."""
    code = "".join(sign for sign in answer.upper() if not sign.isspace() and sign != "-")
    if strange := sorted(set(code) - set(SIGNS)):
        raise typer.BadParameter(
            f"no code has {' or '.join(strange)}: it has capitals but I and O, and digits from 2 on"
        )
    if len(code) != CODE_SIGNS:
        raise typer.BadParameter(f"a code has {CODE_SIGNS} signs, and this has {len(code)}: have it read out again")
    return code
