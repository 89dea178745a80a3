"""A hashtag of the public is offered only if it may be public words of ours; of any other only the reason is kept."""

from datetime import UTC

import pytest

from streams.decisions.desk.order_table import answer
from streams.decisions.listening.tags.offered import unfit
from streams.decisions.listening.tags.partners import credited_tags, partner_voices, registered_tags
from streams.decisions.wording.listed_names import name_prints
from streams.telling.brief import brief
from streams.telling.facts import picture, told
from streams.values import Power
from streams.words.listening.tags import NoteTags, TagsNoted, TagUse, TagWithheld
from streams.words.posts import Mention
from streams.words.register.wording import WordList, WordLists
from tests import builders
from tests.builders import LIVE, NOW

ABUSIVE = WordList(id="abusive", owner="Press", note="Invented.", words="blockhead, twp")
KEPT = builders.hold(id="listed", field="names", names=name_prints(["Elis Wyn Puw", "Mair Lloyd"], "s1"), salt="s1")
HOLDS = {
    one.id: one
    for one in (builders.hold(id="casualties", field="casualties"), builders.hold(id="cause", field="cause"), KEPT)
}
STRICT = builders.register(
    holds=HOLDS,
    words=builders.register().words.model_copy(update={"lists": (ABUSIVE,)}),
    people={"sian": builders.person("sian", Power.DRAFT_LINE).model_copy(update={"name": "Siân Coedmawr"})},
)


@pytest.mark.parametrize(
    ("tag", "reason"),
    [
        ("#blockheadsout", "abusive"),
        ("#ashbyblockhead", "abusive"),
        ("#07700900123", "personal data"),
        ("#mairlloyd", "name a person"),
        ("#prayforelisyn", None),
        ("#eliswynpuw", "name a person"),
        ("#siancoedmawr", "name a person"),
        ("#standwithsiancoedmawr", "name a person"),
        ("#mrboland", "name a person"),
        ("#drboland", "name a person"),
        ("#threedead", "how many were hurt"),
        ("#three_dead", "how many were hurt"),
        ("#arson", "why it happened"),
        ("#ashbyarson", "why it happened"),
        ("#ashbycrash", None),
        ("#ashbyfire", None),
        ("#milllane", None),
    ],
)
def test_a_hashtag_passes_what_public_hashtags_pass_read_as_one_word_and_as_two(tag: str, reason: str | None) -> None:
    found = unfit(tag, builders.declared(), register=STRICT, year=NOW.year)
    assert (found is None) if reason is None else (reason in (found or "")), found


def test_a_place_of_ours_that_begins_like_a_title_names_nobody() -> None:
    incident = builders.declared(name="Drumhelyg crash")
    assert unfit("#drumhelyg", incident, register=STRICT, year=NOW.year) is None
    assert unfit("#drumhelyg", builders.declared(), register=STRICT, year=NOW.year) is not None


def test_a_register_without_the_list_offers_it_all_the_same() -> None:
    told_nothing = builders.register(words=WordLists(), holds={})
    assert unfit("#blockheads", builders.declared(), register=told_nothing, year=NOW.year) is None


USE = TagUse(tag="#ashbyfire", people=19, minutes=10, before=0, partner="police", partner_name="Vale Police")
OTHER = TagUse(tag="#threedead", people=12, minutes=9)


def test_the_desk_leaves_out_what_may_not_be_said_by_then_and_keeps_no_word_of_it() -> None:
    """A hold may have been placed since the agent looked."""
    body = NoteTags(tags=(USE, OTHER), overtook="#threedead")
    (noted,) = answer(builders.order(body, builders.declared(), "mentions-agent", register=STRICT))
    assert isinstance(noted, TagsNoted)
    assert (noted.tags, noted.overtook) == ((USE,), None)
    assert [one.people for one in noted.withheld] == [12]
    assert "dead" not in noted.model_dump_json()


def test_the_hashtags_are_told_with_their_reasons_wherever_the_incident_is_shown() -> None:
    """In the fact's sentence, on one screen, and in all of the status."""
    withheld = TagWithheld(people=6, minutes=9, reason="it may name a person")
    ours = TagUse(tag="#ashbycrash", people=7, minutes=1, before=3)
    noted = TagsNoted(tags=(USE, ours), withheld=(withheld,), overtook="#ashbycrash")
    reason = "#ashbyfire: 19 people in 10 minutes, not seen in the week before; Vale Police uses it"
    assert told(noted) == (
        f"hashtags in use: {reason}; it overtook #ashbycrash. #ashbycrash: 7 people in a minute, "
        "seen 3 times in the sample of the week before. A hashtag of 6 people is not offered: it may name a person"
    )
    incident = builders.after(builders.declared(), [noted])
    for lines in ([*brief(incident, NOW, zone=UTC)], [*picture(incident, zone=UTC)]):
        assert f"  hashtag in use: {reason}" in lines
        assert any(one.endswith("; it is ours") for one in lines)
        assert "  A hashtag of 6 people is not offered: it may name a person" in lines


def test_a_release_takes_a_hashtag_that_was_offered_and_no_other() -> None:
    """Nothing is used by itself, and pre-approved words take no free ones with them."""
    offered = builders.after(builders.declared(), [TagsNoted(tags=(USE,))])
    (plain,) = builders.carried_out(offered, builders.holding()).messages.values()
    assert plain.hashtags == ("#AshbyCrash",)
    chosen = builders.carried_out(offered, builders.holding(hashtags=("#AshbyFire",)))
    (message,) = chosen.messages.values()
    assert message.hashtags == ("#AshbyFire", "#AshbyCrash")
    refused = answer(builders.order(builders.holding(hashtags=("#Other",)), offered))
    assert "the hashtag #Other was not offered" in builders.reasons(refused)


def test_the_tags_of_partners_are_those_of_their_accounts_their_posts_and_the_register() -> None:
    """An account is known by its identifier; a name proves nothing."""
    partner = builders.partner(hashtags=("#ValeAmbulance",))
    register = builders.register(partners={partner.id: partner})
    text = "Crews are at Ashby #AshbyRescue"
    theirs = Mention(id="m-1", mode=LIVE, author_id=partner.account_id, at=NOW, text=text)
    claimed = theirs.model_copy(update={"author_id": "did:other:1"})
    assert partner_voices([(claimed, 7, 0), (theirs, 8, 0)], register) == {8: partner.id}
    assert registered_tags(register) == {"#valeambulance": partner.id}
    assert credited_tags(builders.declared()) == {}
