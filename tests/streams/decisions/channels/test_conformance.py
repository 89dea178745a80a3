"""X's length, held against the cases that X published with its own counter. They are read from beside this checkout."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from streams.decisions.channels.kinds import X
from tests.architecture.tree import ROOT

PLACES = [folder / "shared" / "data" / "twitter-text-conformance" / "validate.yml" for folder in ROOT.parents]
CASES = next(filter(Path.is_file, PLACES), None)
GROUPS = ("WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest")
"""The cases for the present configuration; an older one counted emoji by their parts."""


def cases() -> list[Mapping[str, Any]]:
    """All of them; one line says so where they are not there."""
    if CASES is None:
        pytest.skip("NOT CHECKED: there is no shared/data/twitter-text-conformance beside this checkout")
    groups = YAML(typ="safe").load(CASES)["tests"]
    return [case for group in GROUPS for case in groups[group]]


def test_no_text_is_shorter_for_us_than_for_x() -> None:
    """Else a text that was signed would be refused; a length that is too great is at most that of a doubtful link."""
    short = {case["text"]: X.counter.count(case["text"]) for case in cases()}
    assert [text for case in cases() if short[text := case["text"]] < case["expected"]["weightedLength"]] == []


def test_every_text_is_as_long_for_us_as_for_x_but_for_a_link_in_other_letters() -> None:
    """Such a link may be none, and we count the longer of the two."""
    other = [case["text"] for case in cases() if X.counter.count(case["text"]) != case["expected"]["weightedLength"]]
    assert all("://" in text and not text.isascii() for text in other)
    assert len(other) <= 1
