"""Which kind of account an address means: a name on a network, the page of an account, or a feed."""

import re
from urllib.parse import urlsplit

from agents.adapters.feeds.pins.bluesky import bluesky_account
from agents.adapters.feeds.pins.candidate import Candidate, Question
from agents.adapters.feeds.pins.feeds import feed_account
from agents.adapters.feeds.pins.mastodon import mastodon_account
from agents.ports import Rejected

BLUESKY_PAGES = re.compile(r"https://bsky\.app/profile/([^/?#]+)/?")
MASTODON_PAGES = re.compile(r"/@([A-Za-z0-9_.-]+)/?")
MASTODON_NAMES = re.compile(r"@?([A-Za-z0-9_.-]+)@([A-Za-z0-9.-]+\.[A-Za-z]{2,})")
BLUESKY_NAMES = re.compile(r"@?((?:[A-Za-z0-9-]+\.)+[A-Za-z][A-Za-z0-9-]*)|(did:(?:plc|web):[A-Za-z0-9.:%-]+)")


async def candidate_at(question: Question) -> Candidate:
    """The account at this address, as its source says now.

    `Rejected` says what a person has to mend or to ask; `NotSent` that the source could not be asked now.
    """
    address = question.address
    if page := BLUESKY_PAGES.fullmatch(address):
        return await bluesky_account(page[1], question)
    if address.startswith(("https://", "http://")):
        parts = urlsplit(address)
        if name := MASTODON_PAGES.fullmatch(parts.path):
            return await mastodon_account(name[1], question, server=f"{parts.scheme}://{parts.netloc}")
        return await feed_account(question)
    if name := MASTODON_NAMES.fullmatch(address):
        return await mastodon_account(name[1], question, server=f"https://{name[2]}")
    if name := BLUESKY_NAMES.fullmatch(address):
        return await bluesky_account(name[1] or name[2], question)
    raise Rejected(
        f"“{address}” is no address of an account: write police.example (its name on Bluesky), "
        "@police@social.example (on Mastodon), or https:// and the address of its feed"
    )
