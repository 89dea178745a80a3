"""Where a post can be read follows from its own name, or from nothing."""

import pytest

from streams.telling.listening.posts import link_of


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("https://social.example/@a/1", "https://social.example/@a/1"),
        ("at://did:plc:abc/app.bsky.feed.post/3kx", "https://bsky.app/profile/did:plc:abc/post/3kx"),
        ("at://did:plc:abc/app.bsky.feed.like/3kx", None),
        ("post-77", None),
        ("https://", None),
    ],
)
def test_a_post_whose_name_leads_to_it_has_a_link(name: str, link: str | None) -> None:
    assert link_of(name) == link
