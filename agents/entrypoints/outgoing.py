"""Where this service connects to: hosts and ports, each with what connects there, for the firewall."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from agents.adapters.channels.bluesky import settings as bluesky
from agents.adapters.channels.email import settings as email
from agents.adapters.channels.facebook import settings as facebook
from agents.adapters.channels.linkedin import settings as linkedin
from agents.adapters.channels.linkedin.page import DOMAIN as LINKEDIN
from agents.adapters.channels.mastodon import settings as mastodon
from agents.adapters.channels.notify import settings as notify
from agents.adapters.channels.slack import settings as slack
from agents.adapters.channels.slack.place import DOMAIN as SLACK
from agents.adapters.channels.x import settings as x
from agents.adapters.feeds.kinds import KINDS as FEED_KINDS
from agents.adapters.notify import NotifySettings
from agents.adapters.pagers import letters
from agents.adapters.registers.rota.fetcher import calendar_addresses
from agents.entrypoints.worker.channels import mode_of
from agents.runtime.feeds.hearings import heard
from infra.addresses import scheme_of
from streams.words.register.entries import ChannelEntry, PagerEntry, Register
from streams.words.register.partners import PartnerAccount

Place = tuple[str, int]
"""A host and its port; `*.` before a host means every host below it, and no host that it is in a secret."""
PORTS: Mapping[str, int] = {"https": 443, "wss": 443, "http": 80, "ws": 80, "kafka": 9092}
HTTPS, MAIL = PORTS["https"], 587
IN_A_SECRET: Place = ("", HTTPS)
SET_HERE: Mapping[str, str] = {
    "VAULT_ADDR": "the vault",
    "HOLDINGLINE_DIRECTORY_ISSUER": "the console's directory",
    "HOLDINGLINE_TRACES": "traces",
}
ANCHOR = "HOLDINGLINE_ANCHOR"


@dataclass(frozen=True, slots=True)
class OutgoingPlace:
    """A host and a port, and all that connects there; the host is empty where it is in a secret, which `by` names."""

    host: str
    port: int
    by: tuple[str, ...]

    def told(self) -> str:
        """A line for a person."""
        return f"{self.host or '(in the secret)'}:{self.port:<6} {', '.join(self.by)}"


def outgoing(register: Register, folder: Path, *, mode: str, log: str, now: datetime) -> Sequence[OutgoingPlace]:
    """All that the registers and the variables of this process name, in the order of the hosts."""
    together: dict[Place, dict[str, None]] = {}
    for place, by in (*_of_register(register, mode), *_of_calendars(folder, now), *_of_log(log), *_set_here()):
        together.setdefault(place, {})[by] = None
    return [OutgoingPlace(host, port, tuple(by)) for (host, port), by in sorted(together.items())]


def _of_register(register: Register, mode: str) -> Iterator[tuple[Place, str]]:
    for channel in register.channels.values():
        if mode_of(channel) == mode:
            yield from ((place, _called("channel", channel)) for place in CHANNELS[channel.kind](channel))
    for pager in register.pagers.values():
        if pager.credential is None or pager.credential.mode == mode:
            yield from ((place, _called("pager", pager)) for place in PAGERS[pager.kind](pager))
    for partner, account in heard(register, mode):
        yield from ((place, f"partner {partner.id} ({account.kind})") for place in feed_places(account))


def _called(what: str, entry: ChannelEntry | PagerEntry) -> str:
    """What connects there; with the name of its secret where that has the host."""
    is_secret = entry.kind in {"teams", "chat"} and entry.credential
    return f"{what} {entry.id}{f' ({entry.credential.called})' if is_secret and entry.credential else ''}"


def _of_calendars(folder: Path, now: datetime) -> Iterator[tuple[Place, str]]:
    for rota, address in calendar_addresses(folder, now):
        yield place_of(address), f"the calendar of {rota}, and where it leads on to"


def _of_log(log: str) -> Iterator[tuple[Place, str]]:
    if scheme_of(log) == "kafka":
        hosts = urlsplit(log).netloc.split(",")
        yield from ((place_of(f"kafka://{host}"), "the log") for host in hosts)


def _set_here() -> Iterator[tuple[Place, str]]:
    for name, by in SET_HERE.items():
        if address := os.environ.get(name):
            yield place_of(address), by
    kind, _, rest = os.environ.get(ANCHOR, "").partition(":")
    if kind == "mail":
        options = {name: found[0] for name, found in parse_qs(rest.partition("?")[2]).items()}
        yield (options.get("host", ""), int(options.get("port", MAIL))), "anchors by mail"


def place_of(address: str) -> Place:
    """Host and port of an address; without one, that of its scheme."""
    parts = urlsplit(address)
    return parts.hostname or "", parts.port or PORTS.get(parts.scheme, HTTPS)


def _nowhere(entry: ChannelEntry) -> Iterable[Place]:
    """It writes files, or a person writes there."""
    del entry
    return ()


def _in_a_secret(entry: ChannelEntry | PagerEntry) -> Iterable[Place]:
    """What lets it in is the address itself."""
    del entry
    return (IN_A_SECRET,)


def _at(
    read: Callable[[ChannelEntry], object], *names: str, below: str = ""
) -> Callable[[ChannelEntry], Iterable[Place]]:
    """The addresses of these options; `below` is the vendor's domain, if pictures go to a host there that it names."""

    def places(entry: ChannelEntry) -> Iterable[Place]:
        settings = read(entry)
        yield from (place_of(getattr(settings, name)) for name in names)
        yield from ((f"*.{below}", HTTPS),) if below else ()

    return places


def _mail(entry: ChannelEntry) -> Iterable[Place]:
    settings = email.settings_of(entry)
    return ((settings.host, settings.port),)


def _letters(entry: PagerEntry) -> Iterable[Place]:
    settings = letters.settings_of(entry)
    return ((settings.host, settings.port),)


def _texts(entry: PagerEntry) -> Iterable[Place]:
    return (place_of(NotifySettings.model_validate(dict(entry.options)).url),)


CHANNELS: Mapping[str, Callable[[ChannelEntry], Iterable[Place]]] = {
    "site": _nowhere,
    "by-hand": _nowhere,
    "email": _mail,
    "bluesky": _at(bluesky.settings_of, "url"),
    "mastodon": _at(mastodon.settings_of, "server"),
    "sms": _at(notify.settings_of, "url"),
    "notify-email": _at(notify.settings_of, "url"),
    "x": _at(x.settings_of, "url"),
    "slack": _at(slack.settings_of, "url", below=SLACK),
    "facebook": _at(facebook.settings_of, "url"),
    "linkedin": _at(linkedin.settings_of, "url", "login_url", below=LINKEDIN),
    "teams": _in_a_secret,
}
PAGERS: Mapping[str, Callable[[PagerEntry], Iterable[Place]]] = {
    "chat": _in_a_secret,
    "email": _letters,
    "notify": _texts,
}


def feed_places(account: PartnerAccount) -> Iterable[Place]:
    """Where the feed of an account is read: its address, its stream, and the partner's own hosts that it links to."""
    row = FEED_KINDS.get(account.kind)
    if row is None or row.card.transport == "hook":
        return  # What a hook takes comes in.
    yield place_of(account.address)
    if stream := account.options.get("stream"):
        yield place_of(stream)
    if row.card.transport == "poll":
        yield account.domain, HTTPS
        yield f"*.{account.domain}", HTTPS
