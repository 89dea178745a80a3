"""One CAP message: what it says, and what it takes back.

The schema lets a Cancel pass that cancels nothing, and a time without a zone (1.0); the rules here do not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import unescape
from importlib.resources import files

from lxml import etree

from agents.adapters.feeds.reading.documents import Untaken, words_in
from agents.adapters.feeds.reading.gathering import FeedReading, joined, moment, version_at
from agents.adapters.feeds.reading.signatures import signed_root
from streams.foreign import account as as_account
from streams.foreign import language as as_language
from streams.values import UNDETERMINED
from streams.words.register.partners import PartnerAccount

VERSIONS = {
    "urn:oasis:names:tc:emergency:cap:1.2": "1.2",
    "urn:oasis:names:tc:emergency:cap:1.1": "1.1",
    "http://www.incident.com/cap/1.0": "1.0",
}
"""Namespace and version of each that is read."""
AREA_CHARACTERS_MAX = 500
REFERENCES_MAX = 200

_NAMESPACE = re.compile(r"\{[^{}]*\}")
_NO_PART_OF_A_NAME = re.compile(r"[\s,<&]")


@dataclass(frozen=True)
class Reference:
    """An earlier message as a later one names it; `sender` is None where it is left out."""

    sender: str | None
    identifier: str


def is_alert(element: etree._Element) -> bool:
    """Whether this is a CAP message; of a namespace that is not read it is judged all the same, and refused."""
    return str(etree.QName(element).localname) == "alert"


def gather_alert(root: etree._Element, gathering: FeedReading) -> None:
    """Take one message, or what was signed of it. `Untaken` says why it is not taken, or what of it is not.

    An Update and a Cancel take back what they name. What has expired is taken back as well.
    """
    alert = _Alert(signed_root(root, gathering.source))
    _check(alert, gathering.source.account)
    sent = moment(alert.says("sent"), gathering.source)
    kind = alert.says("msgType")
    if kind in {"Ack", "Error"}:
        raise Untaken(f"it is an {kind}, which is for machines: the public gets nothing of it")
    if kind in {"Update", "Cancel"}:
        _take_back(alert, sent, gathering)
    if kind != "Cancel":
        _add(alert, sent, gathering)


class _Alert:
    """The elements of a message by their plain names."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.namespace = etree.QName(root).namespace or ""

    def says(self, name: str, of: etree._Element | None = None) -> str:
        return words_in((self.root if of is None else of).find(f"{{{self.namespace}}}{name}"))

    def all(self, name: str, of: etree._Element | None = None) -> Sequence[etree._Element]:
        return list((self.root if of is None else of).iterfind(f"{{{self.namespace}}}{name}"))


def _check(alert: _Alert, account: PartnerAccount) -> None:
    """`Untaken` if it does not fit its schema, if its name could not be named again, or if another sent it."""
    version = VERSIONS.get(alert.namespace)
    if version is None:
        raise Untaken(f"CAP of the namespace “{alert.namespace[:80]}” is not read: 1.0, 1.1 and 1.2 are")
    schema = _schema(version)
    if not schema.validate(alert.root):
        first = schema.error_log[0]
        what = _NAMESPACE.sub("", str(first.message))[:300]
        raise Untaken(
            f"it does not fit the schema of CAP {version}, line {first.line}: {what} Ask the partner to mend it"
        )
    for name in ("identifier", "sender"):
        if not alert.says(name) or _NO_PART_OF_A_NAME.search(alert.says(name)):
            raise Untaken(f"its {name} is empty or has a space or a comma, so no Cancel could name it: ask the partner")
    if as_account(alert.says("sender")) != as_account(account.account_id):
        raise Untaken(
            f"its sender is {alert.says('sender')[:80]}, and this account is pinned to {account.account_id}: "
            "register that sender if it is the partner's"
        )


@cache
def _schema(version: str) -> etree.XMLSchema:
    written = files("agents.adapters.feeds.reading").joinpath("schemas", f"cap-{version}.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(written, parser=etree.XMLParser(resolve_entities=False, no_network=True)))


def _take_back(alert: _Alert, sent: datetime, gathering: FeedReading) -> None:
    """Each message that it names, once; those of another sender are left for that one to take back."""
    named = _references(alert)
    kind = alert.says("msgType")
    if not named:
        raise Untaken(f"it is a {kind} and names no message, so what it means stays as it is: ask the partner at once")
    sender, strangers = as_account(alert.says("sender")), []
    for one in dict.fromkeys(named):
        if one.sender is not None and as_account(one.sender) != sender:
            strangers.append(f"{one.identifier[:60]} of {one.sender[:60]}")
        elif kind == "Cancel" or one.identifier != alert.says("identifier"):
            gathering.gone(one.identifier, sent, status=_status(alert), genre="warning")
    if strangers:
        gathering.faults.append(
            f"{alert.says('identifier')[:80]}: it names what another sent ({', '.join(strangers[:3])}), "
            "and only the sender's own are taken back: look at them"
        )


def _references(alert: _Alert) -> list[Reference]:
    """`sender,identifier,sent`, parted by spaces; of a shorter form what can be read, since it takes back."""
    found = []
    for one in alert.says("references").split()[:REFERENCES_MAX]:
        parts = [part for part in one.split(",") if part]
        if len(parts) == 1:
            found.append(Reference(None, parts[0]))
        elif parts:
            found.append(Reference(parts[0], parts[1]))
    return found


def _status(alert: _Alert) -> str:
    return alert.says("status").casefold()


def _add(alert: _Alert, sent: datetime, gathering: FeedReading) -> None:
    """Its words, in every language that it has, as one post: they are taken back together."""
    name, infos = alert.says("identifier"), alert.all("info")
    if alert.says("scope") not in {"Public", ""}:
        raise Untaken(f"its scope is {alert.says('scope')}: it is not for the public")
    if not infos:
        raise Untaken("it has no info, so there are no words to share")
    ends = {id(info): _end(alert, info, gathering) for info in infos}
    now = gathering.source.now
    valid = [info for info in infos if (end := ends[id(info)]) is None or end > now] or infos
    languages = {as_language(alert.says("language", info) or "en-US") for info in valid}
    gathering.add(
        name,
        sent,
        revision=version_at(sent),
        text=joined(*(_words(alert, info) for info in valid)),
        language=languages.pop() if len(languages) == 1 else UNDETERMINED,
        url=next((web for info in valid if (web := alert.says("web", info))), None),
        genre="warning",
        status=_status(alert),
        expires_at=min((end for info in valid if (end := ends[id(info)]) is not None), default=None),
    )


def _end(alert: _Alert, info: etree._Element, gathering: FeedReading) -> datetime | None:
    written = alert.says("expires", info)
    return moment(written, gathering.source) if written else None


def _words(alert: _Alert, info: etree._Element) -> str:
    """Headline, or else the event; the area, if no words name it; description; instruction."""
    head = _plain(alert.says("headline", info) or alert.says("event", info))
    description, instruction = (_plain(alert.says(name, info)) for name in ("description", "instruction"))
    areas = dict.fromkeys(_plain(alert.says("areaDesc", area)) for area in alert.all("area", info))
    unnamed = "; ".join(area for area in areas if area and area not in head and area not in description)
    if len(unnamed) > AREA_CHARACTERS_MAX:
        unnamed = unnamed[:AREA_CHARACTERS_MAX].rpartition(";")[0] + " …"
    return joined(head, unnamed, description, instruction)


def _plain(written: str) -> str:
    """Without what some writers encode twice, and without spaces that only set the lines of the document apart."""
    return "\n".join(" ".join(line.split()) for line in unescape(written).strip().splitlines())
