"""A feed by its address: CAP messages are pinned by their sender, posts by the feed's own address.

If the document is signed and carries its certificate along, the certificate is pinned too: from then on nothing
else is taken.
"""

import base64
import binascii
from collections.abc import Iterator
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from lxml import etree

from agents.adapters.feeds.asking import ask
from agents.adapters.feeds.parsed import Source
from agents.adapters.feeds.pins.candidate import Candidate, Question
from agents.adapters.feeds.polling import require_safe
from agents.adapters.feeds.reading.alerts import is_alert
from agents.adapters.feeds.reading.documents import Untaken, read_xml, words_in
from agents.adapters.feeds.reading.entries import entries
from agents.adapters.feeds.reading.feeds import cap_behind, fetchable
from agents.adapters.feeds.reading.signatures import FINGERPRINT, signed_root
from agents.ports import Rejected
from streams.values import LIVE, sentence
from streams.words.register.partners import PartnerAccount

CERTIFICATE = ".//{http://www.w3.org/2000/09/xmldsig#}X509Certificate"
ACCOUNT_CHARACTERS_MAX = 120
UNKNOWN = "what it is pinned by is not known yet"


async def feed_account(question: Question) -> Candidate:
    """The feed, read once; of one that only links to CAP messages the first of them."""
    try:
        require_safe(question.address)
        root = read_xml(await _body(question.address, question))
        inside = [root] if is_alert(root) else [*_alerts(root, question.address)]
        if not inside and (link := _link_to_message(root, question)):
            inside = [read_xml(await _body(link, question))]
        return _of_alerts(inside, question) if inside else _of_posts(root, question)
    except (Untaken, ValueError) as error:
        raise Rejected(f"{question.address}: {error}") from None


async def _body(address: str, question: Question) -> bytes:
    return (await ask(address, headers={}, now=question.now)).body or b""


def _alerts(root: etree._Element, address: str) -> Iterator[etree._Element]:
    for entry in entries(root, address):
        yield from filter(is_alert, entry.inside)


def _link_to_message(root: etree._Element, question: Question) -> str | None:
    """Where the first CAP message lies that the feed links to; None if it links to none that we may fetch."""
    wanted = _account("atom", question.partner, question=question)
    targets = (cap_behind(one) for one in entries(root, question.address) if one.ended is None)
    return next(filter(None, (fetchable(one.address, wanted) for one in targets if one)), None)


def _of_alerts(alerts: list[etree._Element], question: Question) -> Candidate:
    senders = {words_in(one.find("{*}sender")) for one in alerts}
    if len(senders) > 1:
        raise Untaken(f"it has messages of {len(senders)} senders ({', '.join(sorted(senders)[:5])}): pin each by hand")
    (sender,) = senders
    says = [f"it has CAP messages, and their sender is {sender}", "messages of any other sender are not taken"]
    return _with_certificate(_candidate("cap", sender, says=says), alerts[0], question=question)


def _of_posts(root: etree._Element, question: Question) -> Candidate:
    count = sum(1 for _ in entries(root, question.address))
    name = question.address.partition("://")[2].rstrip("/")
    name = name if len(name) <= ACCOUNT_CHARACTERS_MAX else f"{question.partner}-feed"
    says = [
        f"it is a feed with {count} {'entry' if count == 1 else 'entries'} now",
        f"it is pinned to {question.address}",
    ]
    return _with_certificate(_candidate("atom", name, says=says), root, question=question)


def _candidate(kind: str, account_id: str, *, says: list[str]) -> Candidate:
    return Candidate(kind, account_id, "", tuple(map(sentence, says)))


def _with_certificate(found: Candidate, document: etree._Element, *, question: Question) -> Candidate:
    """The candidate at its address, with the certificate that its document is signed by, and what is doubtful of it."""
    doubts, options, says = [], dict[str, str](), [*found.says]
    host = str(urlsplit(question.address).hostname)
    if not question.is_theirs(host):
        doubts.append(f"{host} is not on {question.domain}: let the partner read the address out to you")
    if prints := _fingerprints(document):
        account = _account(found.kind, found.account_id, question=question, certificate_sha256=" ".join(prints))
        try:
            signed_root(document, Source(LIVE, account, question.now))
        except Untaken as error:
            raise Rejected(f"{question.address} is signed, and the signature does not hold: {error}") from None
        options[FINGERPRINT] = " ".join(prints)
        says.append(f"it is signed, by the certificate with the SHA-256 fingerprint {options[FINGERPRINT]}")
    return Candidate(found.kind, found.account_id, question.address, tuple(says), tuple(doubts), options)


def _fingerprints(document: etree._Element) -> list[str]:
    found = []
    for one in document.iterfind(CERTIFICATE):
        try:
            certificate = x509.load_der_x509_certificate(base64.b64decode(words_in(one)))
        except (ValueError, binascii.Error):
            continue
        found.append(certificate.fingerprint(hashes.SHA256()).hex())
    return found


def _account(kind: str, account_id: str, *, question: Question, **options: str) -> PartnerAccount:
    return PartnerAccount(
        kind=kind,
        account_id=account_id,
        domain=question.domain,
        address=question.address,
        evidence=UNKNOWN,
        options=options,
    )
