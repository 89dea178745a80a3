"""Other programs that post for us: a person is asked at once to pause each, and after the end to let it post again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from streams.decisions.sign_off.links import page_of
from streams.projections.inbox import inbox
from streams.projections.promises import left_open
from streams.subjects.attention import Waiting, waiting
from streams.subjects.incident import Incident
from streams.telling.attention import told_attention, told_content
from streams.telling.network.lines import network_lines, step_lines, steps_of
from streams.values import LIVE, Power
from streams.words.incident import Cancel, IncidentDeclared, StandDown
from streams.words.network.entries import Scheduler
from streams.words.network.orders import TickStep, UntickStep
from streams.words.orders import CommandBody
from streams.words.register.entries import Register
from streams.words.sign_off import SignOffSought
from tests import builders, responding
from tests.adapters.breaking import copied
from tests.adapters.breaking import faults as found_in
from tests.builders import COMMANDER, INCIDENT, NOW, OFFICER
from tests.searches import chain, people

BUFFER = Scheduler(
    id="buffer",
    name="Buffer",
    pause={"en": "Choose Pause queue.", "cy": "Dewiswch Pause queue."},
    resume={"en": "Choose Resume queue.", "cy": "Dewiswch Resume queue."},
)
LATER = Scheduler(id="later", name="Later", pause={"en": "Ring them."}, resume={"en": "Ring them again."})
NIGHT, MORNING = datetime(2026, 1, 15, 3, 0, tzinfo=UTC), datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
OVER = StandDown(reason="it is over")
TICKED = (TickStep(step="pause-buffer"), TickStep(step="pause-later"))


def register() -> Register:
    """Buffer posts on two channels, Later on one of them."""
    plain = builders.register()
    first, second, *others = plain.channels.values()
    places = [
        first.model_copy(update={"schedulers": (BUFFER, LATER)}),
        second.model_copy(update={"schedulers": (BUFFER,)}),
        *others,
    ]
    first_words = chain(COMMANDER, OFFICER, id="first-words", power=Power.RELEASE_HOLDING)
    channels = {one.id: one for one in places}
    return responding.register(channels=channels, people=people(), chains={first_words.id: first_words})


def declared() -> Incident:
    return builders.carried_out(Incident(id=INCIDENT, mode=LIVE), builders.declaration(), register=register())


def after(*bodies: CommandBody, at: datetime = NOW) -> Incident:
    incident = declared()
    for number, body in enumerate(bodies):
        incident = builders.carried_out(incident, body, register=register(), now=at, id=f"cmd-{number}")
    return incident


def about(incident: Incident, at: datetime = NOW) -> list[Waiting]:
    return [one for one in waiting(incident, at) if one.kind in {"scheduler", "resume-scheduler"}]


def pages(incident: Incident, body: CommandBody, at: datetime, by: str = COMMANDER) -> list[str]:
    """Which steps people are paged about by this order."""
    order = builders.order(body, incident, by, register=register(), now=at, id="cmd-pages")
    facts, _ = builders.judged(order)
    assert "command_refused" not in builders.kinds([one.body for one in facts])
    sought = [one.body for one in facts if isinstance(one.body, SignOffSought)]
    return [one.concern.what for one in sought if one.concern and "scheduler" in one.concern.about]


def test_each_program_has_one_step_before_all_others() -> None:
    """However many channels it posts on; the channels are named, and how it is paused is said in each language."""
    steps = steps_of(declared())
    names = [one.step.id for one in steps]
    assert names[:2] == ["pause-buffer", "pause-later"]
    assert names[2:] == [*responding.steps()]
    first, second, *_ = register().channels
    title = steps[0].step.title_in("en")
    assert title == f"Pause Buffer, which posts by itself on {first}, {second}"
    lines = "\n".join(step_lines(declared(), NOW, zone=UTC, language="cy"))
    assert "Seibio Buffer" in lines
    assert "Dewiswch Pause queue." in lines


def test_declaring_pages_about_each_at_once() -> None:
    """Also at night: what it posts at 3 a.m. is read at 3 a.m."""
    incident = Incident(id=INCIDENT, mode=LIVE)
    assert pages(incident, builders.declaration(), NIGHT) == ["pause-buffer", "pause-later"]


def test_it_waits_until_it_is_ticked_and_again_if_the_tick_is_taken_back() -> None:
    assert [one.what for one in about(declared())] == ["pause-buffer", "pause-later"]
    assert [one.what for one in about(after(TICKED[0]))] == ["pause-later"]
    back = after(*TICKED, UntickStep(step="pause-buffer", reason="it was Later"))
    assert [one.what for one in about(back)] == ["pause-buffer"]
    assert about(after(*TICKED)) == []


def test_who_is_asked_reads_which_program_and_how() -> None:
    (one, _), incident = about(declared()), declared()
    assert "Pause Buffer, which posts by itself on" in told_attention(one, zone=UTC)
    assert "Choose Pause queue." in [*told_content(one, incident, zone=UTC)]
    assert page_of(one) == f"/incidents/{INCIDENT}/steps/pause-buffer"
    found = [*inbox(COMMANDER, incident, register=register(), now=NOW)]
    assert "pause-buffer" in [waits.what for waits in found]


@pytest.mark.parametrize("ends", [OVER, Cancel(reason="it never was")])
def test_the_end_asks_for_each_to_post_again(ends: CommandBody) -> None:
    """Also for one whose pause nobody ticked off: it may be paused all the same. Nothing asks for a pause any more."""
    over = after(TICKED[0], ends)
    assert [(one.kind, one.what) for one in about(over)] == [
        ("resume-scheduler", "resume-buffer"),
        ("resume-scheduler", "resume-later"),
    ]
    assert "unless another incident goes on" in about(over)[0].words
    assert [one.step.id for one in steps_of(over)][-2:] == ["resume-buffer", "resume-later"]
    assert about(after(TICKED[0], ends, TickStep(step="resume-buffer"), TickStep(step="resume-later"))) == []


def test_the_end_pages_in_the_trusts_hours_and_not_at_night() -> None:
    """No planned post is worth a person's sleep."""
    assert pages(after(*TICKED), OVER, NIGHT) == []
    assert pages(after(*TICKED), OVER, MORNING, OFFICER) == ["resume-buffer", "resume-later"]


def test_who_stands_down_reads_what_is_paused() -> None:
    lines = "\n".join(left_open(after(TICKED[0]), [], now=NOW, zone=UTC))
    assert "Buffer is paused" in lines
    assert "Later" not in lines


def test_no_step_asks_for_the_end_while_the_incident_goes_on() -> None:
    facts, _ = builders.judged(builders.order(TickStep(step="resume-buffer"), declared(), register=register()))
    assert [one.body.kind for one in facts] == ["command_refused"]


def test_a_pause_that_nobody_ticked_is_late_after_five_minutes() -> None:
    late = NOW + timedelta(minutes=5)
    assert [one.step.id for one in steps_of(declared()) if one.is_overdue(late)] == ["pause-buffer", "pause-later"]
    assert "pause-buffer" in "\n".join(network_lines(declared(), NOW, zone=UTC))


def test_an_incident_that_was_declared_without_programs_says_nothing_of_any() -> None:
    """An old fact is read as it is, and a new one of a trust without schedulers is the same."""
    facts, after_it = builders.judged(builders.order(builders.declaration(), Incident(id=INCIDENT, mode=LIVE)))
    (body,) = [one.body for one in facts if isinstance(one.body, IncidentDeclared)]
    assert "schedulers" not in body.model_dump(mode="json")
    assert "schedulers" not in after_it.network.model_dump(mode="json")
    assert about(after_it) == []


WRITTEN = """  schedulers:
    - id: buffer
      name: Buffer
      pause: {en: Choose Pause queue., cy: Dewiswch Pause queue.}
      resume: {en: Choose Resume queue., cy: Dewiswch Resume queue.}
"""


def told(tmp_path: Path, *pairs: tuple[str, str], steps: str = "") -> str:
    """What `holdingline check` says of a folder whose two channels name the program, the second with these changes."""
    folder, second = copied(tmp_path), WRITTEN
    for old, new in pairs:
        assert old in second
        second = second.replace(old, new)
    channels, listed = folder / "register" / "channels.yaml", folder / "register" / "steps.yaml"
    first, email = channels.read_text("utf-8").split("- id: email\n")
    channels.write_text(f"{first}{WRITTEN}- id: email\n{second}{email}", "utf-8")
    listed.write_text(listed.read_text("utf-8") + steps, "utf-8")
    return "; ".join(one.sentence for one in found_in(folder))


def test_a_program_that_is_written_well_is_no_fault(tmp_path: Path) -> None:
    assert "buffer" not in told(tmp_path).lower()


@pytest.mark.parametrize(
    ("pairs", "steps", "says"),
    [
        ([("id: buffer", "on_server: true\n      id: buffer")], "", "no server of a email channel tells what is"),
        ([(", cy: Dewiswch Pause queue.", "")], "", "the pause of buffer is not written in cy: add it"),
        ([("Choose Resume queue.", "Choose Go.")], "", "buffer is described otherwise at the channel site"),
        ([("resume:", "again:")], "", "resume is missing: add it"),
        (
            [],
            "- {id: pause-buffer, title: {en: A, cy: B}, who: {en: C, cy: D}}\n",
            "the step pause-buffer of steps.yaml has the name of that of buffer",
        ),
    ],
)
def test_check_names_what_is_wrong_with_a_program(
    tmp_path: Path, pairs: list[tuple[str, str]], steps: str, says: str
) -> None:
    assert says in told(tmp_path, *pairs, steps=steps)
