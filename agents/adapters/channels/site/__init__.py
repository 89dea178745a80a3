"""The trust's own emergency page: static files that any web server shows, with an Atom feed and CAP alerts."""

from agents.adapters.channels.site.channel import SiteChannel
from agents.adapters.channels.site.disk import Disk

__all__ = ["Disk", "SiteChannel"]
