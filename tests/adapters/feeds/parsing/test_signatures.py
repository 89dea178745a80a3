"""Signed messages: by the pinned certificate, whole, or not at all."""

import copy
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import methods
from signxml.signer import XMLSigner

from agents.adapters.clocks import SystemClock
from agents.adapters.feeds import cap
from agents.adapters.feeds.atom.parse import parse as parse_atom
from agents.adapters.feeds.cap.parse import parse
from agents.adapters.feeds.parsed import Parsed, Source
from agents.adapters.feeds.tools import Tools
from tests.adapters.feeds.parsing.invented import ADDRESS, CAP_12, NOW, SENDER, alert, atom, entry, outcome, source

CAP = f"{{{CAP_12}}}"


@cache
def identity(name: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """A key and its certificate; all are issued to the same subject, so that a name proves nothing."""
    del name
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ardudwy warnings")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=30))
        .not_valid_after(NOW + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def pem(name: str) -> str:
    return identity(name)[1].public_bytes(serialization.Encoding.PEM).decode()


def fingerprint(name: str) -> str:
    return identity(name)[1].fingerprint(hashes.SHA256()).hex(":").upper()


def signed(text: str, by: str = "theirs") -> etree._Element:
    key, _ = identity(by)
    signer = XMLSigner(method=methods.enveloped, signature_algorithm="ecdsa-sha256")
    return signer.sign(etree.fromstring(text.encode()), key=key, cert=pem(by))


def pinned(**options: str) -> Source:
    return source(NOW, SENDER, **options)


def read(root: etree._Element, **options: str) -> Parsed:
    return parse(etree.tostring(root), pinned(**(options or {"certificate": pem("theirs")})))


@pytest.mark.parametrize("option", [{"certificate": pem("theirs")}, {"certificate_sha256": fingerprint("theirs")}])
def test_what_the_pinned_certificate_signed_is_taken(option: dict[str, str]) -> None:
    parsed = read(signed(alert()), **option)
    assert (outcome(parsed), parsed.faults) == ([("new", "flood-1")], ())


def test_two_certificates_are_pinned_while_one_replaces_the_other() -> None:
    both = {"certificate": pem("old") + pem("theirs")}
    assert outcome(read(signed(alert()), **both)) == [("new", "flood-1")]


def changed(root: etree._Element) -> etree._Element:
    root.find(f".//{CAP}headline").text = "Nothing is wrong"
    return root


def wrapped(root: etree._Element) -> etree._Element:
    """A forged message around the signed one, with its signature."""
    forged = etree.fromstring(alert(identifier="forged").encode())
    forged.append(root)
    return forged


def wrapped_with_signature_outside(root: etree._Element) -> etree._Element:
    forged = etree.fromstring(alert(identifier="forged").encode())
    signature = copy.deepcopy(root[-1])
    forged.append(signature)
    signature.append(root)
    return forged


def added(root: etree._Element) -> etree._Element:
    root.append(copy.deepcopy(root.find(f"{CAP}info")))
    return root


def signed_twice(root: etree._Element) -> etree._Element:
    root.append(copy.deepcopy(root[-1]))
    return root


def hollow(root: etree._Element) -> etree._Element:
    root[-1].clear()
    return root


SPOILT = (changed, wrapped, wrapped_with_signature_outside, added, signed_twice, hollow)


@pytest.mark.parametrize("spoil", SPOILT)
def test_what_is_not_exactly_what_was_signed_is_refused(spoil: object) -> None:
    assert callable(spoil)
    parsed = read(spoil(signed(alert())))
    assert parsed.items == ()
    assert "ask the partner by telephone" in parsed.faults[0]


@pytest.mark.parametrize("option", [{"certificate": pem("theirs")}, {"certificate_sha256": fingerprint("theirs")}])
def test_a_signature_of_a_certificate_of_the_same_name_is_refused(option: dict[str, str]) -> None:
    parsed = read(signed(alert(), by="another"), **option)
    assert parsed.items == ()
    assert "not signed with the certificate that the register pins" in parsed.faults[0]


def test_an_unsigned_message_is_refused_also_where_it_takes_back() -> None:
    for text in (alert(), alert(msgType="Cancel", references="a")):
        parsed = read(etree.fromstring(text.encode()))
        assert parsed.items == ()
        assert "no signature" in parsed.faults[0]


def test_a_certificate_that_has_run_out_counts_no_more() -> None:
    late = replace(source(certificate=pem("theirs")), now=NOW + timedelta(days=31))
    parsed = parse(etree.tostring(signed(alert())), late)
    assert parsed.items == ()
    assert "not signed with the certificate" in parsed.faults[0]


def test_without_a_pin_the_address_is_what_the_account_is_known_by() -> None:
    parsed = parse(etree.tostring(changed(signed(alert()))), source())
    assert outcome(parsed) == [("new", "flood-1")]


def test_of_an_unsigned_feed_only_the_signed_messages_and_links_to_others_are_taken() -> None:
    inside = etree.tostring(signed(alert()), encoding="unicode")
    feed = atom(
        entry("urn:plain"),
        entry("urn:signed", summary=None, rest=f'<content type="application/cap+xml">{inside}</content>'),
        entry("urn:forged", summary=None, rest=f'<content type="text/xml">{alert(identifier="forged")}</content>'),
        entry("urn:there", rest=f'<link type="application/cap+xml" href="{ADDRESS}/1"/>'),
    )
    parsed = parse_atom(feed.encode(), source(certificate=pem("theirs")))
    assert outcome(parsed) == [("new", "flood-1")]
    assert [one.address for one in parsed.links] == [f"{ADDRESS}/1"]
    assert len(parsed.faults) == 2


def test_of_a_signed_feed_every_entry_is_taken() -> None:
    feed = etree.tostring(signed(atom(entry("urn:plain"))))
    assert outcome(parse_atom(feed, source(certificate=pem("theirs")))) == [("new", "urn:plain")]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"certificate": "none"}, "holds no certificate"),
        ({"certificate_sha256": "ab:cd"}, "64 hexadecimal digits"),
        ({"time_zone": "Europe/Harlech"}, "is no time zone"),
        ({"certificat": "none"}, "no option certificat"),
    ],
)
def test_an_option_that_is_wrong_is_found_before_anything_is_read(options: dict[str, str], said: str) -> None:
    tools = Tools("live", SystemClock(), dict[str, str]().get, chance=lambda: 0.5)
    with pytest.raises(ValueError, match=said):
        cap.CAP.make(pinned(**options).account, tools)
    with pytest.raises(ValueError, match=said):
        cap.CAP.checked(pinned(**options).account)
