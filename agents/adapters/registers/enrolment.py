"""Entries that a command puts into the files: the key that a second person makes somebody's, a partner's account."""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from agents.adapters.registers.source import FileSource, parse, read_source
from streams.decisions.authority.powers import Act, may, who_could
from streams.decisions.verdict import Refused
from streams.errors import MessageError
from streams.values import Power
from streams.words.register.entries import Register
from streams.words.register.keys import Enrolled, Key
from streams.words.register.sheets import Sheet


def enrol(register: Register, key: Enrolled, *, person: str) -> Refused | None:
    """Why `key.enrolled_by` cannot make this key the person's; None if they can."""
    act = Act(Power.ENROL_KEY, key.enrolled_at)
    verdict = may(key.enrolled_by, act, register=register)
    if isinstance(verdict, Refused):
        return verdict
    if person not in register.people:
        return Refused([f"{person} is not on the register: add them to people.yaml first"])
    if key.enrolled_by == person:
        reason = f"{person} cannot enrol a key of their own: another person has to"
        return Refused([reason], who_could(act, register, but=person))
    for holder in register.people.values():
        if any(one.id == key.id for one in holder.keys):
            return Refused([f"{holder.id} holds the key {key.id} already: make a new one for each person"])
    return None


PEOPLE, PARTNERS = "register/people.yaml", "register/partners.yaml"


class Unwritable(MessageError):
    """The key cannot be put into people.yaml from here: put the printed lines there by hand."""


class UnwritableAccount(Unwritable):
    """The account cannot be put into partners.yaml from here: put the printed lines there by hand."""


def enter(folder: Path, entry: str, *, person: str) -> Path:
    """Put the printed lines of a key or sheet at the person's entry in `people.yaml`, and leave the rest as it is.

    `Unwritable` if the entry is not written a field a line, or the file cannot be read or written.
    """
    path = folder / PEOPLE
    before, position = _listed(path, PEOPLE, of=person, fault=Unwritable)
    text = path.read_text(encoding="utf-8-sig")
    fresh = _entered(text, entry, before=before, position=position)
    wanted = [{**one} for one in before.value]
    added = parse("\n".join(entry.splitlines()[1:]), PEOPLE).value["keys"]
    wanted[position]["keys"] = [*added, *(wanted[position].get("keys") or ())]
    if parse(fresh, PEOPLE).value != wanted:
        raise Unwritable
    return _put(path, fresh)


def enter_account(folder: Path, lines: Sequence[str], *, partner: str) -> Path:
    """Put the lines of an account, `    - kind: ...`, at the partner's entry, and leave the rest as it is.

    `Unwritable` if the entry is not written a field a line, or the file cannot be read or written.
    """
    path = folder / PARTNERS
    before, position = _listed(path, PARTNERS, of=partner, fault=UnwritableAccount)
    text = path.read_text(encoding="utf-8-sig").splitlines()
    column = text[before.lines[(position, "id")] - 1].find("id:")
    held = before.lines.get((position, "accounts"))
    ends = max(line for trail, line in before.lines.items() if trail[:1] == (position,))
    number, added = (held, []) if held else (ends, [f"{' ' * column}accounts:"])
    first = before.lines.get((position, "accounts", 0))
    dash = text[first - 1].find("-") if held and first else column + 2
    added += [" " * dash + line[len(lines[0]) - len(lines[0].lstrip()) :] for line in lines]
    fresh = "\n".join([*text[:number], *added, *text[number:], ""])
    wanted = [{**one} for one in before.value]
    wanted[position]["accounts"] = [*parse("\n".join(lines), PARTNERS).value, *(wanted[position].get("accounts") or ())]
    if parse(fresh, PARTNERS).value != wanted:
        raise UnwritableAccount
    return _put(path, fresh)


def _listed(path: Path, name: str, *, of: str, fault: type[Unwritable]) -> tuple[FileSource, int]:
    """What is in a file, and which of its entries has this identifier; `fault` if it is no list."""
    before = read_source(path, name)
    if not isinstance(before.value, list):
        raise fault
    return before, next(number for number, one in enumerate(before.value) if one["id"] == of)


def _put(path: Path, text: str) -> Path:
    try:
        beside = path.with_name(f".{path.name}.new")
        beside.write_text(text, encoding="utf-8")
        beside.chmod(path.stat().st_mode & 0o777)
        with suppress(PermissionError):  # Root may, and the service goes on reading it; another user keeps the file.
            os.chown(beside, path.stat().st_uid, path.stat().st_gid)
        os.replace(beside, path)  # noqa: PTH105 - one step: a worker reads the old file or the new one
    except OSError as error:
        raise Unwritable(f"{path} cannot be written ({error.strerror}): put the printed lines there by hand") from None
    return path


def _entered(text: str, entry: str, *, before: FileSource, position: int) -> str:
    """The text with the lines of the entry behind those of the person's `id`, or behind their `keys:`."""
    lines = text.splitlines()
    number = before.lines[(position, "id")]
    column = lines[number - 1].find("id:")
    held = before.lines.get((position, "keys"))
    added = [line[2:] for line in entry.splitlines()[1 if held is None else 2 :]]
    if held is not None:
        number = held
    return "\n".join([*lines[:number], *(" " * max(column, 0) + line for line in added), *lines[number:], ""])


def key_as_yaml(key: Enrolled, person: str) -> str:
    """The lines of a key, a sheet or a passkey to put at the person's entry in `people.yaml`."""
    first, *others = [
        *_own_lines(key),
        f"enrolled_by: {key.enrolled_by}",
        f"enrolled_at: {key.enrolled_at:%Y-%m-%dT%H:%M:%SZ}",
        f"expires_at: {key.expires_at:%Y-%m-%dT%H:%M:%SZ}",
    ]
    head = [f"# To the entry of {person}:", "  keys:", f"    - {first}"]
    return "\n".join([*head, *(f"      {line}" for line in others)])


def _own_lines(key: Enrolled) -> Sequence[str]:
    """What a form of key has that the others have not."""
    if isinstance(key, Key):
        return [f'public_key: "{key.public_key}" # {key.id}']
    form = f"form: {key.form} # {key.id}"
    if isinstance(key, Sheet):
        return [form, f'salt: "{key.salt}"', "codes:", *(f'  - "{code}"' for code in key.codes)]
    return [
        form,
        f'credential: "{key.credential}"',
        f'public_key: "{key.public_key}"',
        f"rp_id: {json.dumps(key.rp_id)}",
        "origins:",
        *(f"  - {json.dumps(origin)}" for origin in key.origins),
    ]
