"""XML as we write it: UTF-8, elements without text left out. Nothing foreign is ever parsed here."""

from xml.etree import ElementTree as ET


def add(parent: ET.Element, name: str, value: str | None) -> None:
    """Append an element with this text, escaped; none where there is no text."""
    if value and value.strip():
        ET.SubElement(parent, name).text = value


def written(root: ET.Element) -> bytes:
    """The document with its declaration; the same tree gives the same bytes."""
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
