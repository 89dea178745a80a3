"""The grounds on which the channel suite runs: each channel, and what the public can see of it."""

import base64
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import lxml.html
from lxml import etree

from agents.adapters.channels.bluesky import BlueskyChannel
from agents.adapters.channels.email import EmailChannel
from agents.adapters.channels.facebook import FacebookChannel
from agents.adapters.channels.linkedin import LinkedInChannel
from agents.adapters.channels.mastodon import MastodonChannel
from agents.adapters.channels.notify import NotifyChannel
from agents.adapters.channels.site import Disk, SiteChannel
from agents.adapters.channels.site.pages import Pages
from agents.adapters.channels.slack import SlackChannel
from agents.adapters.channels.teams import TeamsChannel
from agents.adapters.channels.x import XChannel
from agents.adapters.clocks import ScaledClock
from agents.adapters.memory.channel import MemoryChannel
from agents.ports import Channel, Clock
from streams.decisions.channels import kinds
from streams.decisions.channels.card import ChannelKind
from streams.words.register.accounts import Credential
from streams.words.register.entries import ChannelEntry, StillPicture
from tests.adapters.channels import facebook_server, linkedin_server, slack_server, teams_server, x_server
from tests.adapters.channels import mastodon_server as fake
from tests.adapters.channels.dispatches import CHANNEL, NIGHT
from tests.adapters.channels.mail_server import mail_server
from tests.adapters.channels.pictured import Brought, png
from tests.adapters.pagers.notify_server import KEY, TEMPLATE, notify_server, shown
from tests.bluesky import Account, BlueskyNetwork, shared_network
from tests.networks import LOOKED_AT, READ_BACK, SENT_AGAIN
from tests.snac.shared import snac

PAGES = Path(__file__).parents[2] / "templates" / "pages"
ATOM = "{http://www.w3.org/2005/Atom}"
SITE = {
    "url": "https://alerts.trust.example/",
    "trust": "Northgate Hospitals NHS Trust",
    "sender": "alerts@trust.example",
    "languages": "en,cy",
    "area": "Northgate",
}


@dataclass(frozen=True)
class Ground:
    """`seen` answers with the words of every publication, newest anywhere; twice where it was published twice.

    `kind` is the row of the table that the channel has to be as good as; `languages` are those that it speaks.
    `pictures` answers with each picture that the public sees: its digest, and what is said that it shows.
    """

    channel: Channel
    kind: ChannelKind
    seen: Callable[[], Sequence[str]]
    languages: tuple[str, ...] = ("en", "cy")
    pictures: Callable[[], Sequence[tuple[str, str]]] = tuple


Open = Callable[[Path, str], AbstractAsyncContextManager[Ground]]


def approved(picture: StillPicture) -> bytes:
    """The content of the one picture that there is, as the data folder has it."""
    content = png()
    assert hashlib.sha256(content).hexdigest() == picture.digest
    return content


def told(found: Iterable[Brought]) -> Sequence[tuple[str, str]]:
    """The pictures that a vendor shows, as a ground tells of them."""
    return [(hashlib.sha256(one.content).hexdigest(), one.shows) for one in found]


def entry(kind: str, options: Mapping[str, str]) -> ChannelEntry:
    return ChannelEntry(id=CHANNEL, kind=kind, title="A place", owner="comms", deadline_seconds=2, options=options)


def site(
    folder: Path, mode: str, disk: Disk | None = None, clock: Clock | None = None, options: Mapping[str, str] = SITE
) -> SiteChannel:
    clock = clock or ScaledClock(NIGHT, 1e-9)
    written = entry("site", SITE | dict(options))
    channel = SiteChannel(written, mode, folder=folder, pages=Pages(PAGES), disk=disk, clock=clock)
    channel._pictures = approved
    return channel


def email(port: int, mode: str, **options: str) -> EmailChannel:
    given = {"host": "127.0.0.1", "port": str(port), "sender": "alerts@trust.example", "languages": "en,cy"}
    given |= {"recipients": "desk@paper.example", "trust": "Northgate Hospitals"} | options
    return EmailChannel(entry("email", given), mode, secrets=lambda _: None)


def bluesky(account: Account, url: str, mode: str, *, seconds: float = 5) -> BlueskyChannel:
    """The channel of an account, whose app password is the only secret there is."""
    credential = Credential(secret="BLUESKY_APP_PASSWORD", mode=mode)
    given = entry("bluesky", {"did": account.did, "url": url})
    given = given.model_copy(update={"credential": credential, "deadline_seconds": seconds})
    return BlueskyChannel(given, mode, secrets={credential.secret: account.password}.get, pictures=approved)


def mastodon(port: int, mode: str, *, account: tuple[str, str], seconds: float = 8, **options: str) -> MastodonChannel:
    """A channel on this port of the loopback; the account is its name and its token."""
    given = {"server": f"http://127.0.0.1:{port}", "account": account[0]} | options
    held = {"credential": Credential(secret="MASTODON_TOKEN", mode=mode), "deadline_seconds": seconds}
    secrets = {"MASTODON_TOKEN": account[1]}
    place = entry("mastodon", given).model_copy(update=held)
    return MastodonChannel(place, mode, secrets=secrets.get, pictures=approved)


def notify(kind: str, url: str, mode: str, *, key: str | None = KEY, **options: str) -> NotifyChannel:
    """A channel of this kind, whose API key is the only secret there is."""
    to = {"sms": "+447700900123", "notify-email": "desk@paper.example"}[kind]
    given = {"template": TEMPLATE, "url": url, "languages": "en,cy", "recipients": to} | options
    credential = Credential(secret="NOTIFY_KEY", mode=mode)
    place = entry(kind, given).model_copy(update={"credential": credential})
    return NotifyChannel(place, mode, secrets={"NOTIFY_KEY": key}.get)


def sms(url: str, mode: str, *, key: str | None = KEY, **options: str) -> NotifyChannel:
    return notify("sms", url, mode, key=key, **options)


def memory(kind: ChannelKind, says: ChannelKind | None = None) -> Open:
    """A memory channel that plays a kind; its row says the same, if not told otherwise."""

    @asynccontextmanager
    async def open_memory(folder: Path, mode: str) -> AsyncIterator[Ground]:
        del folder
        channel = MemoryChannel(mode, kind, pretends_live=True)
        yield Ground(channel, says or kind, lambda: [" ".join(post.message.texts.values()) for post in channel.posts])

    return open_memory


@asynccontextmanager
async def _site(folder: Path, mode: str) -> AsyncIterator[Ground]:
    def seen() -> Sequence[str]:
        page = folder / "public" / "index.html"
        if not page.exists():
            return []
        found = lxml.html.fromstring(page.read_bytes()).findall(".//article")
        entries = etree.parse(folder / "public" / "feed.atom").findall(f"{ATOM}entry")
        assert len(found) == len(entries)
        return [article.text_content() for article in found]

    def pictures() -> Sequence[tuple[str, str]]:
        page = folder / "public" / "index.html"
        articles = lxml.html.fromstring(page.read_bytes()).iter("article")
        shown = [one for one in articles if one.find(".//img") is not None]
        files = [page.parent / one.find(".//img").get("src") for one in shown]
        words = [f"{one.find('.//img').get('alt')} {one.text_content()}" for one in shown]
        return told(Brought(file.read_bytes(), said) for file, said in zip(files, words, strict=True))

    yield Ground(site(folder, mode), kinds.SITE, seen, pictures=pictures)


@asynccontextmanager
async def _email(folder: Path, mode: str) -> AsyncIterator[Ground]:
    del folder
    async with mail_server() as server:
        yield Ground(email(server.port, mode), kinds.EMAIL, lambda: [letter.get_content() for letter in server.letters])


@asynccontextmanager
async def _bluesky(folder: Path, mode: str) -> AsyncIterator[Ground]:
    del folder
    network = shared_network()
    account = network.account()

    def pictures() -> Sequence[tuple[str, str]]:
        embeds = [record["value"].get("embed", {}) for record in network.records(account)]
        return [
            (_digest_in(one["image"]["ref"]["$link"]), one["alt"]) for part in embeds for one in part.get("images", ())
        ]

    seen = lambda: bluesky_publications(network, account)  # noqa: E731 - one line
    yield Ground(bluesky(account, network.url, mode), kinds.BLUESKY, seen, pictures=pictures)


def _digest_in(name: str) -> str:
    """The digest of the content that has this name on the network."""
    letters = name.removeprefix("b").upper()
    return base64.b32decode(letters + "=" * (-len(letters) % 8)).hex()[-64:]


def bluesky_publications(network: BlueskyNetwork, account: Account) -> Sequence[str]:
    """What the public finds on the account; the posts of one message, one for each language, are one publication."""
    posts = [record["value"] for record in network.records(account)]
    languages = sorted({language for post in posts for language in post["langs"]})
    apart = [[post["text"] for post in posts if language in post["langs"]] for language in languages]
    return [" ".join(filter(None, together)) for together in zip_longest(*apart)]


@asynccontextmanager
async def _snac(folder: Path, mode: str) -> AsyncIterator[Ground]:
    """A real server of another make, with an account for each test; the words are those in its files."""
    del folder
    server = snac()
    account = server.account()
    channel = mastodon(server.port, mode, account=account)
    pictures = lambda: told(Brought(*one) for one in server.pictures(account[0]))  # noqa: E731 - one line
    yield Ground(channel, kinds.MASTODON, lambda: server.texts(account[0]), languages=("en",), pictures=pictures)


@asynccontextmanager
async def _mastodon(folder: Path, mode: str) -> AsyncIterator[Ground]:
    del folder
    async with fake.mastodon_server() as server:
        channel = mastodon(server.port, mode, account=fake.ACCOUNT)
        pictures = lambda: told(server.pictures())  # noqa: E731 - one line
        yield Ground(channel, kinds.MASTODON, server.texts, languages=("en",), pictures=pictures)


@asynccontextmanager
async def _sms(folder: Path, mode: str) -> AsyncIterator[Ground]:
    del folder
    async with notify_server() as server:
        seen = lambda: [one["personalisation"]["text"] for one in server.taken]  # noqa: E731 - one line
        yield Ground(sms(server.url, mode), kinds.SMS, seen)


@asynccontextmanager
async def _notify_email(folder: Path, mode: str) -> AsyncIterator[Ground]:
    """The words are those that a reader sees, once the service has read its Markdown."""
    del folder
    async with notify_server() as server:
        seen = lambda: [shown(one["personalisation"]["text"]) for one in server.taken]  # noqa: E731 - one line
        channel = notify("notify-email", server.url, mode, trust="Northgate Hospitals")
        yield Ground(channel, kinds.NOTIFY_EMAIL, seen)


def x(url: str, mode: str, *, keys: str = x_server.KEYS, seconds: float = 8, **options: str) -> XChannel:
    """A channel on the account whose four keys are the only secret there is."""
    given = {"account": x_server.ACCOUNT, "name": "ArdudwyVale", "url": url} | options
    held = {"credential": Credential(secret="X_KEYS", mode=mode), "deadline_seconds": seconds}
    place = entry("x", given).model_copy(update=held)
    return XChannel(place, mode, secrets={"X_KEYS": keys}.get, pictures=approved)


@asynccontextmanager
async def _x(folder: Path, mode: str) -> AsyncIterator[Ground]:
    del folder
    async with x_server.x_server() as server:
        pictures = lambda: told(server.pictures())  # noqa: E731 - one line
        yield Ground(x(server.url, mode), kinds.X, server.texts, languages=("en",), pictures=pictures)


def slack(url: str, mode: str, *, token: str = slack_server.TOKEN, seconds: float = 8, **options: str) -> SlackChannel:
    """A channel whose app's token is the only secret there is."""
    given = {"channel": slack_server.CHANNEL, "workspace": "ardudwy", "languages": "en,cy", "url": f"{url}/api"}
    held = {"credential": Credential(secret="SLACK_TOKEN", mode=mode), "deadline_seconds": seconds}
    place = entry("slack", given | options).model_copy(update=held)
    return SlackChannel(place, mode, secrets={"SLACK_TOKEN": token}.get, pictures=approved)


@asynccontextmanager
async def _slack(folder: Path, mode: str) -> AsyncIterator[Ground]:
    del folder
    async with slack_server.slack_server() as server:
        pictures = lambda: told(server.pictures())  # noqa: E731 - one line
        yield Ground(slack(server.url, mode), kinds.SLACK, server.texts, pictures=pictures)


def facebook(
    url: str, mode: str, *, token: str = facebook_server.TOKEN, seconds: float = 8, **options: str
) -> FacebookChannel:
    """A channel on the page whose token is the only secret there is."""
    given = {"page": facebook_server.PAGE, "url": url} | options
    held = {"credential": Credential(secret="FACEBOOK_TOKEN", mode=mode), "deadline_seconds": seconds}
    place = entry("facebook", given).model_copy(update=held)
    return FacebookChannel(place, mode, secrets={"FACEBOOK_TOKEN": token}.get, pictures=approved)


@asynccontextmanager
async def _facebook(folder: Path, mode: str) -> AsyncIterator[Ground]:
    del folder
    async with facebook_server.facebook_server() as server:
        pictures = lambda: told(server.pictures())  # noqa: E731 - one line
        yield Ground(facebook(server.url, mode), kinds.FACEBOOK, server.texts, languages=("en",), pictures=pictures)


def linkedin(
    url: str, mode: str, *, keys: str = linkedin_server.KEYS, clock: Clock | None = None, **options: str
) -> LinkedInChannel:
    """A channel on the page whose app's two keys and token are the only secret there is; four seconds for an act."""
    given = {"page": linkedin_server.PAGE, "url": url, "login_url": url} | options
    held = {"credential": Credential(secret="LINKEDIN_KEYS", mode=mode), "deadline_seconds": 4}
    secrets = {"LINKEDIN_KEYS": keys}
    place = entry("linkedin", given).model_copy(update=held)
    return LinkedInChannel(place, mode, secrets=secrets.get, clock=clock, pictures=approved)


@asynccontextmanager
async def _linkedin(folder: Path, mode: str) -> AsyncIterator[Ground]:
    del folder
    async with linkedin_server.linkedin_server() as server:
        pictures = lambda: told(server.pictures())  # noqa: E731 - one line
        yield Ground(linkedin(server.url, mode), kinds.LINKEDIN, server.texts, languages=("en",), pictures=pictures)


def teams(address: str, mode: str, *, seconds: float = 4, **options: str) -> TeamsChannel:
    """A channel whose workflow's address is the only secret there is."""
    held = {"credential": Credential(secret="TEAMS_WORKFLOW", mode=mode), "deadline_seconds": seconds}
    given = entry("teams", {"languages": "en,cy"} | options).model_copy(update=held)
    return TeamsChannel(given, mode, secrets={"TEAMS_WORKFLOW": address}.get)


@asynccontextmanager
async def _teams(folder: Path, mode: str) -> AsyncIterator[Ground]:
    del folder
    async with teams_server.teams_server() as server:
        yield Ground(teams(server.address(), mode), kinds.TEAMS, server.texts)


GROUNDS: Mapping[str, Open] = {
    "memory that is sent again": memory(SENT_AGAIN),
    "memory that is read back": memory(READ_BACK),
    "memory that a person looks at": memory(LOOKED_AT),
    "site": _site,
    "email": _email,
    "bluesky": _bluesky,
    "mastodon": _mastodon,
    "snac": _snac,
    "sms": _sms,
    "notify-email": _notify_email,
    "x": _x,
    "slack": _slack,
    "facebook": _facebook,
    "linkedin": _linkedin,
    "teams": _teams,
}
