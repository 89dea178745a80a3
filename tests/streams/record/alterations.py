"""Ways to alter evidence: the bytes of the file, or what is in it, with a container that fits again."""

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from streams.chain import hash_of
from streams.record.container import Item
from tests.evidence_kit import exported

Alter = Callable[[Random, bytes], bytes]


def flip(rng: Random, content: bytes) -> bytes:
    """Another byte in one place."""
    at = rng.randrange(len(content))
    return content[:at] + bytes([content[at] ^ rng.randrange(1, 256)]) + content[at + 1 :]


def insert(rng: Random, content: bytes) -> bytes:
    at = rng.randrange(len(content) + 1)
    return content[:at] + rng.randbytes(1) + content[at:]


def leave_out(rng: Random, content: bytes) -> bytes:
    at = rng.randrange(len(content))
    return content[:at] + content[at + rng.randrange(1, 9) :]


def cut_off(rng: Random, content: bytes) -> bytes:
    return content[: rng.randrange(len(content))]


def drop_a_line(rng: Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    del lines[rng.randrange(len(lines))]
    return b"".join(lines)


def swap_lines(rng: Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    one, other = rng.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def repeat_a_line(rng: Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
    return b"".join(lines)


BYTES: Sequence[Alter] = (flip, insert, leave_out, cut_off, drop_a_line, swap_lines, repeat_a_line)


def drop_an_item(rng: Random, items: list[Item]) -> None:
    del items[rng.randrange(len(items))]


def repeat_a_fact(rng: Random, items: list[Item]) -> None:
    items.append(rng.choice([one for one in items if one[0] == "fact"]))


def swap_facts(rng: Random, items: list[Item]) -> None:
    one, other = rng.sample([number for number, item in enumerate(items) if item[0] == "fact"], 2)
    items[one], items[other] = items[other], items[one]


def alter_a_register(rng: Random, items: list[Item]) -> None:
    at = rng.choice([number for number, item in enumerate(items) if item[0] == "register"])
    text = items[at][2]
    where = rng.randrange(len(text))
    items[at] = ("register", items[at][1], f"{text[:where]}{rng.choice('xyz 0')}{text[where:]}")


def swap_signatures(rng: Random, items: list[Item]) -> None:
    """The proof of one order under another."""
    signed = [number for number, item in enumerate(items) if item[0] == "order" and json.loads(item[2])["proof"]]
    one, other = rng.sample(signed, 2)
    order, donor = json.loads(items[one][2]), json.loads(items[other][2])
    items[one] = ("order", items[one][1], _text({**order, "proof": donor["proof"]}))


def alter_a_value(rng: Random, items: list[Item]) -> None:
    """Another value somewhere in a fact or an order; the chain is left as it was."""
    at = rng.choice([number for number, item in enumerate(items) if item[0] != "register"])
    stored = json.loads(items[at][2])
    another_value(rng, stored)
    items[at] = (items[at][0], items[at][1], _text(stored))


CONTENT = (drop_an_item, repeat_a_fact, swap_facts, alter_a_register, swap_signatures, alter_a_value)


def resealed(rng: Random, items: Sequence[Item], alter: Callable[[Random, list[Item]], None]) -> bytes:
    """The items altered, in a container and with a manifest that fit them."""
    changed = list(items)
    alter(rng, changed)
    return exported(changed)


def rechained(rng: Random, items: Sequence[Item]) -> bytes:
    """A value of a fact altered, and every hash from there on made to fit: what somebody with the log could do."""
    changed, previous = list(items), None
    facts = [number for number, item in enumerate(items) if item[0] == "fact"]
    chosen = rng.choice(facts)
    for at in facts:
        stored = json.loads(items[at][2])
        if at == chosen:
            another_value(rng, stored["body"])
        if previous is not None:
            stored["previous"] = previous
        stored["hash"] = previous = hash_of(stored)
        changed[at] = ("fact", stored["id"], _text(stored))
    return exported(changed)


def another_value(rng: Random, stored: Any) -> None:
    """Change one leaf of a JSON value in place."""
    leaves = list(_leaves(stored))
    holder, name = rng.choice(leaves)
    holder[name] = _other(rng, holder[name])


def _leaves(value: Any) -> list[tuple[Any, Any]]:
    pairs = list(value.items() if isinstance(value, dict) else enumerate(value))
    found = []
    for name, inner in pairs:
        nested = isinstance(inner, dict | list) and inner
        found += _leaves(inner) if nested else [(value, name)]
    return found


def _other(rng: Random, value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return "x" if value is None else not value
    if isinstance(value, int | float):
        return value + rng.randrange(1, 9)
    if isinstance(value, str) and value:
        at = rng.randrange(len(value))
        letter = rng.choice([one for one in "abc012" if one != value[at]])
        return value[:at] + letter + value[at + 1 :]
    return ["x"]


def _text(stored: Any) -> str:
    return json.dumps(stored, separators=(",", ":"), ensure_ascii=False)
