"""The whole public folder as a function of what was published: same dispatches, same bytes in every file."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from agents.adapters.channels.site.atom import FEED, INDEX, alert_file, feed, index
from agents.adapters.channels.site.cap import alerts, document
from agents.adapters.channels.site.page import page
from agents.adapters.channels.site.posts import posts
from agents.adapters.channels.site.settings import SiteSettings
from agents.adapters.channels.site.words import load_words
from streams.values import is_drill
from streams.words.delivery import Dispatch

PAGE = "index.html"
Render = Callable[[Collection[Dispatch]], Mapping[str, bytes]]


def renderer(settings: SiteSettings, pages: Path) -> Render:
    """Answer with a function from all dispatches, at least one, to content by file name, in the order of writing.

    The page comes first, since people wait for it. Each alert comes before the index that names it.
    """
    words = load_words(pages)

    def render(dispatches: Collection[Dispatch]) -> Mapping[str, bytes]:
        standing = posts(dispatches)
        withdrawn = {post.dispatch.key for post in standing if post.withdrawn_at}
        shown = standing[: settings.shown_max]
        listed = [alert for alert in alerts([*dispatches]) if alert.dispatch.key not in withdrawn]
        newest = listed[::-1][: settings.shown_max]
        drill = is_drill(shown[0].dispatch.mode)
        return {
            PAGE: page(shown, settings, words=words, pages=pages),
            FEED: feed(shown, settings, words=words),
            **{alert_file(alert): document(alert, settings, words=words) for alert in listed},
            INDEX: index(newest, settings, updated=shown[0].updated_at, drill=drill),
        }

    return render
