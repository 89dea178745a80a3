"""The site as a channel: it records a dispatch, renders the whole site again, and puts the files in place one by one.

The site follows from the record alone. So a crash at any step leaves whole files, and publishing the same dispatch
again gives the same result: publishing is idempotent by key.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from agents.adapters.admission import admit
from agents.adapters.channels.site import record
from agents.adapters.channels.site.disk import STAGED, Disk, alone_in, make_public
from agents.adapters.channels.site.posts import anchor
from agents.adapters.channels.site.renderer import PAGE, renderer
from agents.adapters.channels.site.settings import settings_of
from agents.ports import NotSent, Rejected
from streams.values import sentence
from streams.words.delivery import Dispatch, Receipt
from streams.words.register.entries import ChannelEntry

ALERTS = "cap"
LOST = "posts are missing from the site's record: the worker puts them back from the facts first"


class SiteChannel:
    """Publishes into `folder`: `public/` is for the web server, `record/` is not.

    The options of the entry are those of `SiteSettings`; `pages` is the folder of the page's template and words.
    `ValueError` if they are wrong. The first dispatch fixes the folder's mode for ever.
    """

    def __init__(self, entry: ChannelEntry, mode: str, *, folder: Path, pages: Path, disk: Disk | None = None) -> None:
        self._mode, self._folder, self._disk = mode, folder, disk or Disk()
        self._public, self._record = folder / "public", folder / record.RECORD
        self._settings = settings_of(entry)
        self._render = renderer(self._settings, pages)
        self._seen: set[str] = set()

    @property
    def mode(self) -> str:
        return self._mode

    async def publish(self, dispatch: Dispatch) -> Receipt:
        """A caller that stops waiting does not stop the writing: the thread finishes, and a repeat waits for it."""
        admit(dispatch, mode=self._mode)
        return await asyncio.to_thread(self._publish, dispatch)

    async def lacks_records(self) -> bool:
        """Whether the record is empty, or lacks a post that it had."""
        return await asyncio.to_thread(self._lacks)

    async def restore(self, dispatches: Sequence[Dispatch]) -> int:
        return await asyncio.to_thread(self._restore, dispatches)

    async def find(self, dispatch: Dispatch) -> Receipt | None:
        return await asyncio.to_thread(self._find, dispatch)

    def _publish(self, dispatch: Dispatch) -> Receipt:
        with self._alone():
            self._put(dispatch)
        return self._receipt(dispatch)

    def _put(self, dispatch: Dispatch) -> None:
        with _surely_not_public():
            known = record.read(self._record)
            if self._lost():
                raise NotSent(LOST)
            recorded = _fitting(dispatch, known)
        place = record.place(self._record, dispatch)
        try:
            self._show({**known, dispatch.key: recorded}, new=[] if dispatch.key in known else [dispatch])
        except OSError as error:
            if place.exists():
                raise
            raise NotSent(_sentence(error)) from error

    def _show(self, known: Mapping[str, Dispatch], *, new: Sequence[Dispatch]) -> None:
        """Record what is new, then put the whole site in its place."""
        files = self._render([*known.values()])
        recorded = {record.place(self._record, one): record.write(one) for one in new}
        places = {**recorded, **{self._public / name: content for name, content in files.items()}}
        self._write({path: content for path, content in places.items() if not _holds(path, content)})
        self._seen |= {anchor(one) for one in known.values()}
        self._tidy(files)

    def _lost(self) -> bool:
        """Whether a post is not in the record that the page shows, or that this process has seen in the record."""
        return bool((self._seen | record.shown(self._public / PAGE)) - record.names(self._record))

    def _lacks(self) -> bool:
        with self._alone():
            return self._lost() or not record.names(self._record)

    def _restore(self, dispatches: Sequence[Dispatch]) -> int:
        with self._alone():
            known = record.read(self._record)
            new = {one.key: one for one in dispatches if one.key not in known}
            both = {**known, **new}
            if both:
                self._show(both, new=[*new.values()])
            # What neither the record nor the facts have, nothing can bring back: the page goes on without it.
            self._seen = {anchor(one) for one in both.values()}
        return len(new)

    def _write(self, places: Mapping[Path, bytes]) -> None:
        """Stage all files first, so that a full disk fails before anything is public; then put them in place."""
        staged: dict[Path, Path] = {}
        try:
            for place, content in places.items():
                staged[place] = self._disk.stage(place, content)
            for place, waiting in staged.items():
                self._disk.commit(waiting, place)
        except OSError:
            for place in places:
                with suppress(OSError):
                    place.with_name(f".{place.name}{STAGED}").unlink(missing_ok=True)
            raise

    def _tidy(self, files: Mapping[str, bytes]) -> None:
        """Remove the alerts of withdrawn messages, and files that a crash left staged."""
        wanted = {self._public / name for name in files}
        for path in sorted((self._public / ALERTS).glob("[!.]*.xml")):
            if path not in wanted:
                self._disk.remove(path)
        for folder in (self._record, self._public, self._public / ALERTS):
            for path in sorted(folder.glob(f".*{STAGED}")):
                self._disk.remove(path)

    def _find(self, dispatch: Dispatch) -> Receipt | None:
        with self._alone(), _surely_not_public():
            known = record.read(self._record)
            if self._lost():
                raise NotSent(LOST)
            if dispatch.key not in known:
                return None
            files = self._render([*known.values()])
            if all(_holds(self._public / name, content) for name, content in files.items()):
                return self._receipt(dispatch)
        raise NotSent("it is recorded, and not all of the site shows it yet: send it again")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with ExitStack() as held:
            with _surely_not_public():
                make_public(self._public / ALERTS)
                self._record.mkdir(mode=0o700, exist_ok=True)
                held.enter_context(alone_in(self._folder))
            yield

    def _receipt(self, dispatch: Dispatch) -> Receipt:
        """The post on the page; the feed's entry about it has the same address as its identifier."""
        address = f"{self._settings.url}#{anchor(dispatch)}"
        return Receipt(reference=address, url=address, words="shown on the page and in its feed")


def _fitting(dispatch: Dispatch, known: Mapping[str, Dispatch]) -> Dispatch:
    """The recorded dispatch of this key, else this one; `Rejected` for another mode, or other words under this key."""
    for other in known.values():
        if other.mode != dispatch.mode:
            raise Rejected(f"the site's folder belongs to mode {other.mode}: give mode {dispatch.mode} its own folder")
    recorded = known.get(dispatch.key, dispatch)
    if recorded.message.content() != dispatch.message.content():
        raise Rejected(f"{dispatch.key} was published here with other words: release them as a new message")
    return recorded


@contextmanager
def _surely_not_public() -> Iterator[None]:
    """A disk error in this block is `NotSent`, because nothing was written before it."""
    try:
        yield
    except OSError as error:
        raise NotSent(_sentence(error)) from error


def _sentence(error: OSError) -> str:
    return sentence(f"the site's folder cannot be read or written ({error.strerror or error}): free or repair its disk")


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except FileNotFoundError:
        return False
