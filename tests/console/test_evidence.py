"""What passkeys signed is proven by the evidence file alone, without network or log; what is altered is found."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from agents.runtime.record.export import export
from streams.values import LIVE, Subject
from streams.words.release import Propose, Release
from tests.console.bench import INCIDENT, night
from tests.console.test_asked import FIRE, OFFICER, WORDS
from tests.evidence_kit import first_found, found
from tests.examples import CHIEF
from tests.streams.record.alterations import BYTES


async def exported(folder: Path) -> bytes:
    """The night of an incident whose commander signs by passkey, as an auditor gets it."""
    async with night(folder) as on:
        await on.give(FIRE, by=CHIEF)
        await on.give(WORDS, by=CHIEF)
        later: Release = WORDS.model_copy(update={"slots": {**WORDS.slots, "time": "22:30"}})
        await on.give(Propose(release=later), by=OFFICER)
        subject, now = Subject.incident(INCIDENT), on.house.clock.now()
        _, content = await export(on.door, subject, mode=LIVE, by=CHIEF, at=now)
        return content


def proofs(content: bytes) -> Sequence[bytes]:
    return [line for line in content.splitlines() if b"authenticator_data" in line]


@pytest.mark.slow
async def test_a_night_signed_by_passkeys_verifies_and_every_alteration_of_it_is_found(
    tmp_path: Path, alterations: int
) -> None:
    content, rng = await exported(tmp_path), Random(4)
    assert found(content) == []
    assert len(proofs(content)) == 2
    for number in range(alterations // 5):
        alter = BYTES[number % len(BYTES)]
        changed = alter(rng, content)
        assert changed == content or first_found(changed), (number, alter.__name__)
