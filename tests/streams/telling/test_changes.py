"""What a change brings is shown value by value, and nothing of it can hide from who reads it on a terminal."""

from streams.telling.changes import told_difference
from streams.values import Power
from streams.words.register.changes import Difference, Entry, Section
from streams.words.register.entries import Hours
from tests import builders


def shown(old: Entry | None, new: Entry | None, section: Section = "people") -> list[str]:
    before, after = (one.model_dump_json() if one else None for one in (old, new))
    return list(told_difference(Difference(section=section, entry="e", old=before, new=after)))


def test_what_goes_and_what_comes_is_named_by_its_place() -> None:
    """A grant is named by its identifier, wherever it stands in the list."""
    old = builders.person("nia", Power.DECLARE, Power.WITHDRAW)
    new = builders.person("nia", Power.WITHDRAW).model_copy(update={"role": "chair"})
    said = shown(old, new)
    assert said[0] == "people e is changed"
    assert "  - role: Nia" in said
    assert "  + role: chair" in said
    assert "  - grants nia/declare.power: declare" in said
    assert not [line for line in said if "withdraw" in line]
    assert shown(None, new)[0] == "people e is added"
    assert shown(old, None)[0] == "people e is taken out"


def test_a_bound_that_falls_is_shown() -> None:
    """No hours is any hour: the line that goes says so."""
    old, new = builders.person("nia", Power.DECLARE, hours=Hours.IN_HOURS), builders.person("nia", Power.DECLARE)
    assert "  - grants nia/declare.hours: in-hours" in shown(old, new)


def test_what_a_terminal_would_obey_is_written_out() -> None:
    """An option may hold any text; none of it moves the cursor, colours or turns what is read."""
    plain = builders.channel("website")
    for hostile in ("\x1b[2K", "\u202e", "\r"):
        odd = plain.model_copy(update={"options": {f"url{hostile}": f"https://x.example/{hostile}"}})
        assert all(line.isprintable() for line in shown(plain, odd, "channels"))
