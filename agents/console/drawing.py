"""Drawing: pages from templates. The components are those of the NHS design system, by the library made for it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

import nhsuk_frontend_jinja
from jinja2 import ChainableUndefined, Environment, FileSystemLoader, PackageLoader, StrictUndefined
from markupsafe import Markup

from streams.moments import PLAIN_WITHIN, told_in

LANGUAGES = ("en", "cy")
ESCAPING = partial(Environment, autoescape=True, trim_blocks=True, lstrip_blocks=True)
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript"}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file that every browser gets as it is."""

    content: bytes
    media_type: str
    digest: str


class Drawing:
    """Draws the templates of a folder in one of the languages of the console; everything given to them is escaped."""

    def __init__(self, folder: Path) -> None:
        self._words: Mapping[str, Mapping[str, str]] = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        self.static = {
            one.name: _static(one) for one in sorted((folder / "static").iterdir()) if one.suffix in MEDIA_TYPES
        }
        # The library's own templates ask for much that is not given; ours must not.
        library = ESCAPING(loader=PackageLoader(nhsuk_frontend_jinja.__name__), undefined=ChainableUndefined)
        self._pages = ESCAPING(loader=FileSystemLoader(folder), undefined=StrictUndefined)
        self._pages.globals["nhs"] = _components(library)

    def says(self, language: str) -> Callable[..., str]:
        """The sentences of the console in this language, by name, with their gaps filled."""
        words = self._words[language]

        def say(name: str, /, **gaps: object) -> str:
            return words[name].format(**gaps)

        return say

    def draw(self, name: str, /, *, language: str, zone: tzinfo, now: datetime, **given: Any) -> str:  # noqa: ANN401 - each template says what it needs
        """A page, or a part of one."""
        words = self.says(language)

        def moment(at: datetime) -> str:
            return f"{at.astimezone(zone):%H:%M}" if abs(at - now) < PLAIN_WITHIN else told_in(zone, at)

        return self._pages.get_template(name).render(t=words, language=language, moment=moment, now=now, **given)


def _static(file: Path) -> StaticFile:
    content = file.read_bytes()
    return StaticFile(content, MEDIA_TYPES[file.suffix], hashlib.sha256(content).hexdigest()[:32])


def _components(library: Environment) -> Callable[..., Markup]:
    """How a template draws a component: `nhs('button', text=…)`."""

    def draw(name: str, /, **params: Any) -> Markup:  # noqa: ANN401 - as the design system describes them
        component = library.get_template(f"nhsuk/components/{name}/template.jinja")
        return Markup(component.render(params=params))  # noqa: S704 - the library escapes what it is given

    return draw
