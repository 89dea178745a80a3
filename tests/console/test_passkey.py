"""A passkey of one's own: made on the page, enrolled by another person, and from then on it signs orders."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from agents.adapters.registers import load
from streams.subjects.incident import Status
from streams.words.register.entries import Register
from streams.words.register.passkeys import Passkey
from tests.adapters.breaking import copied
from tests.browser import Tab, on_a_phone
from tests.console.bench import KEEPER, Night, night, seen
from tests.entrypoints.commanding import run
from tests.examples import CHIEF, NOW

ALGORITHMS = {"es256": -7, "ed25519": -8, "rs256": -257}
ASKS_FOR = """(kind) => { const make = navigator.credentials.create.bind(navigator.credentials);
  navigator.credentials.create = (asked) => {
    asked.publicKey.pubKeyCredParams = asked.publicKey.pubKeyCredParams.filter((one) => one.alg === kind);
    return make(asked); }; }"""
"""The device makes the first kind that it knows of those that the page takes: here it is left only one."""


def keyless(register: Register) -> Register:
    return register.model_copy(
        update={"people": {**register.people, CHIEF: register.people[CHIEF].model_copy(update={"keys": ()})}}
    )


async def made_on_the_page(tab: Tab, on: Night, kind: int) -> str:
    """The text that the page shows to hand over."""
    await tab.has_a_device()
    await tab.go(f"{on.origin}/passkey")
    await tab.value(f"({ASKS_FOR})({kind})")
    await tab.write("person", CHIEF)
    await tab.press("Make the passkey")
    await tab.shows("The passkey is on this device")
    await seen(tab, "passkey-made")
    text: str = await tab.value("document.getElementById('made').value")
    return text


@pytest.mark.slow
@pytest.mark.parametrize("kind", ALGORITHMS)
async def test_a_passkey_made_on_the_page_signs_once_another_person_has_enrolled_it(tmp_path: Path, kind: str) -> None:
    """The text of the page goes through `key enrol-passkey` into `people.yaml`, which `check` reads; then it counts."""
    async with night(tmp_path) as on, on_a_phone() as tab:
        await on.put_in_force(keyless(on.register))
        handed_over = tmp_path / "passkey.json"
        handed_over.write_text(await made_on_the_page(tab, on, ALGORITHMS[kind]))
        name = await tab.value("document.querySelector('.hl-key').textContent")
        given = ("key", "enrol-passkey", CHIEF, str(handed_over), "--as", KEEPER, "--register", str(on.files))
        code, entry, errors = run(*given)
        assert code == 0, errors
        assert name in entry
        people = on.files / "register/people.yaml"
        people.write_text(people.read_text().replace(f"- id: {CHIEF}\n", f"- id: {CHIEF}\n{entry}\n"))
        assert run("check", "--register", str(on.files))[0] == 0
        (held,) = load(on.files).people[CHIEF].keys
        assert isinstance(held, Passkey)
        # The night is played in another year than that of the clock on the wall, by which the entry was made.
        held = held.model_copy(update={"enrolled_at": NOW - timedelta(days=1)})
        person = on.register.people[CHIEF].model_copy(update={"keys": (held,)})
        await on.put_in_force(on.register.model_copy(update={"people": {**on.register.people, CHIEF: person}}))
        await tab.go(f"{on.origin}/sign-in")
        await tab.press("Sign in with your passkey")
        await tab.shows("What waits for you")
        await tab.go(f"{on.origin}/declare?exact_location=Pont+Ddu&type_of_incident=fire")
        await tab.press("Declare now")
        await tab.shows("Your order was carried out")
        assert [one.status for one in (await on.door.incidents()).values()] == [Status.DECLARED]


MADE = {
    "person": CHIEF,
    "credential": "AAAA",
    "public_key": "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE",
    "rp_id": "holdingline.vale.example",
    "origins": ["https://live.holdingline.vale.example"],
}


def enrolled(
    tmp_path: Path, *options: str, by: str = KEEPER, changes: Mapping[str, object] | None = None
) -> tuple[int, str, str]:
    file = tmp_path / "passkey.json"
    file.write_text(json.dumps({**MADE, **(changes or {})}))
    return run("key", "enrol-passkey", CHIEF, str(file), "--as", by, *options)


def test_a_passkey_counts_on_the_pages_that_who_enrols_it_names(tmp_path: Path) -> None:
    code, entry, _ = enrolled(tmp_path, "--also-on", "https://training.holdingline.vale.example")
    assert code == 0
    assert '"https://live.holdingline.vale.example"' in entry
    assert '"https://training.holdingline.vale.example"' in entry


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"person": "ifor.brynllwyd"}, "ask whose it is"),
        ({"origins": ["https://holdingline.elsewhere.example"]}, "is no page of holdingline.vale.example"),
        ({"origins": ["http://holdingline.vale.example"]}, "begins with https://"),
        ({"origins": []}, "origins"),
        ({"public_key": "AAAA"}, "register the passkey again"),
        ({"credential": "no base64"}, "credential"),
        ({"secret": "more than was asked"}, "secret"),
    ],
)
def test_what_is_no_passkey_of_this_person_on_these_pages_is_refused_in_a_sentence(
    tmp_path: Path, changes: dict[str, object], says: str
) -> None:
    code, entry, error = enrolled(tmp_path, changes=changes)
    assert (code, entry) == (1, "")
    assert says in error


def test_no_person_enrols_a_passkey_of_their_own(tmp_path: Path) -> None:
    assert enrolled(tmp_path, by=CHIEF)[0] == 3


def test_the_entry_is_put_into_the_files_where_that_is_asked_for(tmp_path: Path) -> None:
    folder = copied(tmp_path / "register")
    code, said, error = enrolled(tmp_path, "--register", str(folder), "--write")
    assert code == 0, error
    assert "propose it with `holdingline register propose`, and have another person confirm it" in said
    (held,) = load(folder).people[CHIEF].keys
    assert isinstance(held, Passkey)
    assert held.origins == ("https://live.holdingline.vale.example",)
