"""A file of the register that is a link out of its folder is refused: whoever can write there could give powers."""

import shutil
from pathlib import Path

import pytest

from agents.adapters.channels.site.pages import SAMPLE_SITE, UnfitPage, sample
from agents.adapters.registers import UnusableRegisters, data_folder, load
from agents.adapters.registers.folder import LINKED
from agents.entrypoints.worker.own_pages import pages_of
from tests.adapters.breaking import copied

FILES = sorted(
    path.relative_to(data_folder()).as_posix()
    for part in ("register", "messages")
    for path in (data_folder() / part).glob("*.yaml")
)


def refused(folder: Path) -> str:
    with pytest.raises(UnusableRegisters) as raised:
        load(folder, judges=True)
    return "\n".join(map(str, raised.value.faults))


@pytest.mark.parametrize("file", FILES)
def test_each_file_is_refused_if_it_is_a_link_out_of_the_folder(tmp_path: Path, file: str) -> None:
    """Also a good one: tomorrow it may hold something else."""
    folder, elsewhere = copied(tmp_path / "data"), tmp_path / "elsewhere.yaml"
    shutil.move(folder / file, elsewhere)
    (folder / file).symlink_to(elsewhere)
    assert f"{file}:1: {LINKED}" in refused(folder)


@pytest.mark.parametrize("part", ["register", "messages"])
@pytest.mark.parametrize("relative", [False, True])
def test_a_folder_on_the_way_is_refused_too(tmp_path: Path, part: str, *, relative: bool) -> None:
    folder = copied(tmp_path / "data")
    shutil.move(folder / part, tmp_path / "elsewhere")
    (folder / part).symlink_to(Path("../elsewhere") if relative else tmp_path / "elsewhere")
    assert LINKED in refused(folder)


def test_what_a_link_leads_to_is_not_even_read(tmp_path: Path) -> None:
    """A fault repeats what it is about, and a secret is no register."""
    folder = copied(tmp_path / "data")
    (tmp_path / "secret").write_text("hunter2: [\n", encoding="utf-8")
    (folder / "messages/fire.yaml").unlink()
    (folder / "messages/fire.yaml").symlink_to(tmp_path / "secret")
    assert "hunter2" not in refused(folder)


def test_word_lists_and_calendars_are_held_to_it_as_well(tmp_path: Path) -> None:
    folder = copied(tmp_path / "data")
    for place in ("wording/held-fields.yaml", "register/calendars/on-call.ics"):
        (folder / place).parent.mkdir()
        (folder / place).symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").write_text("held: []\n", encoding="utf-8")
    (folder / "register/rotas.yaml").write_text(
        "- rota: directors\n  calendar: on-call.ics\n  who: summary\n", encoding="utf-8"
    )
    found = refused(folder)
    assert f"wording/held-fields.yaml:1: {LINKED}" in found
    assert found.count(LINKED) == 2, found


def test_pages_of_the_trusts_own_are_held_to_it_as_well(tmp_path: Path) -> None:
    """The service's page is shown in their place, so that the words go out."""
    folder = copied(tmp_path / "data")
    shutil.copytree(data_folder() / "pages", tmp_path / "elsewhere")
    (folder / "pages").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere/site.html.j2").write_text("Others wrote this.", encoding="utf-8")
    assert {str(one) for one in pages_of(folder).faults()} == {str(UnfitPage(LINKED))}
    shown = pages_of(folder).render(sample("live"), SAMPLE_SITE, words=pages_of(folder).words())
    assert b"Others wrote this." not in shown


def test_links_inside_the_folder_and_to_the_whole_folder_are_not_refused(tmp_path: Path) -> None:
    """As a configuration that is mounted has them."""
    folder = copied(tmp_path / "data")
    (folder / "..data").mkdir()
    shutil.move(folder / "messages/fire.yaml", folder / "..data/fire.yaml")
    (folder / "messages/fire.yaml").symlink_to("../..data/fire.yaml")
    (tmp_path / "whole").symlink_to(folder)
    assert "fire" in load(tmp_path / "whole").templates
