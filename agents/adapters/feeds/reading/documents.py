"""What a source sent, as a document: XML and JSON are read closed, bounded in size and depth, or refused with a reason.

XML: no document type, so no entities; nothing is fetched. What is not well-formed is refused, not mended.
"""

import codecs
import json
import re
from typing import Any

from lxml import etree

BYTES_MAX = 4 * 1024 * 1024
DEPTH_MAX = 100
TAGS_MAX = 200_000
ENCODINGS = {"utf-8", "ascii", "utf-16", *(f"iso8859-{part}" for part in range(1, 17))}
ENCODINGS |= {f"cp{page}" for page in range(1250, 1259)}
"""What is read; names as Python has them. Others are refused, so that we and the parser read the same signs."""

_DECLARED = re.compile(r"\s*<\?xml\b[^>]{0,200}?\?>")
_ENCODING = re.compile(rb"""\s*<\?xml\b[^>]{0,150}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_PASSED_OVER = re.compile(r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_DOCTYPE = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_PAGE = re.compile(r"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BARE_UTF_16 = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))


class Untaken(ValueError):
    """It is not taken; the message says what, why, and what to do."""


def read_xml(body: bytes) -> etree._Element:
    """The root of an XML document; `Untaken` says why it is none that we read.

    The text of an element is `words_in`: a comment in the midst of it would cut `.text` short.
    """
    if len(body) > BYTES_MAX:
        raise Untaken(f"the document has {len(body)} bytes, and at most {BYTES_MAX} are read: ask for a shorter feed")
    text = _text(body)
    if _PAGE.match(text):
        raise Untaken("a web page came in place of the feed: see whether the address has moved or asks to sign in")
    if _DOCTYPE.search(_PASSED_OVER.sub("", text)):
        raise Untaken("the document has a DOCTYPE, which can hide or fetch things: ask the partner to leave it out")
    if text.count("<") > TAGS_MAX:
        raise Untaken(f"the document has more than {TAGS_MAX} tags: ask for a shorter feed")
    root = _parse(_DECLARED.sub(_line_ends, text, count=1))
    if _deeper_than(root, DEPTH_MAX):
        raise Untaken(f"the document has elements more than {DEPTH_MAX} deep: no feed needs that")
    return root


def words_in(element: etree._Element | None) -> str:
    """All text in an element, whatever comments part it, without spaces around it; "" of none."""
    return "" if element is None else str(element.xpath("string()")).strip()


def read_json(body: bytes) -> Any:  # noqa: ANN401 - any JSON; what of it is used is looked at by its kind
    """What a JSON document says; `Untaken` says why it is none that we read."""
    if len(body) > BYTES_MAX:
        raise Untaken(f"the document has {len(body)} bytes, and at most {BYTES_MAX} are read: ask for less")
    try:
        return json.loads(body)
    except RecursionError:
        raise Untaken("the document is nested too deeply: no feed needs that") from None
    except ValueError as error:
        if _PAGE.match(body[:4_000].decode("latin-1")):
            raise Untaken(
                "a web page came in place of the feed: see whether the address has moved or asks to sign in"
            ) from None
        raise Untaken(f"the document is no well-formed JSON ({error}): ask the partner, or wait for the next") from None


def _text(body: bytes) -> str:
    encoding = _encoding(body)
    if encoding.startswith(("iso8859", "cp")) and not body.isascii() and _is_utf_8(body):
        # Some sources send UTF-8 under a declaration that they never changed; as that these signs would be nonsense.
        encoding = "utf-8"
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        raise Untaken(
            f"byte {error.start + 1} is none of {encoding}, which the document says it is written in: ask the partner"
        ) from None
    if encoding == "iso8859-1" and re.search("[\x80-\x9f]", text):
        # Latin-1 has no use for these: it is the encoding of Windows under another name, as browsers read it.
        text = body.decode("cp1252", errors="replace")
    if found := _NOT_IN_XML.search(text):
        raise Untaken(
            f"sign {found.start() + 1} of the document (U+{ord(found[0]):04X}) may not be in XML: it is spoilt"
        )
    return text


def _is_utf_8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _encoding(body: bytes) -> str:
    """By the byte order mark, else as declared, else UTF-8: the name of a codec."""
    for start, name in _MARKS + _BARE_UTF_16:
        if body.startswith(start):
            return name
    found = _ENCODING.match(body)
    declared = found[1].decode("ascii") if found else "utf-8"
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        name = ""
    if name not in ENCODINGS:
        raise Untaken(f"the document is written in “{declared}”, which is not read: ask the partner for UTF-8")
    return name


def _line_ends(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _parse(text: str) -> etree._Element:
    closed = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "surrogatepass"), parser=closed)
    except etree.XMLSyntaxError as error:
        raise Untaken(
            f"the document is no well-formed XML ({error.msg}): ask the partner, or wait for the next"
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Untaken("the document has a DOCTYPE, which can hide or fetch things: ask the partner to leave it out")
    return root


def _deeper_than(root: etree._Element, depth_max: int) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > depth_max:
            return True
    return False
