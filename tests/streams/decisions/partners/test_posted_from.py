"""From which account of a partner a post comes, by its link: of none of theirs nothing is credited to them."""

from typing import Any

import pytest

from streams.decisions.partners.posted_from import account_of
from streams.decisions.verdict import Refused
from streams.words.register.partners import PartnerAccount
from tests import builders

DID = "did:plc:valefirevalefirevalefire"


def account(kind: str, account_id: str, **more: Any) -> PartnerAccount:
    given = {"domain": "vale-fire.example", "address": "https://pds.example", "evidence": "Read out to us.", **more}
    return PartnerAccount(kind=kind, account_id=account_id, **given)


FIRE = builders.partner(
    id="fire",
    name="Vale Fire",
    account_id="did:web:vale-fire.example",
    domain="vale-fire.example",
    link_domains=("alerts.example",),
    accounts=(
        account("bluesky", DID),
        account(
            "mastodon",
            "101",
            address="https://social.example",
            options={"actor": "https://social.example/users/valefire"},
        ),
        account(
            "mastodon", "102", address="https://social.example", options={"actor": "https://social.example/@north"}
        ),
        account("mastodon", "7", address="https://own.vale-fire.example", domain="own.vale-fire.example"),
        account("cap", "https://warn.example/cap", domain="warn.example", address="https://warn.example/cap.xml"),
    ),
)


@pytest.mark.parametrize(
    ("url", "account_id"),
    [
        (f"https://bsky.app/profile/{DID}/post/3k", DID),
        ("https://bsky.app/profile/vale-fire.example/post/3k", DID),
        ("https://bsky.app/profile/north.vale-fire.example/post/3k", DID),
        ("https://social.example/@valefire/11", "101"),
        ("https://social.example/@North/12", "102"),
        ("https://social.example/users/north/statuses/12", "102"),
        ("https://own.vale-fire.example/@anybody/3", "7"),
        ("https://warn.example/cap/1.xml", "https://warn.example/cap"),
        ("https://www.vale-fire.example/news/1", "did:web:vale-fire.example"),
        ("https://alerts.example/1", "did:web:vale-fire.example"),
    ],
)
def test_a_post_is_credited_to_the_account_that_its_link_belongs_to(url: str, account_id: str) -> None:
    assert account_of(FIRE, url) == account_id


@pytest.mark.parametrize(
    "url",
    [
        "https://bsky.app/profile/vale-fire.example.evil.example/post/3k",
        "https://bsky.app/profile/did:plc:another/post/3k",
        "https://social.example/@valef1re/11",
        "https://evil.example/vale-fire.example",
        f"https://evil.example/profile/{DID}/post/3k",
        f"https://pds.example/{DID}",
        "https://social.example/@valefire.evil/1",
        "https://vale-fire.example@evil.example/1",
        "https://[vale/",
    ],
)
def test_a_link_that_is_no_accounts_of_theirs_says_what_to_do(url: str) -> None:
    """A post of somebody else must not carry the partner's name, whatever it calls itself."""
    refused = account_of(FIRE, url)
    assert isinstance(refused, Refused)
    assert "ask Vale Fire whether the post is theirs" in refused.reasons[0]
    assert "holdingline feeds pin fire " in refused.reasons[0]


def test_without_a_link_a_post_is_credited_only_where_there_is_one_account() -> None:
    alone = FIRE.model_copy(update={"accounts": ()})
    assert account_of(alone, None) == "did:web:vale-fire.example"
    refused = account_of(FIRE, None)
    assert isinstance(refused, Refused)
    assert "give the link to the post" in refused.reasons[0]
