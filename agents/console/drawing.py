"""Drawing: pages from templates. The components are those of the NHS design system, by the library made for it."""

import hashlib
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache, partial
from pathlib import Path
from typing import Any

import nhsuk_frontend_jinja
from jinja2 import ChainableUndefined, Environment, FileSystemLoader, PackageLoader, StrictUndefined, meta, nodes
from markupsafe import Markup
from pydantic import ValidationError

from agents.runtime.views.console_words import console_folder, console_says, in_english
from streams.codec import first_fault, told_fault
from streams.decisions.sign_off.links import path_to
from streams.moments import near_in
from streams.telling.names import name_of

ESCAPING = partial(Environment, autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False)
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript"}
COMPONENT = "nhs"
"""How a page calls what draws a component: `nhs('button', text=…)`."""
COMPONENTS_KEPT, KEPT_LENGTH_MAX = 1_000, 4_000
"""So many drawn components are kept, none longer than this: at most 4 MB of text."""


def misfit_of(error: ValidationError) -> Markup:
    """The first thing that is wrong with what was typed."""
    return in_english(first_fault(error))


def beside(error: ValidationError, field_of: Callable[[Sequence[str | int]], str]) -> Mapping[str, Markup]:
    """All that is wrong with what was typed, by the field of the form for that part of the order."""
    return {field_of(one["loc"]): in_english(told_fault(one)) for one in error.errors()}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file that every browser gets as it is."""

    content: bytes
    media_type: str
    digest: str


class Drawing:
    """Draws the console's templates in one of its languages; everything given to them is escaped."""

    def __init__(self) -> None:
        folder = console_folder()
        self.static = {
            one.name: _static(one) for one in sorted((folder / "static").iterdir()) if one.suffix in MEDIA_TYPES
        }
        self._pages = _pages(folder)

    def draw(self, name: str, /, *, language: str, zone: tzinfo, now: datetime, **given: Any) -> str:  # noqa: ANN401 - each template says what it needs
        """A page, or a part of one."""
        words = console_says(language, is_live=given.get("is_live", True))

        def moment(at: datetime) -> str:
            return words.term("moment", near_in(zone, at, now=now))

        return self._pages.get_template(name).render(t=words, language=language, moment=moment, now=now, **given)


def _static(file: Path) -> StaticFile:
    content = file.read_bytes()
    return StaticFile(content, MEDIA_TYPES[file.suffix], hashlib.sha256(content).hexdigest()[:32])


@cache
def _pages(folder: Path) -> Environment:
    """The templates of a folder, compiled with every component that they call: no visit of a night waits for that."""
    pages = ESCAPING(loader=(loader := FileSystemLoader(folder)), undefined=StrictUndefined)
    pages.globals |= {COMPONENT: Components().draw, "path_to": path_to, "name_of": name_of}
    for name in pages.list_templates(extensions=["j2"]):
        pages.get_template(name)
        source, _, _ = loader.get_source(pages, name)
        for component in _called_in(pages.parse(source)):
            _compile(_file_of(component))
    return pages


@cache
def _compile(file: str) -> None:
    """Compile a template of the library with all those that it imports."""
    library = _library()
    library.get_template(file)
    source, _, _ = library.loader.get_source(library, file) if library.loader else ("", None, None)
    for one in meta.find_referenced_templates(library.parse(source)):
        if one:
            _compile(one)


def _called_in(page: nodes.Template) -> Iterator[str]:
    """The components that a page calls, by name."""
    for call in page.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == COMPONENT:
            yield call.args[0].as_const()


@cache
def _library() -> Environment:
    """The library's own templates ask for much that is not given; ours must not."""
    return ESCAPING(loader=PackageLoader(nhsuk_frontend_jinja.__name__), undefined=ChainableUndefined)


def _file_of(component: str) -> str:
    return f"nhsuk/components/{component}/template.jinja"


class Components:
    """Draws components, and keeps the last ones: how one looks follows from what it is given, and pages repeat most."""

    def __init__(self) -> None:
        self._drawn: dict[Hashable, Markup] = {}

    def draw(self, name: str, /, **params: Any) -> Markup:  # noqa: ANN401 - as the design system describes them
        """One component, with what it is given escaped."""
        key = name, _key_of(params)
        if key not in self._drawn:
            text = _library().get_template(_file_of(name)).render(params=params)
            drawn = Markup(text)  # noqa: S704 - the library escapes what it is given
            if len(drawn) > KEPT_LENGTH_MAX:
                return drawn
            while len(self._drawn) >= COMPONENTS_KEPT:
                self._drawn.pop(next(iter(self._drawn)))
            self._drawn[key] = drawn
        return self._drawn[key]


def _key_of(value: Any) -> Hashable:  # noqa: ANN401 - whatever a page gives to a component
    """The same for the same content alone: text that is escaped already differs from text that is not, 1 from True."""
    match value:
        case Mapping():
            return tuple((name, _key_of(one)) for name, one in value.items())
        case list() | tuple():
            return tuple(map(_key_of, value))
        case _:
            return type(value), value
