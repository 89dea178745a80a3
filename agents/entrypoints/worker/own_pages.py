"""The trust's own page: where it lies, why it cannot be used, and who is told. Where the pages of a practice lie."""

from collections.abc import Callable, Sequence
from pathlib import Path

import structlog
from yarl import URL

from agents.adapters.channels.site.pages import Pages
from agents.adapters.registers import Fault, data_folder, report
from infra.addresses import ALONE, path_of, scheme_of

PAGES = "pages"
PRACTICE = Path("var/practice")
"""Where a cluster, which has no file of its own, keeps the pages of a practice."""
logger = structlog.get_logger(__name__)


def pages_of(data: Path) -> Pages:
    """The service's own page and, in the folder `pages` of the trust's data, the trust's."""
    service, own = data_folder() / PAGES, data / PAGES
    return Pages(service, own if own.is_dir() and own.resolve() != service.resolve() else None)


def practice_folder(log: str, mode: str) -> Path:
    """Where the pages of a practice are: beside an embedded log, so that another log has pages of its own."""
    if scheme_of(log) != ALONE:
        return PRACTICE / mode
    file = path_of(URL(log))
    return file.with_name(f"{file.name}-practice")


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
