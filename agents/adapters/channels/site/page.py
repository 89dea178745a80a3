"""The page for people: one HTML file, the newest word first, no script and nothing loaded from elsewhere."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from agents.adapters.channels.site.posts import SitePost, anchor, latest, promise
from agents.adapters.channels.site.settings import SiteSettings
from agents.adapters.channels.site.words import FALLBACK, Words, spoken, words_for
from agents.adapters.languages import tag_of
from streams.decisions.wording.shown.renderings import languages_of
from streams.values import is_drill

TEMPLATE = "site.html.j2"


def page(shown: Sequence[SitePost], settings: SiteSettings, *, words: Words, pages: Path) -> bytes:
    """Render the posts, which are newest first and at least one."""
    environment = Environment(
        loader=FileSystemLoader(pages),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["spoken"] = partial(spoken, zone=ZoneInfo(settings.timezone))
    languages = settings.order()
    newest = latest(shown)
    earlier = [post for post in shown if post not in newest]
    return (
        environment.get_template(TEMPLATE)
        .render(
            site=settings,
            drill=is_drill(shown[0].dispatch.mode),
            languages=languages,
            words={language: words_for(words, language) for language in languages},
            groups=[
                (
                    "latest",
                    [_view(post, languages, words) | {"next_update_at": promise(post, shown)} for post in newest],
                ),
                ("earlier", [_view(post, languages, words) | {"next_update_at": None} for post in earlier]),
            ],
        )
        .encode()
    )


def _view(post: SitePost, languages: Sequence[str], words: Words) -> dict[str, object]:
    message = post.dispatch.message
    return {
        "anchor": anchor(post.dispatch),
        "at": post.at,
        "withdrawn_at": post.withdrawn_at,
        "corrected_at": post.corrected_at,
        "credit": message.credit,
        "picture": post.picture,
        "link": _link(message.credit.url) if message.credit else None,
        "parts": [_part(post, language, words) for language in languages_of(message, languages)],
    }


def _part(post: SitePost, language: str, words: Words) -> dict[str, object]:
    labels, message = words_for(words, language), post.dispatch.message
    return {
        "language": tag_of(language),
        "labels": language if language in words else FALLBACK,
        "words": labels,
        "title": labels.title(message, language),
        "alternative_text": message.picture.alternative_text.get(language, "") if message.picture else "",
        "lines": [line for line in message.text_for(language).split("\n") if line.strip()],
    }


def _link(url: str | None) -> str | None:
    """Only an http or https address becomes a link: other kinds could run code in the reader's browser."""
    return url if url and url.startswith(("https://", "http://")) and not set(url) & set(" \n\"'<>") else None
