"""`check` finds people of a chain who cannot be asked or could never say yes, and what two did not delegate."""

from pathlib import Path

import pytest

from agents.adapters.registers import report
from tests.adapters.breaking import Break, copied, faults

CHAINS, PAGERS, PEOPLE = "register/chains.yaml", "register/pagers.yaml", "register/people.yaml"
ATTENTION = "register/attention.yaml"
GWILYM = "    - {person: gwilym.heddfan, answer_within_seconds: 300}\n"
BREAKS = [
    Break(CHAINS, GWILYM, GWILYM.replace("gwilym.heddfan", "gwil"), "person: gwil,", "gwil is not on the register"),
    Break(CHAINS, "person: owain.traethmor", "person: dilys.maenhir", "dilys", "may not report-to-police"),
    Break(CHAINS, GWILYM, GWILYM.replace("person: gwilym.heddfan", "rota: night"), "night", "there is no rota night"),
    Break(CHAINS, GWILYM, GWILYM.replace("person: gwilym.heddfan, ", ""), "{answer", "either a person or whoever"),
    Break(CHAINS, GWILYM, GWILYM.replace("300", "5"), "seconds: 5}", "greater than or equal to 30"),
    Break(CHAINS, "template: major-incident", "template: storm", "  delegated:", "there is no template storm"),
    Break(
        CHAINS,
        "by: beca.tirglas",
        "by: samira.dastwick",
        "  delegated:",
        "approved by the one who delegates",
    ),
    Break(
        CHAINS,
        "delegated_by: samira",
        "delegated_by: owain.traethmor #",
        "  delegated:",
        "cannot delegate it",
    ),
    Break(CHAINS, "answer_within_seconds: 120", "answer_within_seconds: 60", "  delegated:", "edited after"),
    Break(ATTENTION, "chain: partners-posts", "chain: night", "chain: night", "there is no chain night: name one of"),
    Break(ATTENTION, "id: held", "id: hold", "id: hold", "id is “hold”: input should be"),
    Break(ATTENTION, "pages: never", "pages: later", "pages: later", "pages is"),
    Break(PAGERS, "- id: letters", "- {id: more, via: email, kind: email}\n- id: letters", "  via: email", "already"),
]


@pytest.mark.parametrize("broken", BREAKS, ids=lambda one: one.new.strip()[:60])
def test_each_break_of_a_chain_is_found(broken: Break, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    broken.apply(folder)
    found = faults(folder)
    assert broken.is_found(found, folder), report(found)


def test_a_person_of_a_chain_without_a_contact_is_a_gap(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    lines = (folder / PEOPLE).read_text(encoding="utf-8").splitlines(keepends=True)
    chair = next(place for place, line in enumerate(lines) if "gwilym.heddfan" in line)
    start = next(place for place in range(chair, len(lines)) if "contacts:" in lines[place])
    end = next(place for place in range(start, len(lines)) if "grants:" in lines[place])
    (folder / PEOPLE).write_text("".join([*lines[:start], *lines[end:]]), encoding="utf-8")
    assert any("gwilym.heddfan has no contact" in one.sentence and one.file == CHAINS for one in faults(folder))


def test_a_person_of_a_chain_whom_no_pager_reaches_is_a_gap(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    Break(PAGERS, "  via: email", "  via: chat", "", "").apply(folder)
    wanted = "samira.dastwick has no contact that a pager reaches: give one for chat"
    assert any(wanted in one.sentence and one.file == CHAINS for one in faults(folder))


def test_a_folder_without_rules_for_what_waits_is_whole(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    before = faults(folder)
    (folder / ATTENTION).unlink()
    assert faults(folder) == before == []
