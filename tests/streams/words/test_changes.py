"""The register in force: what two people confirmed of the files, less what the files take away."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.subjects.register_log import RegisterLog
from streams.subjects.state import KEPT
from streams.telling.changes import told_unfounded
from streams.values import Power
from streams.words.incident import IncidentStoodDown
from streams.words.register.changes import (
    SECTIONS,
    Changes,
    FoundRegister,
    RegisterFounded,
    differences,
    founding_hash,
    in_force,
)
from streams.words.register.entries import Absence, Hours, Person, Register
from streams.words.register.partners import Partner, PartnerAccount, Scope
from tests import builders, changing, keyring, responding, searches
from tests.builders import COMMANDER, NOW, NURSE, SIGNER, WRITER

DAY = timedelta(days=1)
FILES = changing.register(chains={"lines": searches.chain()})
FOUNDED = changing.founded(FILES).changes
ACCOUNT = PartnerAccount(
    kind="cap",
    account_id="urn:vale:cap",
    domain="alerts.vale.example",
    address="https://alerts.vale.example/",
    evidence="They told us on the telephone.",
)


def without(register: Register, section: str, *names: str) -> Register:
    kept = {name: one for name, one in getattr(register, section).items() if name not in names}
    return register.model_copy(update={section: kept})


def with_person(person: Person) -> Register:
    return FILES.model_copy(update={"people": {**FILES.people, person.id: person}})


def test_before_the_founding_the_files_count_as_they_are() -> None:
    """The very same object: nothing is hashed anew."""
    assert in_force(FILES, Changes()) is FILES
    assert differences(FILES, Changes()) == []


def test_a_founded_register_that_nobody_touched_is_in_force_as_it_stands() -> None:
    """Founding changes no decision, and not the version either."""
    assert in_force(FILES, FOUNDED) == FILES
    assert in_force(FILES, FOUNDED).version() == FILES.version()
    assert differences(FILES, FOUNDED) == []


def test_what_was_added_or_widened_in_the_files_alone_has_no_power() -> None:
    """A new person, a new power, another address, a new partner: all as they were confirmed, or not at all."""
    widened = builders.person(NURSE, Power.RELEASE_HOLDING)
    stranger = builders.person("stranger", Power.RELEASE_HOLDING)
    files = FILES.model_copy(
        update={
            "people": {**FILES.people, NURSE: widened, "stranger": stranger},
            "partners": {**FILES.partners, "fake": builders.partner(id="fake", account_id="did:vale:2")},
            "channels": {**FILES.channels, "website": builders.channel("website", kind="site")},
        }
    )
    assert in_force(files, FOUNDED) == FILES
    assert [(one.section, one.entry) for one in differences(files, FOUNDED)] == [
        ("people", NURSE),
        ("people", "stranger"),
        ("partners", "fake"),
        ("channels", "website"),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"accounts": (ACCOUNT,)},
        {"scope": Scope(from_level=2)},
        {"posts_max": 100},
        {"disclaimer": {"en": "Sharing is not endorsement."}},
    ],
    ids=str,
)
def test_one_person_gives_a_partner_no_account_and_no_wider_scope(changes: dict[str, Any]) -> None:
    """Each change of its entry waits until a second person confirmed it."""
    files = FILES.model_copy(update={"partners": {"ambulance": builders.partner(**changes)}})
    assert in_force(files, FOUNDED) == FILES
    assert [(one.section, one.entry) for one in differences(files, FOUNDED)] == [("partners", "ambulance")]


def test_who_and_what_is_taken_out_of_the_files_has_no_power_at_once() -> None:
    """Stopping is easier than starting: one person with the files is enough."""
    files = without(without(FILES, "people", COMMANDER), "partners", "ambulance")
    files = without(files, "channels", "social")
    now = in_force(files, FOUNDED)
    assert COMMANDER not in now.people
    assert now.partners == {}
    assert list(now.channels) == ["website"]


def test_a_power_taken_out_of_the_files_is_gone_at_once_and_another_one_does_not_come() -> None:
    """The grants are narrowed by their identifiers and powers, and each stays as it was confirmed."""
    commander = FILES.people[COMMANDER]
    wider = commander.grants[0].model_copy(update={"hours": Hours.ALWAYS})
    now = in_force(with_person(commander.model_copy(update={"grants": (wider,)})), FOUNDED)
    assert now.people[COMMANDER].grants == commander.grants[:1]
    other = commander.grants[0].model_copy(update={"power": Power.REPORT_TO_POLICE})
    now = in_force(with_person(commander.model_copy(update={"grants": (other,)})), FOUNDED)
    assert now.people[COMMANDER].grants == ()


def test_what_binds_stays_until_its_end_is_confirmed() -> None:
    """A chain or a hold that is taken out of the files would let somebody say what they could not."""
    now = in_force(without(without(FILES, "chains", "lines"), "holds", "cause"), FOUNDED)
    assert (now.chains, now.holds) == (FILES.chains, FILES.holds)


def test_a_key_is_revoked_by_the_files_at_once_and_never_taken_out_by_them() -> None:
    """Whoever had a key would be believed unsigned without it."""
    key, new = keyring.key(COMMANDER), keyring.key("other")
    holder = FILES.people[COMMANDER].model_copy(update={"keys": (key,)})
    founded = changing.founded(with_person(holder)).changes
    revoked = key.model_copy(update={"revoked_at": NOW})
    for keys, counts in (((revoked,), (revoked,)), ((), (key,)), ((key, new), (key,))):
        now = in_force(with_person(holder.model_copy(update={"keys": keys})), founded)
        assert now.people[COMMANDER].keys == counts


def test_absences_rota_hours_and_templates_come_from_the_files() -> None:
    """What the night needs is not waited for."""
    away = FILES.people[SIGNER].model_copy(update={"away": (Absence(starts_at=NOW, ends_at=NOW + DAY),)})
    files = with_person(away).model_copy(update={"rota": (), "templates": {}})
    assert in_force(files, FOUNDED) == files


def test_unsigned_orders_are_refused_where_the_files_or_the_founding_say_so() -> None:
    """The files can only be stricter."""
    assert in_force(changing.register(unsigned_orders="refused"), FOUNDED).unsigned_orders == "refused"
    founded = FOUNDED.after(RegisterFounded(change_id="c", unsigned_orders="refused", rule="r"), by="a", at=NOW)
    assert in_force(FILES, founded).unsigned_orders == "refused"


def test_a_confirmed_change_counts_and_is_what_the_files_are_compared_with() -> None:
    """From the confirmation on, and no sooner."""
    files = with_person(builders.person(NURSE, Power.RELEASE_HOLDING))
    log = changing.given(changing.founded(FILES), changing.proposal(files), FILES)
    assert in_force(files, log.changes) == FILES
    log = changing.given(log, changing.yes_to(changing.waiting(log)), FILES, by=changing.CLERK)
    assert in_force(files, log.changes) == files
    assert differences(files, log.changes) == []


RESPONDERS = {"police": responding.responder("police", "police"), "fire": responding.responder("fire", "fire")}
WITH_RESPONDERS = FILES.model_copy(update={"responders": RESPONDERS})


def founded_again(changes: Changes) -> RegisterLog:
    """The log of a register that was founded without responders, once two people founded it with them too."""
    log = changing.NOBODY.model_copy(update={"changes": changes})
    founding = FoundRegister(content_hash=founding_hash(WITH_RESPONDERS, changes, sections=SECTIONS), sections=SECTIONS)
    log = changing.given(log, founding, WITH_RESPONDERS)
    [told] = told_unfounded(WITH_RESPONDERS, log.changes)
    assert f"the founding {changing.waiting(log).id}" in told
    return changing.given(log, changing.yes_to(changing.waiting(log)), WITH_RESPONDERS, by=changing.CHIEF)


def test_responders_in_the_files_of_an_older_founding_count_as_before_and_are_told() -> None:
    """A new release takes nothing away, and makes nothing of it anybody's yes."""
    assert in_force(WITH_RESPONDERS, FOUNDED) == WITH_RESPONDERS
    assert differences(WITH_RESPONDERS, FOUNDED) == []
    [told] = told_unfounded(WITH_RESPONDERS, FOUNDED)
    assert "no second person said yes" in told
    assert "holdingline register found" in told
    assert [*told_unfounded(FILES, FOUNDED)] == []
    assert [*told_unfounded(WITH_RESPONDERS, Changes())] == []


def test_once_they_are_founded_too_no_responder_counts_by_the_files_alone() -> None:
    """Nor a changed one; one that is taken out is gone at once."""
    changes = founded_again(FOUNDED).changes
    assert (changes.founded_at, changes.to_found) == (FOUNDED.founded_at, ())
    assert {**changes.confirmed, "responders": ()} == {**FOUNDED.confirmed, "responders": ()}
    assert in_force(WITH_RESPONDERS, changes) == WITH_RESPONDERS
    assert [*told_unfounded(WITH_RESPONDERS, changes)] == []
    led = RESPONDERS["fire"].model_copy(update={"partner": "ambulance"})
    files = FILES.model_copy(update={"responders": {"fire": led, "navy": responding.responder("navy", "coastguard")}})
    assert in_force(files, changes).responders == {"fire": RESPONDERS["fire"]}
    assert [(one.section, one.entry) for one in differences(files, changes)] == [
        ("responders", "fire"),
        ("responders", "navy"),
        ("responders", "police"),
    ]


def test_founding_the_responders_loosens_nothing_that_was_founded_before() -> None:
    """Unsigned orders stay refused, whatever the files say meanwhile."""
    changes = founded_again(FOUNDED.model_copy(update={"unsigned_orders": "refused"})).changes
    assert in_force(WITH_RESPONDERS, changes).unsigned_orders == "refused"


def test_a_register_is_founded_with_all_that_there_is() -> None:
    founding = FoundRegister(content_hash=founding_hash(WITH_RESPONDERS, sections=SECTIONS), sections=SECTIONS)
    log = changing.given(changing.NOBODY, founding, WITH_RESPONDERS)
    changes = changing.given(log, changing.yes_to(changing.waiting(log)), WITH_RESPONDERS, by=changing.CHIEF).changes
    assert changes.to_found == ()
    assert in_force(FILES.model_copy(update={"responders": {"fire": RESPONDERS["fire"]}}), changes).responders == {
        "fire": RESPONDERS["fire"]
    }


def test_the_order_and_the_fact_of_an_older_founding_mean_what_they_meant() -> None:
    """Judged again they give the same facts, and are written as they were."""
    order = FoundRegister(content_hash="hash")
    fact = RegisterFounded(change_id="c", unsigned_orders="allowed", rule="r")
    assert "sections" not in order.model_dump_json() + fact.model_dump_json()
    assert Changes().after(fact, by="a", at=NOW).to_found == ("responders",)


def test_the_log_of_the_register_does_not_remember_every_order_for_ever() -> None:
    """It goes on for years in one record; an incident ends."""
    over = [IncidentStoodDown(reason="over", rule="r")] * (KEPT + 10)
    assert len(builders.after(changing.NOBODY, over).answered) == KEPT
    assert len(builders.after(builders.declared(), over).answered) > KEPT


PEOPLE = st.sampled_from([COMMANDER, NURSE, WRITER, "stranger"])


@given(people=st.dictionaries(PEOPLE, st.lists(st.sampled_from(Power), max_size=3)), partner=st.booleans())
def test_no_files_give_more_than_was_confirmed(people: dict[str, list[Power]], *, partner: bool) -> None:
    """Whatever one person writes into the files: each power in force was confirmed, and again changes nothing."""
    written: dict[str, Any] = {name: builders.person(name, *dict.fromkeys(powers)) for name, powers in people.items()}
    partners: dict[str, Partner] = {"ambulance": builders.partner(domain="other.example")} if partner else {}
    files = FILES.model_copy(update={"people": written, "partners": partners})
    now = in_force(files, FOUNDED)
    for name, person in now.people.items():
        assert set(person.grants) <= set(FILES.people[name].grants)
    assert all(one == FILES.partners[name] for name, one in now.partners.items())
    assert in_force(now, FOUNDED) == now
