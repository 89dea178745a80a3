"""The decision table that is printed and signed says what the code decides, no more and no less."""

import html
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product

import pytest

from agents.adapters.registers import data_folder
from agents.adapters.registers.table import as_lines, as_page, decision_table
from streams.decisions.authority.powers import Act, may_order, who_could
from streams.decisions.verdict import Allowed
from streams.values import IncidentType, Power
from streams.words.register.entries import Absence, Chain, ChainStep, Delegation, Register
from streams.words.register.partners import PartnerAccount, Scope
from tests import keyring
from tests.adapters.registers.table_reader import Reader
from tests.examples import example_register

PRINTED = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
"""Within eight weeks: the clocks change, a rota changes hands, and three bank holidays pass."""
LEVELS = (1, 2, 3, 4)


def away(register: Register, name: str, *, days: tuple[int, int]) -> Register:
    """The register with this person away from one day after printing to another."""
    begins, ends = (PRINTED + timedelta(days=day) for day in days)
    person = register.people[name].model_copy(update={"away": (Absence(starts_at=begins, ends_at=ends),)})
    return register.model_copy(update={"people": {**register.people, name: person}})


def with_absences() -> Register:
    """Somebody with two deputies, the first of them, and two who stand in for one another, are away at times."""
    register = away(example_register(), "mared.cwmhelyg", days=(-3, 20))
    register = away(register, "owain.traethmor", days=(10, 14))
    register = away(register, "lowri.penfynach", days=(5, 30))
    return keyed(away(register, "hari.okonwell", days=(12, 16)))


def keyed(register: Register) -> Register:
    """Two who sign: one with a key until the third day and from the tenth to the thirtieth, one with none any more."""
    day = timedelta(days=1)
    key = partial(keyring.key, enrolled_by="dilys.maenhir", enrolled_at=PRINTED - 30 * day)
    kept = {
        "samira.dastwick": (
            key("ended", expires_at=PRINTED + 3 * day),
            key("next", enrolled_at=PRINTED + 10 * day, expires_at=PRINTED + 60 * day, revoked_at=PRINTED + 30 * day),
        ),
        "beca.tirglas": (key("gone", revoked_at=PRINTED - day),),
    }
    people = {name: one.model_copy(update={"keys": kept.get(name, ())}) for name, one in register.people.items()}
    return register.model_copy(update={"people": people})


def hours(register: Register) -> list[datetime]:
    """Every moment at which an answer may change, the moment before, and the middle of days and nights."""
    edges = {edge for shift in register.rota for edge in (shift.starts_at, shift.ends_at)}
    held = [key for one in register.people.values() for key in one.keys]
    edges |= {edge for key in held for edge in (key.enrolled_at, key.expires_at, key.revoked_at) if edge}
    edges |= {edge for one in register.people.values() for gone in one.away for edge in (gone.starts_at, gone.ends_at)}
    # A plain day, the last one before the clocks change, the day after, Good Friday and Easter Monday.
    for day in (23, 27, 30, 34, 37):
        midnight = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=day - 1)
        edges |= {midnight + timedelta(hours=hour) for hour in (2, 8, 9, 12, 16.5, 17.5, 22)}
    around = {edge - timedelta(minutes=1) for edge in edges} | edges
    return sorted(at for at in around if PRINTED <= at < PRINTED + timedelta(weeks=8))


def printed(register: Register) -> str:
    return as_page(decision_table(register, PRINTED), data_folder() / "pages")


def compared(page: str, register: Register, moments: Sequence[datetime]) -> tuple[int, list[Act]]:
    """How many answers were compared, of all people each, and where page and code differ.

    Cases are every power, type, level and channel.
    """
    reader = Reader(page)
    people = {f"{person.name} ({person.role})": person for person in register.people.values()}
    cases = list(product(IncidentType, LEVELS, register.channels.values()))
    count, differing = 0, []
    for at, power, (kind, level, channel) in product(moments, Power, cases):
        act = Act(power, at, type=kind, level=level, channel=channel.id)
        case = {"type": kind.value, "level": str(level), "channel": channel.title}
        read = {who for who in people if reader.may(who, power, case=case, at=at)}
        asked = list(people)[count % len(people)]
        one_by_one = isinstance(may_order(people[asked].id, act, channels=(), register=register), Allowed)
        if read != set(who_could(act, register)) or one_by_one is not (asked in read):
            differing.append(act)
        count += 1
    return count, differing


@pytest.mark.slow
def test_the_table_says_what_the_code_decides() -> None:
    """At every hour that makes a difference."""
    register = with_absences()
    count, differing = compared(printed(register), register, hours(register))
    assert differing == []
    assert count > 10_000


@pytest.mark.parametrize(
    ("truth", "lie"),
    [
        ("level 3 or 4", "every level"),
        ("in working hours", "out of working hours"),
        ("only on Incident pages of the trust's website", "every channel"),
        ("critical or major incidents", "every incident"),
        ("at any hour, while on the rota comms-on-call", "at any hour"),
        ("no key in force</td><td>", "Friday 20 March 2026 12:00 GMT</td><td>Friday 29 May 2026 12:00 BST"),
        (", else Ifor Brynllwyd (director of nursing and director on call)", ""),
    ],
)
def test_a_table_that_lies_is_found_out(truth: str, lie: str) -> None:
    register = with_absences()
    page = html.unescape(printed(register))
    assert truth in page
    moments = [PRINTED + timedelta(days=days) for days in (0, 0.5, 7, 11, 33)]
    assert compared(page.replace(truth, lie), register, moments)[1] != []


def test_a_power_that_nobody_has_is_on_the_page_too() -> None:
    register = example_register().model_copy(update={"people": {}})
    table = decision_table(register, PRINTED)
    assert {section.power for section in table.sections} == set(Power)
    assert as_page(table, data_folder() / "pages").count("Nobody has this power.") == len(Power)


def test_what_the_register_says_is_escaped() -> None:
    person = example_register().people["gwilym.heddfan"].model_copy(update={"name": "<script>alert(1)</script>"})
    register = example_register().model_copy(update={"people": {person.id: person}})
    page = as_page(decision_table(register, PRINTED), data_folder() / "pages")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_page_names_the_version_that_is_signed_and_has_a_place_for_two_signatures() -> None:
    register = example_register()
    page = as_page(decision_table(register, PRINTED), data_folder() / "pages")
    assert f"This holds for register {register.version()}" in page
    assert page.count("<dt>Signature</dt>") == 2
    assert page.count("<dt>Date</dt>") == 2


def test_the_lines_hold_every_rule_of_the_register() -> None:
    lines = "\n".join(as_lines(decision_table(example_register(), PRINTED)))
    rules = [grant.id for person in example_register().people.values() for grant in person.grants]
    assert [rule for rule in rules if f"[{rule}]" not in lines] == []


def test_stopping_comes_after_starting_and_is_told_apart() -> None:
    sections = decision_table(example_register(), PRINTED).sections
    stops = [section.stops for section in sections]
    assert stops == sorted(stops)
    assert [section.power for section in sections if section.stops] == [Power.WITHDRAW]


def test_a_chain_is_shown_with_its_steps_and_its_end() -> None:
    """Who is asked, how long each has, and what goes out if no person answers."""
    steps = (
        ChainStep(person="samira.dastwick", answer_within_seconds=300),
        ChainStep(rota="director-on-call", answer_within_seconds=90, reminders=0),
    )
    delegated = Delegation(template="fire", delegated_by="samira.dastwick")
    chain = Chain(
        id="lines",
        title="Lines at night",
        power=Power.SIGN_OFF_LINE,
        levels=(3, 4),
        steps=steps,
        ordered=True,
        delegated=delegated,
    )
    register = example_register().model_copy(update={"chains": {"lines": chain}})
    lines = "\n".join(as_lines(decision_table(register, PRINTED)))
    page = as_page(decision_table(register, PRINTED), data_folder() / "pages")
    for words in (
        "level 3 or 4, every message; nobody else may say yes, each once those before were asked or are not there",
        "Samira Dastwick (chief executive), who has 5 minutes to answer, with 1 reminder",
        "whoever is on the rota director-on-call, who has 1.5 minutes to answer, with 0 reminders",
        "the holding text of fire goes out, delegated by Samira Dastwick (chief executive), not yet approved",
    ):
        assert words in lines
        assert words in page


def test_whose_rule_lets_a_partners_posts_out_is_shown_with_its_bounds() -> None:
    """On the page and in the lines: nobody says yes to a post at night, so two people answer for it beforehand."""
    register = example_register()
    for shown in (printed(register), "\n".join(as_lines(decision_table(register, PRINTED)))):
        for partner in register.partners.values():
            who = [register.called(name) for name in (partner.registered_by, partner.approved_by)]
            assert f"by the rule that {who[0]} registered and {who[1]} approved" in shown
            assert partner.domain in shown
        assert "6 within 300 seconds" in shown
        assert shown.count("they pass every hold but those on names") == 2
        assert shown.count("they pass no hold") == 1


def test_each_account_of_a_partner_is_shown_with_its_evidence_and_so_is_its_scope() -> None:
    """Who signs the table reads why we believe that an account is theirs, and what it may trigger."""
    register = example_register()
    further = PartnerAccount(
        kind="cap",
        account_id="urn:police:cap",
        domain="alerts.police.example",
        address="https://alerts.police.example/",
        evidence="told",
    )
    scope = Scope(hazards=("road-closed",), places=("Pont Ddu",), words=("police",), from_level=3)
    changes = {"accounts": (further,), "scope": scope, "disclaimer": {"en": "Sharing is not endorsement."}}
    police = register.partners["police"].model_copy(update=changes)
    shown = "\n".join(as_lines(decision_table(register.model_copy(update={"partners": {"police": police}}), PRINTED)))
    for line in (
        "account did:web:ardudwy-police.example at ardudwy-police.example",
        "account urn:police:cap at alerts.police.example, heard by cap from https://alerts.police.example/: told",
        "by themselves only about road closed",
        "by themselves only with one of these places: Pont Ddu",
        "by themselves only with one of these words: police",
        "by themselves from level 3 on",
        "behind them stands “Sharing is not endorsement.” (en)",
    ):
        assert f"  {line}\n" in shown
