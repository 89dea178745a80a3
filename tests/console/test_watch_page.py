"""What is heard of the trust, on the console: a person reads it first, answers it, and sees what was settled."""

from html import unescape
from pathlib import Path

from streams.subjects.listening.watch import TrustWatch
from streams.values import TRAINING
from streams.words.influence.entries import InfluenceCategory
from streams.words.listening.influence import NoteListedOfUs
from streams.words.listening.watch import THE_WATCH, NoteWatch
from tests.console.bench import Night, night
from tests.console.visitor import ordered, visiting
from tests.examples import DIRECTOR, NOW

FIGURES = {"minute": NOW, "minutes": 5, "usual": 0.001, "first_seen": NOW, "words": ("fire", "smoke")}
SENTENCE = (
    "6 people in 5 minutes name Ardudwy Vale Hospitals NHS Trust together with fire or smoke. Usual: none in a day."
)


async def heard(on: Night, people: int, **changes: object) -> None:
    """The mentions agent says that so many people speak."""
    body = NoteWatch.model_validate({**FIGURES, "people": people, "everyone": people, **changes})
    await ordered(on, body, by="mentions-agent", subject=THE_WATCH)


async def test_it_is_on_the_first_page_and_each_answer_is_one_tap(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        assert "Nothing that is heard of us waits" in await chief.reads("/watch")
        await heard(on, 6)
        assert f"{SENTENCE} No incident is declared." in await chief.reads("/")
        assert 'href="/watch">It is not ours</a>' in chief.shown
        assert 'href="/declare?hazards=fire%2C+smoke">Declare an incident</a>' in chief.shown
        await chief.reads("/watch")
        assert "/declare?hazards=fire%2C+smoke" in chief.shown
        await chief.presses("I have it")
        await chief.reads("/watch")
        assert "I have it" not in chief.buttons
        said = await chief.presses("Watch closer for 30 minutes")
        assert said["next"].startswith("/watch?done=")
        assert "Nothing waits" in await chief.reads("/")
        assert "It is watched closer until" in await chief.reads(said["next"])
        await chief.reads("/watch", reason="A film is made there.")
        await chief.presses("It is not ours")
        seen = await chief.reads("/watch")
        assert "found it not ours" in seen
        assert "A film is made there." in seen
        state = await on.house.board.state(THE_WATCH)
        assert isinstance(state, TrustWatch)
        assert state.status == "not-ours"
        await heard(on, 3, words=("gunman",), kinds={"attack": 3})
        assert "together with gunman. It is another hazard than what was settled before." in await chief.reads("/")
        assert "Mae'n berygl gwahanol i'r hyn a setlwyd o'r blaen." in unescape(await chief.reads("/", language="cy"))


async def test_the_form_that_declares_has_the_hazards_that_people_name(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await chief.reads("/declare", hazards="fire, smoke")
        assert 'value="fire, smoke"' in chief.shown


async def test_it_reads_in_welsh(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        await heard(on, 6)
        seen = await chief.reads("/", language="cy")
        assert "Mae 6 o bobl mewn 5 munud yn enwi Ardudwy Vale Hospitals NHS Trust ynghyd â fire neu smoke." in seen
        assert "Ni ddatganwyd unrhyw ddigwyddiad." in seen


async def test_who_may_not_declare_reads_who_could(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on, "lowri.penfynach") as officer:
        await heard(on, 6)
        seen = await officer.reads("/watch")
        assert "It is not ours" not in officer.buttons
        assert "Samira Dastwick" in seen.partition("These people could do it now")[2]


async def test_in_a_drill_the_drills_own_pager_is_used_and_no_other(tmp_path: Path) -> None:
    """The page bears the mode of the drill; a pager of another mode takes none."""
    async with night(tmp_path, mode=TRAINING) as on:
        await heard(on, 6)
        call = await on.paged(DIRECTOR)
        assert call.mode == on.pager.mode == TRAINING
        assert "6 people in 5 minutes name Ardudwy Vale Hospitals NHS Trust" in call.text
        assert "holdingline" not in call.text, "the link does what its commands do"
        assert "\nOpen: http" in call.text
        assert ".." not in call.text


async def test_a_listed_author_s_post_is_shown_by_its_number_while_no_incident_goes_on(tmp_path: Path) -> None:
    """On the first page and on the watch's own; there is nothing to answer, and nobody is paged."""
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        note = NoteListedOfUs(category=InfluenceCategory.LOCAL_MEDIA, posts=2, since=NOW)
        await ordered(on, note, by="mentions-agent", subject=THE_WATCH)
        said = "On your list, local media post about the trust. Posts: 2."
        assert said in await chief.reads("/")
        assert "It is not ours" not in chief.shown
        assert said in await chief.reads("/watch")
        assert not chief.buttons
        assert "cyfryngau lleol" in await chief.reads("/", language="cy")
        assert not on.pager.calls
