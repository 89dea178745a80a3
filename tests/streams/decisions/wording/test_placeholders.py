"""What people leave in a text that was not finished is found, whatever it looks like; honest words are let through."""

from collections.abc import Sequence

import pytest

from streams.decisions.wording.placeholders.search import (
    SHOWN_MAX,
    Gap,
    Recogniser,
    certain,
    gaps,
    recognisers,
    suspected,
)
from streams.words.register.wording import Kind, WordList, WordLists
from tests import builders

WORDS = builders.word_lists()
KINDS = (*certain(), *recognisers(WORDS))

LEFT = """
There is a fire at AREA_NAME tonight.
Avoid the area around XXX until further notice.
Avoid the area around Xxxxx until further notice.
Call NUMBER for details.
We have (___) beds open.
Follow @AREA for news.
Follow @HANDLE for news.
Follow @username for news.
Next update on YYYY-MM-DD.
It began on dd/mm/yyyy.
It began on DD Month.
It began on dd.mm.yy.
It began on xx/xx/xxxx.
It began on __/__/____.
It happened on 00/00/0000.
Come at HH:MM sharp.
Come at hh.mm sharp.
Come at XX:XX.
Come at XXam.
The clinic reopens TBC.
The venue is TBA.
It happened at TBD.
It happened at T.B.C. today.
The time is to be confirmed.
Go to [insert place] now.
Dear [ we are sorry.
Hello <name>, stay away.
Dear <<Name>>, hello.
Dear <%= name %>, hello.
Dear «FirstName», hello.
We declared at {time}.
Avoid {{ area }} tonight.
Avoid ${AREA} tonight.
Avoid $VAR tonight.
There are %s people waiting.
%(place)s is shut.
Dear %NAME%, hello.
Dear *|FNAME|*, hello.
Dear @@NAME@@, hello.
Dear #name#, hello.
Use ((name)) to sign in.
__PLACE__ is shut.
Come to place_name today.
Come to placeName today.
Roads near ?? are closed.
Next update by ??:??
Next update by --:--.
We knew at 00:00? and acted.
We opened a line at … today.
The road at ........ is shut.
The road at ---- is shut.
The road at ##### is shut.
The area is ■■■■.
About # people are here.
Call 01xxx xxxxxx for help.
Call 0XXX XXX XXXX.
Call 07XXX XXXXXX.
Call 01234 567890 for help.
The MXX is shut.
The 20XX plan applies.
Hospital X is on divert.
X people are waiting.
About NN people are here.
Between junctions X and Y.
Lorem ipsum dolor sit amet.
The gate number is N/A today.
undefined people are here.
It is ( ) miles away.
We opened at , call 111.
Location:
Our spokesperson (name) said no.
Insert name of hospital is safe.
INSERT LINK HERE
Put the link here.
(number to follow)
Delete as appropriate: closed, open.
The road is/are closed.
Clinics are open/closed today.
Click or tap here to enter text.
Error! Reference source not found.
This is a placeholder.
TODO check with police
DRAFT There is a fire.
TK people were there.
Wording (check) is closed.
Name Surname said we are sorry.
Hospital Name is closed.
Jane Doe said we are open.
See www.example.com for help.
See https://xxx for help.
Write to name@somewhere.example for help.
Follow #HASHTAG for news.
#INCIDENT is over.
Mae [enw] wedi cau.
Mae'r lleoliad i'w gadarnhau.
Rhowch enw'r ysbyty yma.
Rhowch yr amser cywir.
Mewnosodwch y lleoliad.
Ffoniwch RHIF am gymorth.
Mae ENW_SAFLE ar gau.
Digwyddodd ar DD/MM/BBBB.
Dilëwch fel y bo'n briodol.
Mae'r safle ar agor/ar gau.
Cliciwch yma i roi testun.
Mae'r ffordd ar gau yn … heddiw.
""".strip().splitlines()
HONEST = """
The NHS asks you to go to A&E only in an emergency.
COVID-19 tests, MRSA screening and the ICU go on as planned.
CBRN teams are at the site. The B4391 is closed. The A55 and M25 are open.
Our ED at Ashby General (site B) is open; call 111 or 999.
The M62 is closed between J22 and J24 until 23:30 on 14/01/2026.
Next update by 00:00 on our website.
Ask @ValeHospitals, @NHS or @NHSEngland, or write to press@vale.example.
See https://vale.example/news_and_views?id=12&lang=en for more.
Follow #AshbyCrash and #ASHBY_CRASH.
Doctors, nurses... all are here! Really?
A number of people were hurt; insert your card at gate 2.
Size XL and XXL coats are welcome. BBC, ITV and S4C will report.
50% of clinics go on; that is 5 < 6 of them.
MAJOR INCIDENT DECLARED AT ASHBY GENERAL
WARNING - AREA CLOSED - DO NOT ENTER
Xavier ward and the X-ray unit are open. Follow us on X.
The cause has yet to be confirmed by the police.
Bring any medicine(s) with you and/or a list of them. He/she may call 24/7.
Patients and staff -- all are safe. It is 7am – 9pm every day, Mon–Fri.
iPhone users, eBay, mRNA vaccines, pH 7, hepatitis B, vitamin K.
Ward A is open, Gate B is closed.
Choose one of our three sites. More details to follow at 23:30.
EU/UK flights and the HSE, UKHSA, DHSC, COBR, JESIP, METHANE. TB and AAA clinics go on.
Mae'r GIG yn gofyn ichi aros gartref.
Mae'r ffordd ar gau: defnyddiwch yr A470 a'r B4391.
Rhowch wybod i ni os oes angen cymorth arnoch. Ffoniwch 111.
Nid yw'r achos wedi'i gadarnhau eto.
CYWIRIAD. Roedd camgymeriad yn ein neges flaenorol.
""".strip().splitlines()


def found(text: str) -> Sequence[Gap]:
    return [*gaps(text), *suspected(text, WORDS)]


@pytest.mark.parametrize("one", KINDS, ids=lambda one: one.kind.name)
def test_every_kind_finds_its_own_example(one: Recogniser) -> None:
    """At the end of a sentence, where a label has nothing behind it."""
    look = gaps if one in certain() else lambda text: suspected(text, WORDS)
    assert one.kind.name in {gap.kind for gap in look(f"Please go there now: {one.kind.example}")}


@pytest.mark.parametrize("text", LEFT)
def test_what_people_leave_is_found(text: str) -> None:
    """A hundred ways, in two languages; the list is ours, the ways are not."""
    assert found(text)


@pytest.mark.parametrize("text", HONEST)
def test_ordinary_prose_is_let_through(text: str) -> None:
    """A false alarm at half past ten at night costs minutes."""
    assert found(text) == []


def test_several_gaps_are_told_one_by_one_with_what_each_looks_like() -> None:
    """The longest at each place, and no more of it than is needed to find it."""
    told = gaps("At XX:XX in [the name of a place that nobody has settled yet] call 01xxx xxxxxx.")
    assert [gap.kind for gap in told][:3] == ["an hour as letters", "a field in brackets", "X in a number"]
    assert str(told[1]) == f"{told[1].words[:SHOWN_MAX].strip()}… (a field in brackets)"


def test_what_is_certain_at_a_place_is_not_suspected_there_too() -> None:
    """However much longer the suspicion is: the text is refused for what is certain."""
    text = "Insert [name of hospital] here and call NUMBER."
    assert [gap.words for gap in gaps(text)] == ["[name of hospital]"]
    assert [gap.words for gap in suspected(text, WORDS)] == ["NUMBER"]


def test_without_word_lists_what_is_certain_is_found_and_nothing_is_suspected() -> None:
    """Whoever edits the lists cannot make an unfinished text pass."""
    text = "The fire at [place] is at NUMBER of the road is/are closed TBC."
    assert suspected(text, WordLists()) == ()
    assert [gap.words for gap in gaps(text)] == ["[place]", "TBC"]


def test_a_list_stands_in_a_pattern_as_its_name_is_written() -> None:
    """In small letters, with a capital at the beginning of each word, or in capitals."""
    colours = WordList(id="colours", owner="Us", note="Colours.", words="red, light blue")
    kind = Kind(name="colours", example="RED", patterns=r"\b(?:{COLOURS}|{Colours})\b")
    lists = WordLists(lists=(colours,), kinds=(kind,))
    assert [gap.words for gap in suspected("RED Red red LIGHT BLUE Light blue", lists)] == [
        "RED",
        "Red",
        "LIGHT BLUE",
        "Light blue",
    ]


def test_word_lists_have_a_version_of_their_own() -> None:
    """A copy that differs is another, however often the version of the first was asked for."""
    assert WORDS.model_copy().version == WORDS.version
    assert WORDS.model_copy(update={"kinds": ()}).version != WORDS.version


@pytest.mark.parametrize("inside", ["Alun Prys to confirm", "call 01632 960001", "ask a@b.example"])
def test_what_may_be_personal_is_told_by_its_place_alone(inside: str) -> None:
    """A reason is kept for ever, and people write names into their brackets."""
    (gap,) = gaps(f"We are open [{inside}] today.")
    assert str(gap) == f"a field in brackets (characters 13 to {len(inside) + 14})"


def test_what_stands_in_a_link_or_an_address_is_not_looked_at() -> None:
    """Names of pages and of people's mailboxes have signs of their own."""
    assert gaps("See www.vale.example/a_b/[1]?x=%s and write to first_last@vale.example.") != ()
    assert found("See www.vale.example/a_b/?x=%s and write to first_last@vale.example.") == []
