"""What goes out if no person answers: one person delegates it, a second approves exactly that text."""

from datetime import timedelta
from pathlib import Path

import pytest

from agents.adapters.registers import approve_delegation, check, delegate, delegation_as_yaml, load
from streams.decisions.authority.powers import Act
from streams.decisions.release.delegations import stands
from streams.decisions.verdict import Allowed, Refused
from streams.values import Power
from streams.words.register.entries import Chain, Delegation
from tests.adapters.breaking import Break, copied
from tests.examples import APPROVER, CHIEF, NOW, WRITER, example_register

CHAINS, LINES = "register/chains.yaml", "latest-lines"
LAST_STEP = "    - {person: gwilym.heddfan, answer_within_seconds: 300}\n"

SAMIRA = "samira.dastwick"
PLAIN = {"template": "fire", "delegated_by": SAMIRA, "slots": {"place": "Ysbyty Ardudwy"}}


def put(folder: Path, chain: Chain | Refused) -> None:
    """Put what was printed to the chain's entry, in place of what stood there."""
    assert isinstance(chain, Chain)
    path = folder / CHAINS
    before, step, after = path.read_text(encoding="utf-8").partition(LAST_STEP)
    rest = after[after.index("# A partner") :]
    entry = "\n".join(delegation_as_yaml(chain).splitlines()[1:])
    path.write_text(f"{before}{step}{entry}\n{rest}", encoding="utf-8")


def test_a_delegation_is_printed_put_in_approved_by_a_second_person_and_holds(tmp_path: Path) -> None:
    """Until the second person's yes it lets nothing out, and any edit after it voids that yes."""
    folder, act = copied(tmp_path), Act(Power.RELEASE_HOLDING, NOW)
    put(folder, delegate(load(folder), LINES, delegation=Delegation.model_validate(PLAIN), at=NOW))
    [told] = [one.sentence for one in check(folder, NOW) if "delegates was never approved" in one.sentence]
    assert f"see `holdingline delegation approve {LINES}`" in told
    put(folder, approve_delegation(load(folder), LINES, by=APPROVER, at=NOW))
    assert check(folder, NOW) == []
    approved = load(folder)
    assert approved.chains[LINES].delegated
    verdict = stands(LINES, act, channels=["site"], register=approved)
    assert isinstance(verdict, Allowed)
    assert verdict.until == NOW + timedelta(days=365)
    Break(CHAINS, "title: Sign-off of the latest line", "title: Sign-off of any line", "", "").apply(folder)
    assert "was edited after" in str(stands(LINES, act, channels=["site"], register=load(folder)))


@pytest.mark.parametrize(
    ("chain", "changes", "says"),
    [
        ("no-chain", {}, "there is no chain no-chain"),
        (LINES, {"template": "no-template"}, "there is no template no-template"),
        (LINES, {"purpose": "line"}, "template fire has no line text"),
        (LINES, {"slots": {"name": "x"}}, "has no slot name"),
        (LINES, {"slots": {"place": "somewhere"}}, "slot place"),
        (LINES, {"delegated_by": WRITER}, "cannot delegate it"),
    ],
)
def test_what_could_not_go_out_is_not_delegated(chain: str, changes: dict[str, object], says: str) -> None:
    given = Delegation.model_validate({**PLAIN, **changes})
    refused = delegate(example_register(), chain, delegation=given, at=NOW)
    assert isinstance(refused, Refused)
    assert says in "; ".join(refused.reasons)


@pytest.mark.parametrize(
    ("chain", "by", "says"),
    [
        ("first-words-of-a-major-incident", CHIEF, "has no power to approve-template"),
        (LINES, APPROVER, "no chain latest-lines delegates anything: those that do are first-words-of-a-major"),
    ],
)
def test_nobody_approves_without_the_power_or_what_is_not_delegated(chain: str, by: str, says: str) -> None:
    refused = approve_delegation(example_register(), chain, by=by, at=NOW)
    assert isinstance(refused, Refused)
    assert says in refused.reasons[0]


def test_nobody_approves_what_they_delegated_themselves() -> None:
    """Even with both powers."""
    register = example_register()
    both = register.people[APPROVER].model_copy(
        update={"grants": (*register.people[APPROVER].grants, *register.people[SAMIRA].grants)}
    )
    chain = register.chains["first-words-of-a-major-incident"]
    assert chain.delegated
    own = chain.model_copy(update={"delegated": chain.delegated.model_copy(update={"delegated_by": APPROVER})})
    told = register.model_copy(
        update={"people": {**register.people, APPROVER: both}, "chains": {**register.chains, chain.id: own}}
    )
    refused = approve_delegation(told, chain.id, by=APPROVER, at=NOW)
    assert isinstance(refused, Refused)
    assert "approved by the one who delegates" in refused.reasons[0]
