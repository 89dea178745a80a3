"""The influence list of a folder: what is wrong is named with its place, and the file is not needed."""

from pathlib import Path

import pytest

from agents.adapters.registers import load
from agents.adapters.registers.checks import check
from streams.words.influence.entries import InfluenceCategory
from tests.adapters.breaking import copied
from tests.examples import NOW

LIST = "register/influence.yaml"
TWICE = """
- id: another
  name: Another Herald
  category: blogger
  accounts: [{network: bluesky, account_id: "did:web:ardudwy-herald.example"}]
  vouched_by: dilys.maenhir
  evidence: Invented.
  review_on: 2028-11-30
"""
BREAKS = {
    ("vouched_by: dilys.maenhir", "vouched_by: nobody.known"): "is not on the register: have somebody who is vouch",
    ("review_on: 2028-11-30", "review_on: 2025-11-05"): "is due for review since 2025-11-05",
    ("category: local-media", "category: famous"): "category",
    ("  evidence: ", "  followers: "): "evidence",
    ("  review_on: 2028-11-30\n", f"  review_on: 2028-11-30\n{TWICE}"): "is on the list as ardudwy-herald",
}


@pytest.mark.parametrize(("change", "says"), BREAKS.items(), ids=BREAKS.values())
def test_what_is_wrong_is_named_at_its_file(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    folder = copied(tmp_path / "trust")
    text = (folder / LIST).read_text("utf-8")
    assert change[0] in text
    (folder / LIST).write_text(text.replace(*change), "utf-8")
    found = [one for one in check(folder, NOW) if one.file == LIST]
    assert any(says in one.sentence for one in found), found


def test_a_folder_may_do_without_the_list(tmp_path: Path) -> None:
    folder = copied(tmp_path / "trust")
    (named,) = load(folder, NOW).influence.values()
    assert named.category is InfluenceCategory.LOCAL_MEDIA
    (folder / LIST).unlink()
    assert load(folder, NOW).influence == {}
