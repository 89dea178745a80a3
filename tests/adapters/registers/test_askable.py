"""`check` names hours in which a chain would pass everybody over, before they come."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from agents.adapters.registers import check, data_folder
from tests.adapters.breaking import Break, copied
from tests.adapters.breaks import PEOPLE, ROTA

NOW = datetime(2026, 1, 14, 22, 31, tzinfo=UTC)
"""A Wednesday night."""
CHAINS = "register/chains.yaml"
NIGHTLY = """\
- id: nightly
  title: Yes of whoever is on call
  power: withdraw
  types: [critical]
  steps: [{rota: director-on-call, answer_within_seconds: 60}]
"""


def gaps(folder: Path) -> Sequence[str]:
    return [fault.sentence for fault in check(folder, NOW) if fault.sentence.startswith("nobody whom chain")]


def nightly(folder: Path) -> Path:
    """The example with a chain of its own that asks only the person on call."""
    copied(folder)
    Break(CHAINS, "- id: latest-lines\n", f"{NIGHTLY}- id: latest-lines\n", "", "").apply(folder)
    return folder


def test_the_example_has_no_hour_in_which_a_chain_asks_in_vain() -> None:
    assert gaps(data_folder()) == []


def test_a_hole_in_the_rota_that_a_chain_asks_is_told_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    """Others may withdraw at that hour, but this chain does not ask them."""
    folder = nightly(tmp_path)
    Break(ROTA, "2026-01-01T00:00:00Z", "2026-01-15T06:00:00Z", "", "").apply(folder)
    [said] = gaps(folder)
    assert "chain nightly asks is there, may withdraw and can be paged from Wed 14 January 2026 22:31 to Thu" in said
    assert "15 January 2026 06:00, in any incident: the search would end at once" in said


def test_who_has_no_contact_that_a_pager_reaches_can_be_asked_by_nobody(tmp_path: Path) -> None:
    """A number alone is no help while only letters are sent."""
    folder = nightly(tmp_path)
    path = folder / PEOPLE
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "via: email" not in line), encoding="utf-8")
    assert any("chain nightly" in one for one in gaps(folder))
    assert any("chain first-words-of-a-major-incident" in one and "would go out at once" in one for one in gaps(folder))
