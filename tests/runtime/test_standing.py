"""The register in force for everybody who judges: one object until something changes, never half of it or too much."""

import pytest

from agents.runtime import standing
from agents.runtime.reading import TopicReader
from agents.runtime.standing import InForce, Unknown
from infra.log import LogError
from streams.changes import WithdrawChange
from streams.incident import Incident
from streams.values import Power
from tests import builders, changing
from tests.builders import LIVE, NURSE
from tests.changing import waiting

FILES = changing.register()
WANTED = changing.register(builders.person(NURSE, Power.DECLARE))
FOUNDED = changing.founded(FILES)
PROPOSED = changing.given(FOUNDED, changing.proposal(WANTED), FILES)


def test_the_very_same_object_answers_until_files_or_log_change() -> None:
    """Whoever keeps what was judged by looks at nothing more than that."""
    now = [FILES, FOUNDED]
    in_force = InForce(lambda: now[0], LIVE, lambda: now[1])  # type: ignore[arg-type, return-value] # the two in turn
    first = in_force()
    assert in_force() is first
    now[0] = WANTED
    second = in_force()
    assert second is not first
    assert second == first
    now[1] = changing.given(PROPOSED, changing.yes_to(waiting(PROPOSED)), FILES, by=changing.CLERK)
    assert in_force() == WANTED
    assert in_force() is in_force()


def test_whoever_has_come_furthest_counts() -> None:
    """The table of this worker may be ahead of its view, or have nothing of the register at all."""
    after = changing.given(PROPOSED, WithdrawChange(change_id=waiting(PROPOSED).id, reason="no"), FILES)
    logs: list[Incident | None] = [FOUNDED, None]
    in_force = InForce(lambda: WANTED, LIVE, lambda: logs[0], lambda: logs[1])
    assert in_force() == FILES
    logs[1] = after
    assert in_force() == FILES
    assert in_force._furthest() is after


def test_before_the_founding_the_files_themselves_answer() -> None:
    assert InForce(lambda: FILES, LIVE)() is FILES


def test_what_would_be_too_large_to_be_kept_is_not_judged_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last good one stays in force; a worker that has none yet does not start."""
    files = [FILES]
    in_force = InForce(lambda: files[0], LIVE, lambda: FOUNDED)
    good = in_force()
    monkeypatch.setattr(standing, "REGISTER_BYTES_MAX", 100)
    files[0] = WANTED
    assert in_force() is good
    with pytest.raises(Unknown, match="take out old entries"):
        InForce(lambda: FILES, LIVE, lambda: FOUNDED)()


async def test_a_worker_that_cannot_read_the_registers_log_judges_nobody() -> None:
    """It tries again, and says what is wrong once that takes too long."""
    asked = []

    def no_log() -> TopicReader:
        asked.append(1)

        def closed() -> None:
            raise LogError("the log does not answer")

        return TopicReader(closed, "live.facts")  # type: ignore[arg-type] # a log that never opens

    with pytest.raises(Unknown, match="could not be read"):
        await InForce(lambda: FILES, LIVE).begin(no_log, seconds_max=0.6)
    assert len(asked) > 1
