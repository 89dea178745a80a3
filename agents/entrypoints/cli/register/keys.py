"""Keys of people: their owner makes them, somebody else enrols them."""

import json
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import TypeAdapter, ValidationError

from agents.adapters.clocks import SystemClock
from agents.adapters.key_files import judge
from agents.adapters.key_files import write as write_key
from agents.adapters.registers import data_folder, enrol, enter, key_as_yaml, load
from agents.adapters.registers.enrolment import Unwritable
from agents.entrypoints.cli.options import AsJson, By, Misused, RegisterFolder, read_json, refusal, say
from agents.entrypoints.cli.signatures import passphrase, unlock
from streams.codec import says
from streams.decisions.verdict import Refused
from streams.words.register.keys import Enrolled, Key, key_id, written
from streams.words.register.passkeys import MadePasskey, Passkey
from streams.words.register.sheets import CODE_SIGNS, CODES, SIGNS, Sheet, SheetHashes, code_hash, sheet_id

LASTS = timedelta(days=365)
COLUMNS = 4
Write = Annotated[bool, typer.Option("--write", help="Put the entry into `people.yaml` too.")]

app = typer.Typer()
key_app = typer.Typer(no_args_is_help=True, help="Your key, with which you sign what you order.")
app.add_typer(key_app, name="key")


@key_app.command()
def new(
    person: Annotated[str, typer.Argument(help="Who you are on the register.")],
    *,
    out: Annotated[Path, typer.Option("--out", help="The file to write; none is written over.")],
    as_json: AsJson = False,
) -> None:
    """Make your own key, in a file that only its passphrase opens, and print what another person enrols."""
    chosen = passphrase("A passphrase for your key, of several words: ")
    judge(chosen, person=person)
    if passphrase("The same again: ") != chosen:
        raise Misused("the two differ, and nothing was written: begin again")
    key = Ed25519PrivateKey.generate()
    write_key(out, key, passphrase=chosen)
    public_key = written(key.public_key())
    lines = [
        f"{out} holds your key {key_id(public_key)}: keep it and its passphrase to yourself",
        "have somebody who may enrol keys run:",
        f"holdingline key enrol {person} {public_key}",
    ]
    say({"person": person, "key": key_id(public_key), "public_key": public_key}, lines, as_json=as_json)


@key_app.command()
def show(
    file: Annotated[Path, typer.Argument(help="The key file.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Print the name and the public part of a key; this also tries its passphrase."""
    public_key = written(unlock(file).public_key())
    say({"key": key_id(public_key), "public_key": public_key}, [key_id(public_key), public_key], as_json=as_json)


@key_app.command("enrol")
def enrol_key(  # budget: whose key, which, by whom, in which files
    person: Annotated[str, typer.Argument(help="Whose key it is: ask them for it, face to face or by voice.")],
    public_key: Annotated[str, typer.Argument(help="Its public part, as `holdingline key show` prints it.")],
    *,
    by: By,
    write: Write = False,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Print the entry that makes a key another person's for a year, to put into `people.yaml`."""
    now = SystemClock().now()
    entry = Key(public_key=public_key, enrolled_by=by, enrolled_at=now, expires_at=now + LASTS)
    _enrol(entry, person=person, folder=data_folder(register), write=write, as_json=as_json)


@key_app.command("sheet")
def new_sheet(
    person: Annotated[str, typer.Argument(help="Who you are on the register.")],
    *,
    out: Annotated[Path, typer.Option("--out", help="The file for the hashes; none is written over.")],
    as_json: AsJson = False,
) -> None:
    """Make a sheet of codes and show it once, to print; the file holds what another person enrols."""
    salt = secrets.token_hex(16)
    codes = ["".join(secrets.choice(SIGNS) for _ in range(CODE_SIGNS)) for _ in range(CODES)]
    hashes = tuple(code_hash(code, salt=salt, number=number) for number, code in enumerate(codes, 1))
    name = sheet_id(salt, hashes)
    try:
        with out.open("x", encoding="utf-8") as file:
            json.dump({"salt": salt, "codes": hashes}, file)
    except OSError as error:
        raise Misused(f"{out} cannot be written ({error.strerror}): name a new file") from None
    cells = [f"{number:>2} {code[:5]} {code[5:]}" for number, code in enumerate(codes, 1)]
    rows = ["    ".join(cells[row :: CODES // COLUMNS]) for row in range(CODES // COLUMNS)]
    lines = [
        f"{name} of {person}: print this page and keep it on you, it is shown once",
        *rows,
        "have somebody who may enrol keys run:",
        f"holdingline key enrol-sheet {person} {out}",
    ]
    say({"person": person, "sheet": name, "codes": codes, "file": str(out)}, lines, as_json=as_json)


@key_app.command("enrol-sheet")
def enrol_sheet(  # budget: whose sheet, which, by whom, in which files
    person: Annotated[str, typer.Argument(help="Whose sheet it is: have them hand you the file.")],
    file: Annotated[Path, typer.Argument(help="The file that `holdingline key sheet` wrote.")],
    *,
    by: By,
    write: Write = False,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Print the entry that makes a sheet of codes another person's for a year, to put into `people.yaml`."""
    now = SystemClock().now()
    hashes: SheetHashes = read_json(file, TypeAdapter(SheetHashes))
    entry = Sheet(**hashes.model_dump(), enrolled_by=by, enrolled_at=now, expires_at=now + LASTS)
    _enrol(entry, person=person, folder=data_folder(register), write=write, as_json=as_json)


@key_app.command("enrol-passkey")
def enrol_passkey(  # budget: whose, from where, by whom and for which pages
    person: Annotated[str, typer.Argument(help="Whose passkey it is: have them hand you the text face to face.")],
    file: Annotated[Path, typer.Argument(help="A file with the text that the page `/passkey` showed them, or `-`.")],
    *,
    by: By,
    also_on: Annotated[
        list[str] | None,
        typer.Option(help="Another console's address at which it counts too, as that of drills: once for each."),
    ] = None,
    write: Write = False,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Print the entry that makes a passkey another person's for a year, to put into `people.yaml`."""
    now = SystemClock().now()
    made: MadePasskey = read_json(file, TypeAdapter(MadePasskey))
    if made.person != person:
        raise Misused(f"{file} is a passkey that {made.person} made, and you named {person}: ask whose it is")
    origins = (*made.origins, *(also_on or ()))
    try:
        whole = MadePasskey(**{**made.model_dump(), "origins": [*dict.fromkeys(origins)]})
    except ValidationError as error:
        raise Misused(says(error)) from None
    given = whole.model_dump(exclude={"person"})
    entry = Passkey(**given, enrolled_by=by, enrolled_at=now, expires_at=now + LASTS)
    _enrol(entry, person=person, folder=data_folder(register), write=write, as_json=as_json)


IF_FOUNDED = (
    "in a founded register it counts once two people let it in: propose it with `holdingline register propose`, "
    "and have another person confirm it"
)


def _enrol(entry: Enrolled, *, person: str, folder: Path, write: bool, as_json: bool) -> None:
    """Print the entry, if its enroller may make it the person's; with `write`, put it into `people.yaml` too."""
    refused = enrol(load(folder), entry, person=person)
    if isinstance(refused, Refused):
        raise refusal(refused, as_json=as_json)
    lines = key_as_yaml(entry, person)
    told = [lines]
    if write:
        try:
            told.append(f"{entry.id} is in {enter(folder, lines, person=person)}")
            told.append(IF_FOUNDED)
        except Unwritable as error:
            raise Misused(f"{error}\n{lines}") from None
    say(entry.model_dump(mode="json"), told, as_json=as_json)
