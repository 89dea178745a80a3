"""The site as a channel: it records a dispatch, renders the whole site again, and puts the files in place one by one.

The site follows from the record alone. So a crash at any step leaves whole files, and publishing the same dispatch
again gives the same result: publishing is idempotent by key.
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from agents.adapters.admission import admit
from agents.adapters.channels.site import record
from agents.adapters.channels.site.disk import STAGED, Disk, alone_in, make_public
from agents.adapters.channels.site.pages import Pages
from agents.adapters.channels.site.posts import Published, anchor, lasting_id, posts
from agents.adapters.channels.site.renderer import PAGE, renderer
from agents.adapters.channels.site.settings import settings_of
from agents.adapters.clocks import SystemClock
from agents.adapters.pictures import Pictures, no_pictures
from agents.ports import Clock, NotSent, Rejected
from streams.values import sentence
from streams.words.delivery import Dispatch, Look, Receipt, Sight
from streams.words.register.entries import ChannelEntry

ALERTS, PICTURES = "cap", "pictures"
PUBLIC = "public"
"""The folder that a web server shows."""
LOST = "posts are missing from the site's record: the worker puts them back from the facts first"


class SiteChannel:
    """Publishes into `folder`: `public/` is for the web server, `record/` is not.

    The options of the entry are those of `SiteSettings`; `pages` says where the page's template and words are.
    `ValueError` if they are wrong. The first dispatch fixes the folder's mode for ever.
    """

    def __init__(  # budget: an entry, a mode, and what it writes with
        self,
        entry: ChannelEntry,
        mode: str,
        *,
        folder: Path,
        pages: Pages,
        disk: Disk | None = None,
        clock: Clock | None = None,
        pictures: Pictures = no_pictures,
    ) -> None:
        self._mode, self._folder, self._disk, self._clock = mode, folder, disk or Disk(), clock or SystemClock()
        self._public, self._record = folder / PUBLIC, folder / record.RECORD
        self._settings = settings_of(entry)
        self._render = renderer(self._settings, pages)
        self._pictures = pictures
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

    async def restore(self, confirmed: Sequence[tuple[Dispatch, datetime]]) -> int:
        return await asyncio.to_thread(self._restore, confirmed)

    async def look(self, dispatch: Dispatch) -> Look:
        return await asyncio.to_thread(self._look, dispatch)

    async def check(self) -> str:
        """Whether the record can be read, nothing is missing from it, and the folder can be written."""
        return await asyncio.to_thread(self._check)

    def _publish(self, dispatch: Dispatch) -> Receipt:
        with self._alone():
            return self._receipt(self._put(dispatch))

    def _put(self, dispatch: Dispatch) -> Published:
        with _surely_not_public():
            known = record.read(self._record)
            if self._lost():
                raise NotSent(LOST)
            recorded = _fitting(dispatch, known, now=self._clock.now())
        place = record.place(self._record, dispatch)
        if (picture := dispatch.message.picture) and not (self._public / PICTURES / picture.public_name).exists():
            # The words were approved with it, so they do not go out without it.
            self._pictures(picture)
        try:
            self._show({**known, dispatch.key: recorded}, new=[] if dispatch.key in known else [recorded])
        except OSError as error:
            if place.exists():
                raise
            raise NotSent(_sentence(error)) from error
        return recorded

    def _show(self, known: Mapping[str, Published], *, new: Sequence[Published]) -> None:
        """Record what is new, then put the whole site in its place."""
        files = self._render([*known.values()])
        recorded = {record.place(self._record, one.dispatch): record.write(one) for one in new}
        pictures = self._wanted(known)
        places = {**recorded, **pictures, **{self._public / name: content for name, content in files.items()}}
        self._write({path: content for path, content in places.items() if not _holds(path, content)})
        self._seen |= {anchor(one.dispatch) for one in known.values()}
        self._tidy(files, pictures)

    def _wanted(self, known: Mapping[str, Published]) -> Mapping[Path, bytes]:
        """The pictures of what the page shows; of one that is lost the page has the alternative text."""
        found: dict[Path, bytes] = {}
        for picture in (post.picture for post in posts([*known.values()])):
            if picture is None:
                continue
            place = self._public / PICTURES / picture.public_name
            with suppress(NotSent):
                found[place] = place.read_bytes() if place.exists() else self._pictures(picture)
        return found

    def _lost(self) -> bool:
        """Whether a post is not in the record that the page shows, or that this process has seen in the record."""
        return bool((self._seen | record.shown(self._public / PAGE)) - record.names(self._record))

    def _lacks(self) -> bool:
        with self._alone():
            return self._lost() or not record.names(self._record)

    def _restore(self, confirmed: Sequence[tuple[Dispatch, datetime]]) -> int:
        with self._alone():
            known = record.read(self._record)
            shown = [Published(at=max(at, one.authorisation.at), dispatch=one) for one, at in confirmed]
            new = {one.dispatch.key: one for one in shown if one.dispatch.key not in known}
            both = {**known, **new}
            if both:
                self._show(both, new=[*new.values()])
            # What neither the record nor the facts have, nothing can bring back: the page goes on without it.
            self._seen = {anchor(one.dispatch) for one in both.values()}
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

    def _tidy(self, files: Mapping[str, bytes], pictures: Collection[Path]) -> None:
        """Remove the alerts and pictures of withdrawn messages, and files that a crash left staged."""
        wanted = {*pictures, *(self._public / name for name in files)}
        shown = [*(self._public / ALERTS).glob("[!.]*.xml"), *(self._public / PICTURES).glob("[!.]*")]
        for path in sorted(shown):
            if path not in wanted:
                self._disk.remove(path)
        for folder in (self._record, self._public, self._public / ALERTS, self._public / PICTURES):
            for path in sorted(folder.glob(f".*{STAGED}")):
                self._disk.remove(path)

    def _check(self) -> str:
        with self._alone(), _surely_not_public():
            known = record.read(self._record)
            if self._lost():
                raise NotSent(LOST)
            self._disk.remove(self._disk.stage(self._public / PAGE, b""))
        return f"the folder can be written; the page shows {len(known)} posts"

    def _look(self, dispatch: Dispatch) -> Look:
        with self._alone(), _surely_not_public():
            known = record.read(self._record)
            if self._lost():
                raise NotSent(LOST)
            if dispatch.key not in known:
                return Look(sight=Sight.ABSENT)
            files = self._render([*known.values()])
            picture = dispatch.message.picture
            is_lost = picture is not None and not (self._public / PICTURES / picture.public_name).exists()
            if not is_lost and all(_holds(self._public / name, content) for name, content in files.items()):
                return Look(sight=Sight.SHOWN, receipt=self._receipt(known[dispatch.key]))
        raise NotSent("it is recorded, and not all of the site shows it yet: send it again")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with ExitStack() as held:
            with _surely_not_public():
                make_public(self._public / ALERTS)
                make_public(self._public / PICTURES)
                self._record.mkdir(mode=0o700, exist_ok=True)
                held.enter_context(alone_in(self._folder))
            yield

    def _receipt(self, published: Published) -> Receipt:
        """The post on the page; its reference is the identifier of the feed's entry about it."""
        address = f"{self._settings.url}#{anchor(published.dispatch)}"
        words, name = "shown on the page and in its feed", lasting_id(published.dispatch.key)
        return Receipt(reference=name, url=address, at=published.at, words=words)


def _fitting(dispatch: Dispatch, known: Mapping[str, Published], *, now: datetime) -> Published:
    """What is recorded of this key, else this one; `Rejected` for another mode, or other words under this key."""
    for mode in {other.dispatch.mode for other in known.values()} - {dispatch.mode}:
        raise Rejected(f"the site's folder belongs to mode {mode}: give mode {dispatch.mode} its own folder")
    new = Published(at=max(now, dispatch.authorisation.at), dispatch=dispatch)
    recorded = known.get(dispatch.key, new)
    if recorded.dispatch.message.content() != dispatch.message.content():
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
