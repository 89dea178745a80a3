"""Accounts that look like a partner's, or like ours: each is told with its evidence, and no post of one goes out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.amplification import Needs, UnregisteredPartner, handle
from streams.decisions.partners.look_alikes import likeness
from streams.words.posts import PartnerPost
from streams.words.register.partners import OURSELVES, NoteLookAlike
from tests import builders
from tests.agents.doubles import MemoryIncidents, MemoryPosts, clock_at
from tests.builders import LIVE, NOW

REGISTER = builders.register()
"""With the partner Vale Ambulance at vale-ambulance.example; we are Vale Hospitals."""
DOMAINS = (
    *("vale-ambulance.com", "vale-ambulance.org.uk", "vale-ambulance.net", "vale-ambulance.nhs.uk", "valeambulance.io"),
    *("va1e-ambulance.example", "vale-ambu1ance.example", "vale-4mbulance.example", "v4le-ambulanc3.example"),
    *("v\u0430le-ambulance.example", "vale-\u0430mbulance.example", "vale-ambulan\u0441e.example"),
    *("val\u0435-ambulance.example", "v\u03b1le-ambulance.example", "vale-ambul\u00e1nce.example"),
    *("vale-arnbulance.example", "vaie-ambulance.example", "va\u0142e-ambulance.example"),
    *("vale-ambulence.example", "vale-ambulanse.example", "vale-amublance.example", "vale-ambulancee.example"),
    *("vale-ambulnce.example", "valle-ambulance.example", "ale-ambulance.example", "vale-ambulances.example"),
    *("vale-ambulance-official.example", "official-vale-ambulance.example", "vale-ambulance-news.example"),
    *("vale-ambulance-alerts.example", "vale-ambulance-uk.com", "the-vale-ambulance.example"),
    *("vale-ambulance.example.evil.example", "vale-ambulance.evil.example", "vale-ambulance.example-login.com"),
    *("www.vale-ambulance.example.co", "evil-vale-ambulance.example", "ambulance-vale.example", "vale_ambulance.com"),
)
HANDLES = (
    *("vale-ambulance.example", "Vale Ambulance", "ValeAmbulance", "vale_ambulance", "@vale_ambulance@social.example"),
    *("vale.ambulance", "vale-ambulance.social.example", "ValeAmbulance_Official", "VALE_AMBULANCE_NEWS"),
    *("va1eambulance", "Vale\u200bAmbulance", "\uff36\uff41\uff4c\uff45 Ambulance", "valeambulance999"),
    *("\U0001d415\U0001d41a\U0001d425\U0001d41e Ambulance", "Vale Arnbulance", "newyddion-vale-ambulance"),
)
WAYS = [*({"domain": one} for one in DOMAINS), *({"domain": "social.example", "handle": one} for one in HANDLES)]


def post(**changes: Any) -> PartnerPost:
    plain: dict[str, Any] = {"id": "pp-1", "mode": LIVE, "account_id": "did:fake:1", "post_id": "post-1", "at": NOW}
    return PartnerPost(**{**plain, "text": "Everybody to #AshbyCrash now.", **changes})


async def orders(given_post: PartnerPost) -> Any:
    needs = Needs(clock_at(), lambda: REGISTER, MemoryIncidents((builders.declared(),)), MemoryPosts())
    return await handle(given_post, needs)


def test_there_are_fifty_ways_at_least() -> None:
    assert len({str(one) for one in WAYS}) == len(WAYS) >= 50


@pytest.mark.parametrize("way", WAYS, ids=str)
async def test_a_partner_that_is_imitated_is_reported_and_nothing_of_it_goes_out(way: dict[str, str]) -> None:
    [order] = await orders(post(**way))
    assert isinstance(order.body, NoteLookAlike)
    assert order.body.imitates == "ambulance"
    assert "Vale Ambulance" in order.body.evidence


@pytest.mark.parametrize(
    "way",
    [
        {"domain": "vale-hospitals.com"},
        {"domain": "va1e-hospitals.org"},
        {"domain": "social.example", "handle": "ValeHospitals_News"},
        {"domain": "social.example", "handle": "@vale.hospital@social.example"},
        {"domain": "social.example", "handle": "our-page"},
    ],
    ids=str,
)
def test_so_is_who_imitates_us(way: dict[str, str]) -> None:
    """By the name of the trust, and by what we are called on our own channels."""
    page = builders.channel("website").model_copy(
        update={"options": {"handle": "our-page", "url": "https://us.example"}}
    )
    found = likeness(post(**way), builders.register(channels={"website": page}))
    assert found is not None
    assert found.imitates == OURSELVES


@pytest.mark.parametrize(
    "way",
    [
        {"domain": "weather.example"},
        {"domain": "social.example", "handle": "weather"},
        {"domain": "ambulance.example"},
        {"domain": "dale-fire.example"},
        {"domain": "social.example", "handle": "vale"},
        {"domain": "social.example", "handle": "ambulance"},
        {"domain": "vale-ambulance.example"},
        {"domain": "vale-ambulance.example", "handle": "gardening"},
    ],
    ids=str,
)
async def test_what_looks_like_nothing_that_we_know_is_only_set_aside(way: dict[str, str]) -> None:
    """So is another account on a server where a partner has one: many may live there."""
    with pytest.raises(UnregisteredPartner):
        await orders(post(**way))


@given(domain=st.text(max_size=60), handle=st.none() | st.text(min_size=1, max_size=60))
def test_whatever_an_account_calls_itself_is_judged(domain: str, handle: str | None) -> None:
    """Any signs at all: an answer, never an error."""
    given_post = post(domain="a.example").model_copy(update={"domain": domain, "handle": handle})
    found = likeness(given_post, REGISTER)
    assert found is None or found.imitates in {"ambulance", OURSELVES}
