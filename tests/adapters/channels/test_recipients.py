"""The list of recipients is read when the register is checked, as it is read when a letter leaves."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.adapters.channels.email import EmailChannel
from agents.adapters.channels.email.settings import checked, listed
from agents.adapters.registers import check
from agents.entrypoints.worker.channels import SETTINGS
from agents.entrypoints.worker.pagers import SETTINGS as PAGER_SETTINGS
from agents.ports import NotSent
from streams.values import LIVE
from streams.words.register.entries import ChannelEntry, PagerEntry
from tests.adapters.breaking import copied
from tests.adapters.breaks import CHANNELS
from tests.examples import NOW

MARK = b"\xef\xbb\xbf"
GOOD = b"newsdesk@paper.example\nduty.officer@council.example\n"


def entry_of(**options: str) -> ChannelEntry:
    chosen = {"host": "127.0.0.1", "sender": "press@trust.example", **options}
    return ChannelEntry(id="email", kind="email", title="E-mail", owner="x", options=chosen)


def told(folder: Path, content: bytes | None) -> list[str]:
    """What `check` says of a register whose recipients are in this file."""
    copied(folder)
    file = folder / "list.txt"
    if content is not None:
        file.write_bytes(content)
    channels = folder / CHANNELS
    lines = channels.read_text(encoding="utf-8").splitlines()
    written = [f"    recipients_file: {file}" if "recipients:" in line else line for line in lines]
    channels.write_text("\n".join(written), encoding="utf-8")
    found = check(folder, NOW, settings=SETTINGS)
    return [fault.sentence.replace(str(file), "list.txt") for fault in found]


@pytest.mark.parametrize("content", [GOOD, MARK + GOOD, GOOD.replace(b"\n", b"\r\n"), GOOD.replace(b"\n", b" , \n\n")])
def test_a_list_as_a_spreadsheet_saves_it_is_good(content: bytes, tmp_path: Path) -> None:
    """The byte order mark is no part of the first address."""
    assert told(tmp_path, content) == []
    assert listed(tmp_path / "list.txt") == ("newsdesk@paper.example", "duty.officer@council.example")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "the list list.txt cannot be read (No such file or directory): put it there"),
        (GOOD + b"duty officer, council\n", "the list list.txt has no e-mail address in line 3: write it like"),
        (b"e-mail\n" + GOOD + b"x\n", "the list list.txt has no e-mail address in line 1, 4: write it like"),
        (b"<a@b.example>\n" * 9, "in line 1, 2, 3, 4, 5 and more: write it like"),
        (GOOD.decode().encode("utf-16"), "the list list.txt is not UTF-8 text: save it with that encoding"),
        (b"", "there are 0 recipients"),
        (b"\n \n", "there are 0 recipients"),
        (b"a@b.example\n" * 40_000, "the list list.txt is larger than 256 KiB"),
    ],
)
def test_a_list_that_no_letter_could_use_is_named_by_check(
    content: bytes | None, sentence: str, tmp_path: Path
) -> None:
    [said] = told(tmp_path, content)
    assert sentence in said
    assert "council" not in said


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from([MARK, b"a@b.example", b"x", b",", b"\n", b"\r\n", b"\xff", b"\x00", b" ", b";"]), max_size=8
    )
)
async def test_check_takes_exactly_the_lists_that_a_letter_takes(tmp_path: Path, pieces: list[bytes]) -> None:
    """No list fails only at night."""
    file = tmp_path / "list.txt"
    file.write_bytes(b"".join(pieces))
    entry = entry_of(recipients_file=str(file))
    channel = EmailChannel(entry, LIVE, secrets=lambda _: None)
    try:
        checked(entry)
    except ValueError:
        with pytest.raises(NotSent):
            await channel._recipients()
    else:
        assert await channel._recipients()


def test_authorities_that_are_not_there_are_named_for_channels_and_pagers(tmp_path: Path) -> None:
    lost = str(tmp_path / "ca.pem")
    options = {"host": "mail.trust.example", "sender": "press@trust.example", "ca_file": lost}
    with pytest.raises(ValueError, match=r"`ca_file` .*ca.pem holds no certificates \(No such file or directory\)"):
        checked(entry_of(ca_file=lost, recipients="a@b.example"))
    with pytest.raises(ValueError, match="holds no certificates"):
        PAGER_SETTINGS["email"](PagerEntry(id="letters", kind="email", via="email", options=options))
    (tmp_path / "ca.pem").write_text("no certificate", encoding="utf-8")
    with pytest.raises(ValueError, match=r"holds no certificates \(it is broken\)"):
        checked(entry_of(ca_file=lost, recipients="a@b.example"))
