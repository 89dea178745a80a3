"""A file from a stranger is refused in a sentence, and no more of it is held than a line may be long."""

import gzip
import json
from collections.abc import Callable

import pytest

from streams.record import checks, container
from streams.record.container import LINE_BYTES_MAX, Unreadable, read
from tests.evidence_kit import exported, found, night, parsed

DEEP = b"[" * 100_000


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"\x00\xff\xfe" * 1_000,
        gzip.compress(b"0" * 10_000_000, mtime=0),
        b"PK\x03\x04 a zip file",
        b'{"kind":"manifest","kind":"manifest"}\n',
        b'{"kind":"manifest","facts":NaN}\n',
        b'{"facts":' + b"9" * 10_000 + b"}\n",
        DEEP + b"\n",
        b'{"a":' * 50_000 + b"\n",
        b"null\n",
        b"[]\n",
        '"\ud800"'.encode("utf-8", "surrogatepass") + b"\n",
    ],
    ids=lambda content: repr(content[:20]),
)
def test_what_is_no_evidence_file_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(Unreadable, match=r"^line 1: .{20,}"):
        parsed(content)


@pytest.mark.parametrize("line", [DEEP, b"\x00", b'{"kind":"fact","line":2,"line":2}', b"NaN", b"", b'{"kind":"end"}'])
def test_a_hostile_line_among_good_ones_is_named(line: bytes) -> None:
    lines = night().exported().splitlines(keepends=True)
    assert any(one.startswith("line 4: ") for one in found(b"".join([*lines[:3], line + b"\n", *lines[4:]])))


@pytest.mark.parametrize("value", ["[" * 100_000, '{"id":"a","id":"a"}', "NaN", "", "null", "9" * 10_000, '"\\ud800"'])
@pytest.mark.parametrize("kind", ["fact", "order", "register"])
def test_a_hostile_value_in_a_container_that_fits_is_named(kind: str, value: str) -> None:
    items = night().items()
    at = next(number for number, item in enumerate(items) if item[0] == kind)
    ends = {"first": "0" * 64, "last": "0" * 64} if kind == "fact" else {}
    changed = [*items[:at], (items[at][0], items[at][1], value), *items[at + 1 :]]
    said = found(exported(changed, **ends))
    assert f"line {at + 2}: this is no {kind}; it was changed" in said


@pytest.mark.parametrize("name", ["sequence", "previous", "hash", "subject", "at"])
@pytest.mark.parametrize("value", ["[[]]", "{}", "null", "-1", "1e999", "9" * 4_000])
def test_a_fact_with_anything_in_the_place_of_its_chain_is_named(name: str, value: str) -> None:
    items = night().items()
    at = next(number for number, item in enumerate(items) if item[0] == "fact")
    old = json.dumps(json.loads(items[at][2])[name], separators=(",", ":"))
    assert f'"{name}":{old}' in items[at][2]
    changed = [*items[:at], ("fact", items[at][1], items[at][2].replace(f'"{name}":{old}', f'"{name}":{value}'))]
    said = found(exported([*changed, *items[at + 1 :]], first="0" * 64, last="0" * 64))
    assert any(one.startswith((f"line {at + 2}: ", "fact ")) for one in said)


def test_an_order_in_which_a_name_stands_twice_is_named() -> None:
    """One reader takes the first of the two, another the second."""
    items = night().items()
    at = next(number for number, item in enumerate(items) if item[0] == "order")
    twice = items[at][2].replace('"by":', '"by":"somebody.else","by":', 1)
    changed = [*items[:at], (items[at][0], items[at][1], twice), *items[at + 1 :]]
    assert f"line {at + 2}: this is no order; it was changed" in found(exported(changed))


def test_no_finding_holds_what_a_terminal_obeys() -> None:
    """A stranger's file could clear the findings from the screen, or add some of its own."""
    items = [
        (kind, name, value.replace('"register_version":"', '"register_version":"\\u001b[2J\\n', 1))
        for kind, name, value in night().items()
    ]
    said = found(exported(items))
    assert any("is not here; it was dropped" in one for one in said)
    assert all(one.isprintable() for one in said)


def test_a_file_of_nothing_but_faults_is_not_judged_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "FOUND_MAX", 3)
    lines = night().exported().splitlines(keepends=True)
    said = found(b"".join(lines[:1] + lines[:1:-1]))
    assert len(said) == 4
    assert said[-1] == "what follows was not checked: this is too much already"


def endless(line: bytes) -> tuple[Callable[[int], bytes], list[int]]:
    """A file that never ends, and how much was asked of it at a time."""
    asked: list[int] = []

    def readline(size: int) -> bytes:
        asked.append(size)
        return (line * (size // len(line) + 1))[:size] if b"\n" not in line else line

    return readline, asked


def test_a_line_that_never_ends_is_read_no_further_than_a_line_may_be_long() -> None:
    readline, asked = endless(b"0")
    with pytest.raises(Unreadable, match=r"^line 1: this is more than an evidence file may hold"):
        read(readline)
    assert asked == [LINE_BYTES_MAX + 1]


def test_lines_that_never_end_are_read_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "LINES_MAX", 50)
    first = night().exported().splitlines(keepends=True)[0]
    readline, asked = endless(first)
    with pytest.raises(Unreadable, match=r"^line 51: this is more"):
        read(readline)
    assert len(asked) == 51
