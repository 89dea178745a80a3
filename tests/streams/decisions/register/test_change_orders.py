"""A change of power needs another person's yes to exactly its content, in time; nobody's own yes counts."""

from typing import Any

import pytest

from streams.decisions.authority.powers import Act, may
from streams.decisions.desk.order_table import answer
from streams.decisions.register import change_orders as rules
from streams.decisions.sign_off.concerns import rule_for
from streams.decisions.verdict import Allowed, Refused
from streams.subjects import attention
from streams.telling.changes import told_files, told_route
from streams.values import Power
from streams.words.orders import CommandBody, Tick
from streams.words.register.accounts import NoteRoute
from streams.words.register.changes import (
    ChangeLapsed,
    ConfirmChange,
    FoundRegister,
    WithdrawChange,
    founding_hash,
    in_force,
)
from streams.words.register.entries import Absence
from streams.words.register.kept import NoteFiles
from streams.words.stops import Freeze
from tests import builders, changing
from tests.builders import COMMANDER, NOW, NURSE, kinds, reasons
from tests.changing import CHAIR, CHIEF, CLERK, answered, given, proposal, waiting, yes_to
from tests.streams.words.test_changes import DAY

FILES = changing.register()
FOUNDED = changing.founded(FILES)
WANTED = changing.register(builders.person(NURSE, Power.RELEASE_HOLDING))
PROPOSED = given(FOUNDED, proposal(WANTED), FILES)
RELEASE = Act(Power.RELEASE_HOLDING, NOW)


def named(bodies: list[object]) -> set[str]:
    """Who could say yes, by the refusal."""
    return set(getattr(bodies[0], "who_could", ()))


def called(*names: str) -> set[str]:
    return {FILES.called(name) for name in names}


def test_a_new_power_counts_from_another_persons_yes() -> None:
    """Unconfirmed it is refused, confirmed it is not."""
    assert isinstance(may(NURSE, RELEASE, register=in_force(WANTED, PROPOSED.changes)), Refused)
    after = given(PROPOSED, yes_to(waiting(PROPOSED)), FILES, by=CHIEF)
    assert isinstance(may(NURSE, RELEASE, register=in_force(WANTED, after.changes)), Allowed)
    assert after.changes.waiting == {}


@pytest.mark.parametrize(
    ("by", "says"),
    [
        (CHAIR, "who proposed a change does not confirm it"),
        (NURSE, "nobody confirms a change of their own entry"),
        (COMMANDER, "has no power to change-register"),
        ("stranger", "is not on the register"),
    ],
)
def test_nobody_else_than_another_person_with_the_power_confirms(by: str, says: str) -> None:
    """Each is refused with who could: neither who proposed it nor whom it is about."""
    bodies = answered(PROPOSED, yes_to(waiting(PROPOSED)), FILES, by=by)
    assert says in reasons(bodies)
    assert named(bodies) == called(CHIEF, CLERK)


def test_whom_a_change_is_about_does_not_confirm_it_with_the_power_either() -> None:
    """The clerk, who may change the register, does not say yes to a power of their own."""
    wider = changing.register(builders.person(CLERK, Power.CHANGE_REGISTER, Power.DECLARE))
    log = given(FOUNDED, proposal(wider, CLERK), FILES)
    bodies = answered(log, yes_to(waiting(log)), FILES, by=CLERK)
    assert "their own entry" in reasons(bodies)
    assert named(bodies) == called(CHIEF)


def test_another_content_than_the_one_that_was_read_is_not_confirmed() -> None:
    """The yes is bound to the hash."""
    other = ConfirmChange(change_id=waiting(PROPOSED).id, content_hash="0" * 64)
    assert "its hash differs" in reasons(answered(PROPOSED, other, FILES, by=CHIEF))


def test_a_change_lapses_after_the_time_that_the_trust_has_set() -> None:
    """A tick says so; a yes that comes after that moment is refused even before the tick."""
    late = NOW + 3 * DAY
    assert answered(PROPOSED, Tick(), FILES, by="clock", at=late - DAY / 100) == []
    assert "lapsed on" in reasons(answered(PROPOSED, yes_to(waiting(PROPOSED)), FILES, by=CHIEF, at=late))
    assert rules.is_due(PROPOSED, late)
    assert answered(PROPOSED, Tick(), FILES, by="clock", at=late) == [ChangeLapsed(change_id=waiting(PROPOSED).id)]
    assert not rules.is_due(given(PROPOSED, Tick(), FILES, by="clock", at=late), late)
    hasty = changing.register(changes_lapse_hours=1)
    assert waiting(given(FOUNDED, proposal(WANTED), hasty)).lapses_at == NOW + DAY / 24


def test_one_person_withdraws_a_change() -> None:
    """Who proposed it needs no power, anybody else the power to change the register."""
    order = WithdrawChange(change_id=waiting(PROPOSED).id, reason="not her")
    assert kinds(answered(PROPOSED, order, FILES)) == ["change_withdrawn"]
    assert kinds(answered(PROPOSED, order, FILES, by=CLERK)) == ["change_withdrawn"]
    assert named(answered(PROPOSED, order, FILES, by=NURSE)) == called(CHAIR, CHIEF, CLERK)
    after = given(PROPOSED, order, FILES)
    assert "no change" in reasons(answered(after, yes_to(waiting(PROPOSED)), FILES, by=CHIEF))


def test_a_change_of_somebody_who_lost_the_power_meanwhile_is_not_confirmed() -> None:
    """Authority is looked at twice."""
    without = {name: one for name, one in FILES.people.items() if name != CHAIR}
    now = FILES.model_copy(update={"people": without})
    assert "may not change the register any more" in reasons(
        answered(PROPOSED, yes_to(waiting(PROPOSED)), now, by=CHIEF)
    )


def test_the_last_two_who_may_change_the_register_stay() -> None:
    """Otherwise nothing could ever be confirmed again."""
    log = given(FOUNDED, proposal(FILES, CLERK, content=None), FILES)
    log = given(log, yes_to(waiting(log)), FILES, by=CHIEF)
    assert rules.keepers(log.changes.entries("people").values()) == [CHAIR, CHIEF]
    log = given(log, proposal(FILES, CHIEF, content=None), FILES)
    assert "fewer than 2 people" in reasons(answered(log, yes_to(waiting(log)), FILES, by=CLERK))


def test_nobody_stands_in_for_somebody_who_may_change_the_register() -> None:
    """Absences come from the files: whoever edits them would else make themselves a deputy."""
    away = (Absence(starts_at=NOW - DAY, ends_at=NOW + DAY),)
    chief = FILES.people[CHIEF].model_copy(update={"away": away, "deputies": (NURSE,)})
    files = changing.register(chief)
    log = given(FOUNDED, proposal(WANTED, COMMANDER, content=None), files)
    bodies = answered(log, yes_to(waiting(log)), files, by=NURSE)
    assert "has no power to change-register" in reasons(bodies)
    assert named(bodies) == called(CLERK)


def test_a_founding_needs_two_people_and_the_files_as_both_read_them() -> None:
    """Files that were edited in between are not founded."""
    log = given(changing.NOBODY, FoundRegister(content_hash=founding_hash(FILES)), FILES)
    assert in_force(WANTED, log.changes) is WANTED
    assert "who proposed" in reasons(answered(log, yes_to(waiting(log)), FILES))
    assert "the files are not what was read" in reasons(answered(log, yes_to(waiting(log)), WANTED, by=CHIEF))
    assert kinds(answered(log, yes_to(waiting(log)), FILES, by=CHIEF))[-1] == "register_founded"
    assert "waits already" in reasons(answered(log, FoundRegister(content_hash=founding_hash(FILES)), FILES, by=CHIEF))


def test_a_register_is_founded_once_and_changed_only_then() -> None:
    """Each order says what to do instead."""
    again = FoundRegister(content_hash=founding_hash(FILES))
    assert "founded already" in reasons(answered(FOUNDED, again, FILES, by=CLERK))
    assert "found it first" in reasons(answered(changing.NOBODY, proposal(WANTED), FILES))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"content": None, "entry": "ghost"}, "there is no ghost among the people in force"),
        ({"content": '{"id": "x"}'}, "is no entry of people (wrong at name, role)"),
        ({"content": changing.content("people", COMMANDER, FILES)}, f"is the entry {COMMANDER} and not {NURSE}"),
        ({"content": changing.content("people", NURSE, FILES)}, "in force with exactly this content"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_with_what_is_wrong(changes: dict[str, str], says: str) -> None:
    """Before anybody has to read it."""
    plain = proposal(WANTED).model_dump()
    assert says in reasons(answered(FOUNDED, type(proposal(WANTED))(**{**plain, **changes}), FILES))


def test_two_changes_of_one_entry_do_not_wait_side_by_side() -> None:
    """The second would be read against what the first replaces."""
    assert "waits already" in reasons(answered(PROPOSED, proposal(WANTED, reason="again"), FILES, by=CHIEF))


def test_what_does_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the log, in the register, or as one entry."""
    monkeypatch.setattr(rules, "CONTENTS_BYTES_MAX", 1_000)
    assert "log of the register" in reasons(answered(FOUNDED, proposal(WANTED), FILES))
    founding = FoundRegister(content_hash=founding_hash(FILES))
    assert "that a founding may" in reasons(answered(changing.NOBODY, founding, FILES))
    monkeypatch.setattr(rules, "ENTRY_BYTES_MAX", 100)
    assert "that one may have" in reasons(answered(changing.NOBODY, founding, FILES))
    monkeypatch.undo()
    monkeypatch.setattr(rules, "REGISTER_BYTES_MAX", 1_000)
    assert "bytes that are kept" in reasons(answered(FOUNDED, proposal(WANTED), FILES))
    assert "bytes that are kept" in reasons(answered(PROPOSED, yes_to(waiting(PROPOSED)), FILES, by=CHIEF))


def test_the_state_of_the_log_fits_into_its_record_whatever_is_proposed() -> None:
    """A content in quotation marks takes up to twice its bytes: line feeds between its parts count too."""
    log, number = FOUNDED, 0
    bodies: list[Any] = []
    while "log of the register" not in reasons(bodies):
        one = builders.person(f"person-{number}")
        padded = proposal(FILES, one.id, content=one.model_dump_json() + "\n" * 39_000)
        bodies, log, number = answered(log, padded, FILES), given(log, padded, FILES), number + 1
    assert len(log.model_dump_json().encode()) < rules.CONTENTS_BYTES_MAX + 10_000


def test_orders_that_the_log_has_forgotten_bring_no_old_change_back() -> None:
    """Whoever can put orders makes it forget by a thousand of no use, and gives both signed ones again."""
    confirmed = given(PROPOSED, yes_to(waiting(PROPOSED)), FILES, by=CHIEF)
    back = given(confirmed, proposal(FILES), WANTED)
    back = given(back, yes_to(waiting(back)), WANTED, by=CHIEF).model_copy(update={"answered": ()})
    again = given(back, proposal(WANTED), FILES)
    assert "no change" in reasons(answered(again, yes_to(waiting(PROPOSED)), FILES, by=CHIEF))


@pytest.mark.parametrize("body", [Freeze(reason="wait"), builders.declaration(), builders.holding()])
def test_the_register_is_no_incident(body: CommandBody) -> None:
    """Its orders are for nothing else, and no other order is for it."""
    assert "on the register: give the order to the incident that it is for" in reasons(
        answered(FOUNDED, body, FILES, by=COMMANDER)
    )
    given_elsewhere = builders.order(proposal(WANTED), builders.declared(), CHAIR, register=FILES)
    assert "give the order to the register" in reasons(answer(given_elsewhere))


def test_a_channel_on_which_nothing_can_go_out_waits_for_somebody_until_it_can() -> None:
    """The same again is no news; another fault is; and each channel has its own."""
    broken = NoteRoute(channel="email", fault="the password is wrong: renew it")
    noted = given(changing.NOBODY, broken, FILES, by="clock")
    assert [(one.kind, one.what) for one in attention.waiting(noted, NOW)] == [("route", "email")]
    assert "email: the password is wrong" in told_route(noted.routes["email"])
    assert list(answer(builders.order(broken, noted, "clock", register=FILES, id="again"))) == []
    worse = given(noted, NoteRoute(channel="site", fault="its disk is full"), FILES, by="clock")
    mended = given(worse, NoteRoute(channel="email"), FILES, by="clock")
    assert [one.what for one in attention.waiting(mended, NOW)] == ["site"]


def test_files_that_cannot_be_used_wait_for_somebody_until_they_can() -> None:
    """The same again is no news; the places that need mending are told, and what stands there is not."""
    broken = NoteFiles(faults=2, places=("messages/fire.yaml:3", "register/people.yaml:12"))
    noted = given(changing.NOBODY, broken, FILES, by="clock")
    assert [(one.kind, one.subject.key) for one in attention.waiting(noted, NOW)] == [("files", "register/register")]
    assert noted.unusable is not None
    assert "2 faults (first at messages/fire.yaml:3, register/people.yaml:12)" in told_files(noted.unusable)
    assert list(answer(builders.order(broken, noted, "clock", register=FILES, id="again"))) == []
    mended = given(noted, NoteFiles(faults=0), FILES, by="clock")
    assert [*attention.waiting(mended, NOW)] == []


@pytest.mark.parametrize(
    ("places", "waits", "said"),
    [
        (("pack.json",), ["pack"], "the offline pack is too old"),
        (("pack.json", "pages/site.html.j2:3"), ["page", "pack"], "the service's page is shown"),
        (("pack.json", "register/people.yaml:12"), ["files", "pack"], "the last good one stays in force"),
    ],
)
def test_a_pack_that_is_too_old_waits_until_another_is_made(
    places: tuple[str, ...], waits: list[str], said: str
) -> None:
    """It keeps no file from being used, and pages in the trust's hours unless the register says otherwise."""
    noted = given(changing.NOBODY, NoteFiles(faults=len(places), places=places), FILES, by="clock")
    assert [one.kind for one in attention.waiting(noted, NOW)] == waits
    assert noted.unusable is not None
    assert said in told_files(noted.unusable)
    assert rule_for("pack", FILES).pages == "in-hours"
    made = given(noted, NoteFiles(faults=0), FILES, by="clock")
    assert [*attention.waiting(made, NOW)] == []


@pytest.mark.parametrize(
    ("places", "waits"),
    [
        (("pages/site.html.j2:3",), ["page"]),
        (("register/people.yaml:12", "pages/site.html.j2:3"), ["files", "page"]),
        (("register/people.yaml:12",), ["files"]),
        ((), ["files"]),
    ],
)
def test_a_fault_of_the_page_is_not_told_as_one_of_the_register(places: tuple[str, ...], waits: list[str]) -> None:
    """The register of the files is in force; the service's page is shown, and somebody has to mend the trust's."""
    noted = given(changing.NOBODY, NoteFiles(faults=1, places=places), FILES, by="clock")
    assert [one.kind for one in attention.waiting(noted, NOW)] == waits
    assert noted.unusable is not None
    said = "the last good one stays in force" if "files" in waits else "the service's page is shown"
    assert said in told_files(noted.unusable)
