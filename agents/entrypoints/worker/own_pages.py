"""The trust's own page: where it lies, why it cannot be used, and who is told."""

from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from agents.adapters.channels.site.pages import Pages
from agents.adapters.registers import Fault, data_folder, report

PAGES = "pages"
logger = structlog.get_logger(__name__)


def pages_of(data: Path) -> Pages:
    """The service's own page and, in the folder `pages` of the trust's data, the trust's."""
    service, own = data_folder() / PAGES, data / PAGES
    return Pages(service, own if own.is_dir() and own.resolve() != service.resolve() else None)


def page_faults(data: Path) -> list[Fault]:
    """Why the trust's own page cannot be used, so that the service's is shown."""
    return [Fault(f"{PAGES}/{one.file}", one.line, str(one)) for one in pages_of(data).faults()]


def page_look(data: Path) -> Callable[[], Sequence[str]]:
    """A function that answers with file and line of each such fault, and logs them when the files have changed."""
    known: tuple[object, Sequence[str]] = (None, ())

    def look() -> Sequence[str]:
        nonlocal known
        stamp = [(one.name, one.lstat().st_mtime_ns, one.lstat().st_size) for one in sorted((data / PAGES).glob("*"))]
        if stamp != known[0]:
            faults = page_faults(data)
            if faults:
                logger.error("the trust's own page cannot be used, the service's is shown", faults=report(faults))
            known = (stamp, [f"{one.file}:{one.line}" for one in faults])
        return known[1]

    return look
