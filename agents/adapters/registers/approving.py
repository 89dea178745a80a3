"""The hash that an approval is bound to: shown to the second person, who copies it into the template."""

from collections.abc import Mapping
from pathlib import Path

from agents.adapters.registers.reading import read


def hashes(folder: Path) -> Mapping[str, str]:
    """Each template's file, and the hash of what stands in it now; a template that cannot be read is left out."""
    reading = read(folder)
    return {
        reading.place("templates", template.id).source.file: template.content_hash()
        for template in reading.register.templates.values()
    }
