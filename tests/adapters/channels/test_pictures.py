"""Pictures: each goes out as it was approved, with its alternative text, where a channel shows pictures."""

import base64
from pathlib import Path
from typing import Any

import aiohttp
import lxml.html
import pytest

from agents.adapters.pictures import pictures_of, type_of
from agents.adapters.registers import load
from agents.ports import NotSent
from streams.decisions.channels.kinds import KINDS, speaking
from streams.decisions.release.release_orders import prepared
from streams.decisions.wording.message_policy import faults
from streams.decisions.wording.shown.renderings import renderings, shown_digest
from streams.telling.deliveries import told_renderings
from streams.telling.templates import told_whole
from streams.values import LIVE, Purpose
from streams.words.delivery import Sight
from streams.words.register.entries import ChannelEntry, Register
from streams.words.release import Message
from tests import builders
from tests.adapters.breaking import copied
from tests.adapters.breaking import faults as found_in
from tests.adapters.channels.dispatches import dispatch
from tests.adapters.channels.pictured import ALT, picture, pictured, png, put
from tests.adapters.grounds import bluesky, entry, mastodon, site
from tests.bluesky import shared_network
from tests.snac.shared import snac

WRITTEN = """picture:
  file: gates.png
  alternative_text:
    en: "A map: Gate Two is open."
    cy: "Map: mae Porth Dau ar agor."
  credit: Northgate estates
  consent: shows no person
"""


def folder_with(tmp_path: Path, written: str = WRITTEN, content: bytes | None = None) -> Path:
    """The example's data folder, whose template about a fire has a picture."""
    folder = copied(tmp_path)
    template = folder / "messages" / "fire.yaml"
    template.write_text(template.read_text("utf-8").replace("owner:", f"{written}owner:", 1), "utf-8")
    put(folder, content)
    return folder


def told(tmp_path: Path, written: str = WRITTEN, content: bytes | None = None) -> list[str]:
    """What `holdingline check` says of the template, but for its approval, which the picture voids."""
    folder = folder_with(tmp_path, written, content)
    return [
        one.sentence for one in found_in(folder) if one.file == "messages/fire.yaml" and "edited" not in one.sentence
    ]


async def test_the_page_shows_it_with_its_alternative_text_and_its_credit(tmp_path: Path) -> None:
    """Each language has the text that says what it shows; the file is the approved one, byte for byte."""
    put(tmp_path / "data")
    channel = site(tmp_path / "site", LIVE)
    channel._pictures = pictures_of(tmp_path / "data")
    await channel.publish(pictured())
    page = lxml.html.fromstring((tmp_path / "site" / "public" / "index.html").read_bytes())
    (shown,) = page.iter("img")
    assert shown.get("alt") == ALT["en"]
    assert ALT["cy"] in page.text_content()
    assert "Northgate estates" in page.findtext(".//figcaption")
    assert (tmp_path / "site" / "public" / shown.get("src")).read_bytes() == png()
    assert (await channel.look(pictured())).sight is Sight.SHOWN


async def test_a_withdrawal_takes_the_picture_off_the_site(tmp_path: Path) -> None:
    """The file too: a link to it would still show it."""
    put(tmp_path / "data")
    channel = site(tmp_path / "site", LIVE)
    channel._pictures = pictures_of(tmp_path / "data")
    await channel.publish(pictured())
    await channel.publish(dispatch("back", purpose=Purpose.WITHDRAWAL, follows="first", minutes=5))
    assert [*(tmp_path / "site" / "public" / "pictures").iterdir()] == []
    assert b"<img" not in (tmp_path / "site" / "public" / "index.html").read_bytes()


@pytest.mark.parametrize("content", [None, png(9)], ids=["gone", "another"])
async def test_a_picture_that_is_not_the_approved_one_never_goes_out(tmp_path: Path, content: bytes | None) -> None:
    """Nothing was published, and the sentence says which file to put back."""
    place = put(tmp_path / "data", content)
    if content is None:
        place.unlink()
    channel = site(tmp_path / "site", LIVE)
    channel._pictures = pictures_of(tmp_path / "data")
    with pytest.raises(NotSent, match=r"gates\.png .* put that file back"):
        await channel.publish(pictured())
    assert (await channel.look(pictured())).sight is Sight.ABSENT


async def test_each_post_on_bluesky_has_it_with_the_text_in_its_language(tmp_path: Path) -> None:
    """On a real server, which names the content as we do before we bring it; a repeat makes nothing new."""
    put(tmp_path)
    network = shared_network()
    account = network.account()
    channel = bluesky(account, network.url, LIVE)
    channel._pictures = pictures_of(tmp_path)
    receipts = [await channel.publish(pictured()) for _ in range(2)]
    assert receipts[0] == receipts[1]
    posts = [record["value"] for record in network.records(account)]
    shown = {post["langs"][0]: post["embed"]["images"] for post in posts}
    assert {language: [one["alt"] for one in images] for language, images in shown.items()} == {
        language: [text] for language, text in ALT.items()
    }
    for images in shown.values():
        name = images[0]["image"]["ref"]["$link"].removeprefix("b").upper()
        assert base64.b32decode(name + "=" * (-len(name) % 8)).hex().endswith(picture().digest)
    assert (await channel.look(pictured())).sight is Sight.SHOWN


async def test_a_post_on_mastodon_has_it_with_its_description(tmp_path: Path) -> None:
    """On a real server of that interface, as it tells the public."""
    put(tmp_path)
    server = snac()
    account = server.account()
    channel = mastodon(server.port, LIVE, account=account)
    channel._pictures = pictures_of(tmp_path)
    receipt = await channel.publish(pictured())
    async with aiohttp.ClientSession() as client:
        headers = {"Authorization": f"Bearer {account[1]}"}
        address = f"http://127.0.0.1:{server.port}/api/v1/statuses/{receipt.reference}"
        async with client.get(address, headers=headers) as answer:
            (shown,) = (await answer.json(content_type=None))["media_attachments"]
        assert (shown["type"], shown["description"]) == ("image", ALT["en"])
        async with client.get(shown["url"], headers=headers) as answer:
            assert await answer.read() == png()
    assert (await channel.look(pictured())).sight is Sight.SHOWN
    assert len(server.texts(account[0])) == 1


def on(kind: str, **changes: Any) -> str:
    """What keeps a message with this picture from a channel of this kind."""
    options = {"language": "en"} if kind in {"mastodon", "x"} else {}
    place = ChannelEntry(id="place", kind=kind, title="A place", owner="comms", options=options)
    register = builders.register(channels={"place": place})
    message = pictured(one=picture(**changes)).message
    return "; ".join(faults(message, register, mode=LIVE))


@pytest.mark.parametrize("kind", [one for one in speaking() if KINDS[one].pictures])
def test_what_keeps_a_picture_from_a_channel_is_said_before_a_yes(kind: str) -> None:
    """The file, the figure, the limit of that channel, and what to do."""
    rule = KINDS[kind].pictures
    assert rule is not None
    assert on(kind) == ""
    size = rule.bytes_max + 1
    assert f"gates.png has {size} bytes, place takes {rule.bytes_max}: make it smaller" in on(kind, size_bytes=size)
    assert on(kind, size_bytes=rule.bytes_max) == ""
    assert "no alternative text in cy: write there what it shows" in on(kind, alternative_text={"en": "A map."})
    for strange in {"image/gif"} - rule.types:
        assert f"gates.png is {strange}, place takes" in on(kind, media_type=strange)


@pytest.mark.parametrize("kind", [one for one in speaking() if not KINDS[one].pictures])
def test_where_no_picture_is_shown_the_words_are_all(kind: str) -> None:
    """However large it is: it does not go there. Its alternative text is asked for all the same."""
    assert on(kind, size_bytes=10**9) == ""
    place = entry(kind, {"languages": "en,cy", "language": "en"})
    assert all(one.picture is None for one in renderings(pictured().message, place, mode=LIVE))


def test_a_yes_covers_the_picture_and_its_alternative_text() -> None:
    """Another content or another text of it gives another hash, and another digest of what was shown."""
    first = pictured().message
    others = [
        pictured(one=picture(png(9))).message,
        pictured(one=picture(alternative_text=ALT | {"cy": "Arall."})).message,
        pictured(one=picture(credit="Somebody else")).message,
        dispatch().message,
    ]
    register = Register(trust="-", channels={"place": entry("site", {})})
    for other in others:
        assert other.content() != first.content()
        assert other.words() != first.words()
        assert shown_digest(other, register, mode=LIVE) != shown_digest(first, register, mode=LIVE)


def test_the_person_who_signs_sees_what_it_shows_and_where() -> None:
    """In each language, with its credit, the consent, and the channels that have it."""
    channels = {"place": entry("site", {"languages": "en,cy"})}
    lines = "\n".join(told_renderings(pictured().message, Register(trust="-", channels=channels), mode=LIVE))
    for words in (
        *ALT.values(),
        "gates.png",
        "Northgate estates",
        "shows no person",
        picture().digest[:16],
        "on place",
    ):
        assert words in lines


def test_who_approves_the_template_reads_what_its_picture_shows() -> None:
    """The yes is for that too."""
    one = builders.template(picture=picture())
    lines = "\n".join(told_whole(one, builders.register(), now=builders.NOW))
    assert all(words in lines for words in (*ALT.values(), "gates.png", "Northgate estates", "shows no person"))


def test_alternative_text_passes_the_rules_of_all_public_words() -> None:
    assert "the en alternative text of gates.png still holds TBC" in on("site", alternative_text=ALT | {"en": "TBC"})


def test_the_register_reads_the_file_so_that_an_approval_covers_it(tmp_path: Path) -> None:
    """A changed file is a changed template, whose approval is void."""
    folder = folder_with(tmp_path)
    first = load(folder).templates["fire"]
    assert first.picture == picture()
    put(folder, png(9))
    assert load(folder).templates["fire"].content_hash() != first.content_hash()


def test_a_good_picture_is_no_fault(tmp_path: Path) -> None:
    assert told(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "content", "says"),
    [
        ('    cy: "Map: mae Porth Dau ar agor."\n', "", None, "no alternative text in cy"),
        ("gates.png", "gate.png", None, "gate.png is not there: put the file into messages/pictures"),
        ("gates.png", "gates.mp4", None, "is a video, which needs captions"),
        ("gates.png", "gates.png", b"%PDF-1.7", "is no PNG, JPEG, GIF or WebP: convert it"),
        ("gates.png", "gates.png", png()[:100] + b"0" * 1_000_001, "site takes 1000000: make it smaller"),
        ("  consent: shows no person\n", "", None, "consent is missing: add it"),
        ("  credit: Northgate estates\n", "", None, "credit is missing: add it"),
    ],
)
def test_check_names_what_is_wrong_with_a_picture(
    tmp_path: Path, old: str, new: str, content: bytes | None, says: str
) -> None:
    """At the template that names it, with what to do."""
    assert says in "; ".join(told(tmp_path, WRITTEN.replace(old, new), content))


def test_a_file_is_what_it_begins_with_and_not_what_it_is_called() -> None:
    kinds = {"image/jpeg": b"\xff\xd8\xff\xe0", "image/gif": b"GIF89a..", "image/webp": b"RIFF0000WEBPVP8 "}
    assert {kind: type_of(content) for kind, content in kinds.items()} == {kind: kind for kind in kinds}
    assert type_of(b"<svg xmlns=") is None


@pytest.mark.parametrize(("mode", "is_there"), [(LIVE, True), (builders.DRILL, False)])
def test_a_first_word_has_the_picture_of_its_template_and_a_drill_has_none(mode: str, *, is_there: bool) -> None:
    """A picture bears no exercise mark."""
    pictured_template = builders.approved(builders.template(picture=picture()))
    register = builders.register(templates={"major-incident": pictured_template})
    message = prepared(
        builders.order(builders.holding(), builders.declared(mode), register=register), builders.holding()
    )
    assert isinstance(message, Message), message
    assert (message.picture == picture()) is is_there
    assert message.form == 3
