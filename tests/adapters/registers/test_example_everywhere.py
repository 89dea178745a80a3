"""The example's templates say what they have to in as few characters as any kind of channel takes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.decisions.channels.card import Languages
from streams.decisions.channels.kinds import KINDS, PLATFORMS, speaking
from tests.adapters.breaking import copied, faults
from tests.examples import example_register

ROW = "- {{id: {id}, kind: {kind}, title: A place, owner: lowri.penfynach, deadline_seconds: 20, options: {options}}}\n"


def rows() -> Iterator[tuple[str, str]]:
    """A channel of each kind in each language, and one of each network by hand: its name, and its entry."""
    for kind in speaking():
        each = (
            ["{language: en}", "{language: cy}"] if KINDS[kind].languages is Languages.ONE else ["{languages: 'en,cy'}"]
        )
        if KINDS[kind].by_hand:
            each = [f"{{platform: {one}}}" for one in PLATFORMS]
        for number, options in enumerate(each):
            name = f"{kind}-{number}"
            yield name, ROW.format(id=name, kind=kind, options=options)


def everywhere(folder: Path) -> Path:
    """The example with these channels, and every template on all of them."""
    channels = dict(rows())
    written = folder / "register/channels.yaml"
    written.write_text(written.read_text("utf-8") + "".join(channels.values()), encoding="utf-8")
    for file in (folder / "messages").glob("*.yaml"):
        told = file.read_text("utf-8").replace("channels: [site, email]", f"channels: [{', '.join(channels)}]")
        file.write_text(told, encoding="utf-8")
    return folder


def too_long(folder: Path) -> list[str]:
    return [f"{one.file}: {one.sentence}" for one in faults(folder) if ": shorten it" in one.sentence]


def test_every_template_of_the_example_fits_on_every_kind_of_channel(tmp_path: Path) -> None:
    """Live and in a drill, with the longest place and the longest choice, and with a hashtag of the incident."""
    assert too_long(everywhere(copied(tmp_path))) == []


@pytest.mark.parametrize("template", sorted(set(example_register().messages) - {"take-back"}))
def test_without_its_short_texts_a_template_would_be_too_long_for_some(template: str, tmp_path: Path) -> None:
    """The test above can fail."""
    file = everywhere(copied(tmp_path)) / "messages" / f"{template}.yaml"
    whole = file.read_text("utf-8")
    file.write_text(whole[: whole.index("short_texts:")] + whole[whole.index("owner:") :], encoding="utf-8")
    assert any(f"messages/{template}.yaml" in one and "bluesky" in one for one in too_long(file.parents[1]))
