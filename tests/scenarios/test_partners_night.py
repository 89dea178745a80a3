"""A night of the partners on the running service: what goes out, once, what is taken back, and what stops."""

import asyncio

import pytest

from agents.adapters.registers import data_folder
from agents.exercise import Options, run
from agents.exercise.played import Played
from streams.values import Purpose
from streams.words.register.accounts import PartnerStopped
from streams.words.release import MessageAuthorised

SCENARIO = data_folder() / "exercises" / "partners-night.yaml"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    log = f"sqlite:///{tmp_path_factory.mktemp('night')}/log.db"
    return asyncio.run(run(SCENARIO, Options(speed=60, log_url=log)))


def test_everything_comes_as_the_script_expects(played: Played) -> None:
    """Both rules of every exercise among it: nothing twice on a channel, and the record says what is public."""
    assert [f"{one.says}: {one.found}" for one in played.outcomes if not one.held] == []


def test_no_post_is_public_twice_though_two_incidents_are_at_its_place(played: Played) -> None:
    """Not for the readers of letters, and not on the page."""
    bodies = [fact.body for fact in played.facts if isinstance(fact.body, MessageAuthorised)]
    posts = [body.message.credit.post_id for body in bodies if body.message.credit]
    assert len(posts) == len(set(posts))
    assert {"said", "polled"} <= set(posts)
    echoes = {fact.subject.id for fact in played.facts if isinstance(fact.body, MessageAuthorised)}
    assert echoes == {"pont-ddu"}


def test_each_changed_post_has_one_withdrawal_and_no_other_has_any(played: Played) -> None:
    """Whether its source says that it was edited, or brings other words under the same identifier."""
    bodies = [fact.body for fact in played.facts if isinstance(fact.body, MessageAuthorised)]
    post_of = {body.message.id: body.message.credit.post_id for body in bodies if body.message.credit}
    taken = [post_of[body.message.follows] for body in bodies if body.message.follows]
    assert sorted(taken) == ["polled", "said"]


def test_what_a_changed_post_says_now_is_out_once_on_each_channel_behind_its_withdrawal(played: Played) -> None:
    for now in ("The east lane to #PontDdu is closed.", "Crews have left #PontDdu."):
        out = [one for one in played.publications if now in "".join(one.texts.values())]
        assert sorted(one.channel for one in out) == ["email", "site"]
        for one in out:
            before = [other for other in played.publications if other.channel == one.channel and other.at <= one.at]
            assert any(other.purpose is Purpose.WITHDRAWAL for other in before)


def test_the_burst_stops_the_partner_and_leaves_few_letters(played: Played) -> None:
    """Six in five minutes is what the register allows; what it took back and what it said then count among them."""
    letters = [one for one in played.publications if one.channel == "email" and "Road" in "".join(one.texts.values())]
    assert len(letters) == 4
    assert [fact.body.partner for fact in played.facts if isinstance(fact.body, PartnerStopped)] == ["police"]


def test_no_channel_carries_a_link_that_leads_elsewhere(played: Played) -> None:
    assert "evil.example" not in str([one.texts for one in played.publications])
