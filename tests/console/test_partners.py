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
