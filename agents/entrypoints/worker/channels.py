"""The live publishers, built from the register: the one place that knows them."""

from collections.abc import Callable, Mapping
from pathlib import Path

from agents.adapters.channels.bluesky import BlueskyChannel
from agents.adapters.channels.bluesky import settings as bluesky_settings
from agents.adapters.channels.email import EmailChannel
from agents.adapters.channels.email import settings as email_settings
from agents.adapters.channels.facebook import FacebookChannel
from agents.adapters.channels.facebook import settings as facebook_settings
from agents.adapters.channels.linkedin import LinkedInChannel
from agents.adapters.channels.linkedin import settings as linkedin_settings
from agents.adapters.channels.mastodon import MastodonChannel
from agents.adapters.channels.mastodon import settings as mastodon_settings
from agents.adapters.channels.notify import NotifyChannel
from agents.adapters.channels.notify import settings as notify_settings
from agents.adapters.channels.practice import PracticeChannel
from agents.adapters.channels.site import SiteChannel
from agents.adapters.channels.site import settings as site_settings
from agents.adapters.channels.slack import SlackChannel
from agents.adapters.channels.slack import settings as slack_settings
from agents.adapters.channels.teams import TeamsChannel
from agents.adapters.channels.teams import settings as teams_settings
from agents.adapters.channels.x import XChannel
from agents.adapters.channels.x import settings as x_settings
from agents.adapters.pictures import pictures_of
from agents.entrypoints.cli.options import Misused, secret
from agents.entrypoints.worker.own_pages import pages_of
from agents.ports import Channel
from streams.decisions.channels.kinds import BY_HAND
from streams.decisions.release import by_hand
from streams.values import LIVE, is_drill
from streams.words.register.entries import ChannelEntry, Register

Build = Callable[[ChannelEntry, str, Path], Channel]


def channels_of(register: Register, *, mode: str, data: Path, practice: Path) -> Mapping[str, Channel]:
    """Every channel that a machine can reach, ready to publish; `Misused` names the first that cannot be.

    A channel has the mode of its credential, else that of its options, `live` unless they say otherwise.
    In a drill a channel of another mode is played by a page in the folder `practice`: what is practised can be read
    there, and reaches neither the readers of the live service nor its page.
    """
    reached = {name: entry for name, entry in register.channels.items() if entry.kind != BY_HAND.name}
    played = {name for name, entry in reached.items() if is_drill(mode) and mode_of(entry) != mode}
    pages, pictures = pages_of(data), pictures_of(data)
    return {
        name: PracticeChannel(entry, mode, register=register, folder=practice / name, pages=pages, pictures=pictures)
        if name in played
        else _built(entry, mode, data)
        for name, entry in reached.items()
    }


def mode_of(entry: ChannelEntry) -> str:
    """The mode whose messages a channel takes."""
    return entry.credential.mode if entry.credential else entry.options.get("mode", LIVE)


def _built(entry: ChannelEntry, mode: str, data: Path) -> Channel:
    if entry.credential and entry.credential.mode != mode:
        raise Misused(f"channel {entry.id} holds a credential of mode {entry.credential.mode}, this is mode {mode}")
    if entry.kind not in KINDS:
        raise Misused(f"channel {entry.id} is of kind {entry.kind}: there are {', '.join(KINDS)}")
    try:
        return KINDS[entry.kind](entry, mode, data)
    except (ValueError, OSError) as error:
        raise Misused(f"channel {entry.id} cannot be set up: {error}") from None


def _site(entry: ChannelEntry, mode: str, data: Path) -> Channel:
    if "folder" not in entry.options:
        raise ValueError("its option `folder` is missing: name the folder that a web server shows")
    own_mode = mode if entry.credential else site_settings.settings_of(entry).mode
    folder, pages = Path(entry.options["folder"]), pages_of(data)
    return SiteChannel(entry, own_mode, folder=folder, pages=pages, pictures=pictures_of(data))


def _email(entry: ChannelEntry, mode: str, data: Path) -> Channel:
    del data
    own_mode = mode if entry.credential else email_settings.settings_of(entry).mode
    return EmailChannel(entry, own_mode, secrets=secret)


def _opened(make: Callable[..., Channel]) -> Build:
    return lambda entry, mode, data: make(entry, mode, secrets=secret, pictures=pictures_of(data))


SETTINGS: Mapping[str, Callable[[ChannelEntry], object]] = {
    "site": site_settings.settings_of,
    "email": email_settings.checked,
    "bluesky": bluesky_settings.settings_of,
    "mastodon": mastodon_settings.settings_of,
    "sms": notify_settings.checked,
    "notify-email": notify_settings.checked,
    "x": x_settings.settings_of,
    "slack": slack_settings.settings_of,
    "facebook": facebook_settings.settings_of,
    "linkedin": linkedin_settings.settings_of,
    "teams": teams_settings.settings_of,
    "by-hand": by_hand.settings_of,
}
"""How each kind reads its options, and the files that they name: `ValueError` if they are wrong."""

KINDS: Mapping[str, Build] = {
    "site": _site,
    "email": _email,
    "bluesky": _opened(BlueskyChannel),
    "mastodon": _opened(MastodonChannel),
    "sms": _opened(NotifyChannel),
    "notify-email": _opened(NotifyChannel),
    "x": _opened(XChannel),
    "slack": _opened(SlackChannel),
    "facebook": _opened(FacebookChannel),
    "linkedin": _opened(LinkedInChannel),
    "teams": _opened(TeamsChannel),
}
