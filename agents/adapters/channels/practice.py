"""A channel that practice uses in place of one of another mode: a page in a folder, which no reader is shown."""

from collections.abc import Sequence
from pathlib import Path

from agents.adapters.channels.site import SiteChannel, record
from agents.adapters.channels.site.channel import PUBLIC
from agents.adapters.channels.site.pages import Pages
from agents.adapters.channels.site.posts import Published, SitePost, posts
from agents.adapters.channels.site.renderer import PAGE
from agents.adapters.pictures import Pictures
from streams.values import is_drill
from streams.words.delivery import Receipt
from streams.words.register.entries import ChannelEntry, Register

NOWHERE = "practice.invalid"
"""The host that the files of a practice give as theirs; RFC 6761 keeps it from ever being anywhere."""
WORD_MAX, SHOWN_MAX = 200, 50


class PracticeChannel(SiteChannel):
    """Shows what would be public on a channel, on a page that is marked as an exercise.

    It has nothing of the channel but its name and title: no address, no recipient, no secret.
    `ValueError` in mode live.
    """

    def __init__(  # budget: what it is played for, and what it writes with
        self, entry: ChannelEntry, mode: str, *, register: Register, folder: Path, pages: Pages, pictures: Pictures
    ) -> None:
        if not is_drill(mode):
            raise ValueError("what is practised is never public: give mode live a channel that the public can see")
        options = {
            "url": f"https://{NOWHERE}/",
            "trust": f"{entry.title}, {register.trust}"[:WORD_MAX],
            "sender": NOWHERE,
            "languages": ",".join(register.languages),
        }
        played = ChannelEntry(id=entry.id, kind="site", title=entry.title, owner=entry.owner, options=options)
        super().__init__(played, mode, folder=folder, pages=pages, pictures=pictures)
        self._page = folder / PUBLIC / PAGE

    def _receipt(self, published: Published) -> Receipt:
        """Where a person who practises reads it: no link, since it is on no address."""
        receipt = super()._receipt(published)
        words = f"EXERCISE: not public, shown on the practice page {self._page}"
        return receipt.model_copy(update={"url": None, "words": words})


def practised_on(folder: Path) -> frozenset[str]:
    """The channels on which something was practised, by the folder in which a worker keeps a page for each."""
    return frozenset(one.parent.name for one in folder.glob(f"*/{record.RECORD}"))


def practised(folder: Path, channel: str) -> Sequence[SitePost]:
    """The last posts on the page of one of these channels, the newest first; `NotSent` if its record is unreadable."""
    return posts(record.read(folder / channel / record.RECORD).values())[:SHOWN_MAX]
