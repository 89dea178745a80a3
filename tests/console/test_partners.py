"""A partner deletes a post that we carry: whoever follows the incident sees that ours is taken back, by itself."""

from pathlib import Path

import pytest

from streams.values import LIVE
from streams.words.posts import PartnerPost
from streams.words.register.partners import Partner
from tests.browser import on_a_phone
from tests.console.bench import INCIDENT, Night, night, seen, sign_in
from tests.console.test_asked import FIRE
from tests.examples import CHIEF

HASHTAG, WORDS = "#ArdudwyFire", "Please keep the road free for fire engines"


def post(on: Night, partner: Partner) -> PartnerPost:
    return PartnerPost(
        id="post-1",
        mode=LIVE,
        account_id=partner.account_id,
        domain=partner.domain,
        post_id="1",
        at=on.house.clock.now(),
        text=f"{WORDS} {HASHTAG}",
        language="en",
    )


@pytest.mark.slow
async def test_a_post_that_its_partner_deleted_is_seen_to_go(tmp_path: Path) -> None:
    async with night(tmp_path) as on, on_a_phone() as tab:
        await on.give(FIRE.model_copy(update={"hashtags": (HASHTAG,)}), by=CHIEF)
        await sign_in(tab, on)
        await tab.go(f"{on.origin}/incidents/{INCIDENT}")
        new = post(on, on.register.partners["police"])
        await on.door.put([new])
        await tab.shows(WORDS)
        await on.door.put([new.model_copy(update={"id": "post-2", "change": "deleted", "text": ""})])
        await tab.until(f"!document.body.innerText.includes('{WORDS}')")
        await tab.shows("Withdrawal")
        await seen(tab, "taken-back")


@pytest.mark.slow
async def test_a_look_alike_is_shown_with_its_evidence_and_settled(tmp_path: Path) -> None:
    """Who is on call reads in what it looks alike, and says what was done with one tap."""
    async with night(tmp_path) as on, on_a_phone() as tab:
        fake = {"account_id": "did:fake:1", "domain": "ardudwy-po1ice.example"}
        await on.door.put([post(on, on.register.partners["police"]).model_copy(update=fake)])
        await sign_in(tab, on)
        await tab.shows("Accounts look like Ardudwy Police and are not")
        await tab.go(f"{on.origin}/register/look-alikes/police")
        await tab.shows("ardudwy-po1ice.example” looks the same as")
        await seen(tab, "look-alike")
        await tab.press("They are settled")
        await tab.shows("Who may do what")
        await tab.go(on.origin)
        await tab.until("!document.body.innerText.includes('Accounts look like')")


@pytest.mark.slow
async def test_two_partners_that_differ_stand_beside_one_another(tmp_path: Path) -> None:
    """Who decides reads both on the incident's page and where the yes is asked for, with which post each is.

    Why a person who may not say it would be refused is told once, and covers nothing.
    """
    async with night(tmp_path) as on, on_a_phone() as tab:
        await on.give(FIRE.model_copy(update={"hashtags": (HASHTAG,)}), by=CHIEF)
        await sign_in(tab, on)
        for name, advice in (("police", "Please leave the area now."), ("fire", "Please stay inside.")):
            said = {"id": f"post-{name}", "post_id": f"said-by-{name}", "text": f"{advice} {HASHTAG}"}
            await on.door.put([post(on, on.register.partners[name]).model_copy(update=said)])
            await tab.go(f"{on.origin}/incidents/{INCIDENT}")
            await tab.shows(advice)
        await tab.shows("Partners say otherwise than one another")
        await tab.shows("What its network calls it, to find it there")
        for named in ("said-by-police", "said-by-fire"):
            assert await tab.value(f"document.body.textContent.includes('{named}')")
            assert not await tab.value(f"document.body.innerText.includes('{named}')"), "folded away"
        await seen(tab, "partners-differ")
        await tab.shows("A post of Ardudwy Fire and Rescue waits for a yes. Another partner says otherwise.")
        await tab.shows("Fire, Ysbyty Ardudwy: “Please stay inside. #ArdudwyFire”")
        [draft] = (await on.door.incidents())[INCIDENT].drafts
        await tab.go(f"{on.origin}/incidents/{INCIDENT}/sign-off/{draft}")
        await tab.shows("A post of Ardudwy Fire and Rescue. Nobody here wrote it")
        await tab.shows("Please leave the area now.")
        assert not await tab.value("document.body.textContent.includes('amplification-agent')")
        assert await tab.value("document.querySelectorAll('.nhsuk-error-summary').length") == 1
        assert not await tab.value("document.querySelector('.hl-foot .nhsuk-error-summary')")
        await seen(tab, "partners-differ-yes")
        await tab.go(f"{on.origin}/incidents/{INCIDENT}/holds/casualties")
        posts = await tab.value("[...document.querySelectorAll('#evidence option')].map((one) => one.innerText)")
        assert posts == ["", "Ardudwy Police: “Please leave the area now. #ArdudwyFire”"]
        await tab.go(f"{on.origin}/months?month=2026-01")
        await tab.shows("Ardudwy Police: posts that went out through our accounts 1, taken back again 0.")
