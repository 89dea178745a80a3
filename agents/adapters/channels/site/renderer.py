"""The whole public folder as a function of what was published: same dispatches, same bytes in every file."""

from collections.abc import Callable, Collection, Mapping

from agents.adapters.channels.site import banner
from agents.adapters.channels.site.atom import FEED, INDEX, alert_file, feed, index
from agents.adapters.channels.site.cap import alerts, document
from agents.adapters.channels.site.pages import Pages
from agents.adapters.channels.site.posts import Published, on_page, posts
from agents.adapters.channels.site.settings import SiteSettings
from streams.values import is_drill

PAGE = "index.html"
Render = Callable[[Collection[Published]], Mapping[str, bytes]]


def renderer(settings: SiteSettings, pages: Pages) -> Render:
    """Answer with a function from all that was published, at least one, to content by file name.

    The files come in the order of writing: the page first, since people wait for it; each alert before its index.
    """

    def render(published: Collection[Published]) -> Mapping[str, bytes]:
        words = pages.words()
        standing = posts(published)
        withdrawn = {post.dispatch.key for post in standing if post.withdrawn_at}
        shown = on_page(standing, shown_max=settings.shown_max)
        listed = [alert for alert in alerts([*published]) if alert.dispatch.key not in withdrawn]
        newest = listed[::-1][: settings.shown_max]
        drill = is_drill(shown[0].dispatch.mode)
        word = None if drill else banner.standing(standing)
        banners = {
            banner.DATA: banner.data(word, settings, words=words),
            banner.FRAGMENT: banner.fragment(word, settings, words=words),
        }
        return {
            PAGE: pages.render(shown, settings, words=words),
            **({} if drill else banners),
            FEED: feed(shown, settings, words=words),
            **{alert_file(alert): document(alert, settings, words=words) for alert in listed},
            INDEX: index(newest, settings, updated=shown[0].updated_at, drill=drill),
        }

    return render
