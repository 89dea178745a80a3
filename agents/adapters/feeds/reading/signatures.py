"""Signed XML: by a certificate that the register pins to the account. Only what was signed is read.

`certificate` of the account's options is one certificate or more, as PEM; `certificate_sha256` their fingerprints, for
a partner that sends its certificate along. With either, what is not signed by one of them is refused.
"""

import base64
import binascii
import copy
import re

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from lxml import etree
from signxml.verifier import SignatureConfiguration, XMLVerifier

from agents.adapters.feeds.parsed import Source
from agents.adapters.feeds.reading.documents import Untaken, words_in
from streams.words.register.partners import PartnerAccount

CERTIFICATE, FINGERPRINT = OPTIONS = ("certificate", "certificate_sha256")
CERTIFICATES_MAX = 5

_SIGNS = "http://www.w3.org/2000/09/xmldsig#"
_SIGNATURE = f"{{{_SIGNS}}}Signature"
_ASK = "ask the partner by telephone before anybody shares it"


def must_be_signed(account: PartnerAccount) -> bool:
    """Whether the register pins a certificate to this account."""
    return any(account.options.get(name) for name in OPTIONS)


def pins_fit(account: PartnerAccount) -> None:
    """Raise `ValueError` with a sentence if a pinned certificate, or fingerprint, is none."""
    _pins(account)
    _fingerprints(account)


def signed_root(root: etree._Element, source: Source) -> etree._Element:
    """What was signed of this document, as its root; the document itself for an account without a pinned certificate.

    `Untaken` if it is not signed by what is pinned, or if it holds anything beside what was signed.
    """
    if not must_be_signed(source.account):
        return root
    found = root.findall(_SIGNATURE)
    if len(found) != 1 or len(list(root.iter(_SIGNATURE))) != 1:
        raise Untaken(f"it has {'no' if not found else 'more than one'} signature of its own: {_ASK}")
    reasons = []
    for certificate in _candidates(found[0], source.account):
        try:
            signed = _verify(root, certificate, source)
        except Exception as error:  # noqa: BLE001 - a signature over which the library stumbles is none
            reasons.append(str(error))
            continue
        if _bare(signed) != _bare(root):
            raise Untaken(f"it holds more than what was signed: {_ASK}")
        return signed
    why = f" ({reasons[0][:200]})" if reasons else ""
    raise Untaken(f"it is not signed with the certificate that the register pins to this account{why}: {_ASK}")


def _verify(root: etree._Element, certificate: x509.Certificate, source: Source) -> etree._Element:
    config = SignatureConfiguration(location="./", verification_time=source.now)
    result = XMLVerifier().verify(etree.tostring(root, with_tail=False), x509_cert=certificate, expect_config=config)
    if isinstance(result, list) or result.signed_xml is None:
        raise Untaken("what was signed is no document")
    return result.signed_xml


def _bare(root: etree._Element) -> bytes:
    """The document without its signature and without comments, in one form."""
    bare = copy.deepcopy(root)
    for one in bare.findall(_SIGNATURE):
        before, tail = one.getprevious(), one.tail or ""
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            bare.text = (bare.text or "") + tail
        bare.remove(one)
    return bytes(etree.tostring(bare, method="c14n", exclusive=True, with_comments=False, with_tail=False))


def _candidates(signature: etree._Element, account: PartnerAccount) -> list[x509.Certificate]:
    """The pinned certificates, and of those that came along the ones whose fingerprint is pinned."""
    pinned, prints = _pins(account), _fingerprints(account)
    for one in list(signature.iter(f"{{{_SIGNS}}}X509Certificate"))[:CERTIFICATES_MAX]:
        try:
            came = x509.load_der_x509_certificate(base64.b64decode(words_in(one)))
        except (ValueError, binascii.Error):
            continue
        if came.fingerprint(hashes.SHA256()).hex() in prints:
            pinned.append(came)
    return pinned


def _pins(account: PartnerAccount) -> list[x509.Certificate]:
    written = account.options.get(CERTIFICATE, "")
    if not written:
        return []
    try:
        return x509.load_pem_x509_certificates(written.encode())[:CERTIFICATES_MAX]
    except ValueError:
        raise Untaken(f"the option {CERTIFICATE} holds no certificate: write it as PEM") from None


def _fingerprints(account: PartnerAccount) -> frozenset[str]:
    written = account.options.get(FINGERPRINT, "").replace(":", "").casefold()
    prints = frozenset(re.split(r"[\s,]+", written.strip())) - {""}
    if any(not re.fullmatch("[0-9a-f]{64}", one) for one in prints):
        raise Untaken(f"the option {FINGERPRINT} holds no SHA-256 fingerprint: write its 64 hexadecimal digits")
    return prints
