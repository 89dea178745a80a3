"""XML as we write it: UTF-8, elements without text left out. Nothing foreign is ever parsed here."""

from collections.abc import Mapping
from xml.etree import ElementTree as ET


def add(parent: ET.Element, texts: Mapping[str, str | None]) -> None:
    """Append an element for each name, in order, with its text escaped; without text, no element."""
    for name, text in texts.items():
        if text and text.strip():
            ET.SubElement(parent, name).text = text


def written(root: ET.Element) -> bytes:
    """The document with its declaration; the same tree gives the same bytes."""
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
