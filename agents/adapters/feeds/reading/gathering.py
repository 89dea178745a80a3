"""Gathering: from what a source says of its posts to `Parsed`. Every kind of feed makes its posts here, in one way.

An id comes from the account, the post, its revision and its words: the same again changes nothing.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from agents.adapters.feeds.parsed import Linked, Parsed, Source
from agents.adapters.feeds.reading.documents import Untaken
from streams.values import PROSE_CHARACTERS_MAX, YEARS, derive_id, is_drill, prose, sentence
from streams.words.posts import PartnerPost
from streams.words.register.partners import PartnerAccount

TIME_ZONE = "time_zone"
"""The option of an account that says in which zone its source writes times that carry none."""
ITEMS_MAX = 1_000
NAMED_MAX = 5

_HOUR_24 = re.compile(r"T24:00(?!:00\.0*[1-9])(?!:(?!00)\d\d)")
_DRILL = re.compile(
    r"^\W*(?:(?:exercise\W+){2}|(?:ymarfer\W+){2}|\[(?:exercise|drill)\])"
    r"|\A\W*(?:exercise|drill|ymarfer)\s*(?::|[-–—]\s)"
    r"|\b(?:this is|dim ond|hwn yn) (?:only )?(?:an? )?(?:exercise|drill|ymarfer)\b|\bexercise (?:only|purposes)\b",
    re.IGNORECASE | re.MULTILINE,
)
_TEST = re.compile(
    r"^\W*(?:(?:test\W+){2}|\[test\])|\A\W*test\s*(?::|[-–—]\s)"
    r"|\bthis (?:is|was) (?:only |just )?an? (?:[\w-]+ ){0,4}test\b"
    r"|\btest (?:message|alert|only|of (?:the )?[\w ]{0,30}alerts?)\b",
    re.IGNORECASE | re.MULTILINE,
)


def moment(written: str, source: Source, *, usual: str | None = None) -> datetime:
    """A time as ISO 8601 or RFC 822 writes it. Without a zone it is in the account's option `time_zone`, else `usual`.

    Without either `Untaken` says so: an hour wrong decides whether a post is fresh.
    """
    at = _as_written(written)
    if at is None:
        raise Untaken(f"“{written[:40]}” is no time: ask the partner to write it as 2026-11-29T18:05:00Z")
    if at.tzinfo is None:
        zone = source.account.options.get(TIME_ZONE, usual)
        if zone is None:
            raise Untaken(f"the time “{written[:40]}” names no zone: give the account the option {TIME_ZONE}")
        at = at.replace(tzinfo=zone_named(zone))
    if at.year not in YEARS:
        raise Untaken(f"the year of “{written[:40]}” cannot be right: ask the partner")
    return at.astimezone(UTC)


def _as_written(written: str) -> datetime | None:
    # XML lets a day end at hour 24, which Python does not read.
    text, ends_a_day = _HOUR_24.subn("T00:00", written.strip())
    try:
        return datetime.fromisoformat(text) + timedelta(days=ends_a_day)
    except (ValueError, OverflowError):
        pass
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    # RFC 5322: this zone means that the hour is UTC, and where it was written is not said.
    return at.replace(tzinfo=UTC) if text.endswith("-0000") else at


def zone_named(name: str) -> ZoneInfo:
    """The zone; `Untaken` if there is none of this name."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise Untaken(f"“{name[:60]}” is no time zone: write one like Europe/London into {TIME_ZONE}") from None


def version_at(at: datetime) -> str:
    """A moment as the revision of a post."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def joined(*parts: str) -> str:
    """Parts of a text with a blank line between, without those that repeat an earlier one; cut to what a post takes."""
    kept: list[str] = []
    for part in map(prose, parts):
        if part and part not in kept:
            kept.append(part)
    whole = "\n\n".join(kept)
    if len(whole) <= PROSE_CHARACTERS_MAX:
        return whole
    return whole[: PROSE_CHARACTERS_MAX - 2].rsplit(maxsplit=1)[0] + " …"


def drill_in(text: str) -> str | None:
    """`exercise` or `test` if the words themselves say that they are one; None if they say nothing of the kind."""
    if _DRILL.search(text):
        return "exercise"
    return "test" if _TEST.search(text) else None


@dataclass
class FeedReading:
    """What has been read so far of one document."""

    source: Source
    items: list[PartnerPost] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    links: list[Linked] = field(default_factory=list)
    expired: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def add(self, post_id: str, at: datetime, **said: object) -> None:
        """Take one post; what else is said of it are fields of `PartnerPost`, and `Untaken` says what is wrong.

        A post whose `expires_at` is over is taken back: it may have been shared while it was in force.
        What is only a test or an exercise takes back nothing that is live.
        """
        account = self.source.account
        expires_at = said.get("expires_at")
        if isinstance(expires_at, datetime) and expires_at <= self.source.now:
            self.expired.append(post_id)
            said |= {"change": "deleted"}
        if said.get("change") == "deleted":
            if said.get("status", "actual") != "actual" and not is_drill(self.source.mode):
                self.left_out.append(f"{post_id[:120]}: a {said['status']} takes nothing back that is meant")
                return
            said |= {"text": ""}
        text = str(said.get("text", ""))
        if said.get("status", "actual") == "actual" and (drill := drill_in(text)):
            said |= {"status": drill}
        # Keys of the document's own would be taken for fields: they come first.
        fields = {
            "revision": version_at(at),
            **said,
            "mode": self.source.mode,
            "account_id": account.account_id,
            "domain": account.domain,
            "post_id": post_id,
            "at": at,
            "text": text,
        }
        parts = (fields.get(name) for name in ("account_id", "post_id", "revision", "change", "text", "expires_at"))
        try:
            self.items.append(PartnerPost.model_validate({"id": derive_id("post", *parts), **fields}))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"]))
            raise Untaken(f"its {where} is not as it must be: {first['msg']}") from None

    def gone(self, post_id: str, at: datetime, **said: object) -> None:
        """Take back one post."""
        self.add(post_id, at, change="deleted", **said)

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """What is not taken within becomes a fault that names this part; the others go on."""
        try:
            yield
        except Untaken as error:
            self.faults.append(f"{name[:120]}: {error}")

    def parsed(self) -> Parsed:
        """In the order of time, each once; what the same document takes back does not come up before."""
        once = list({one.id: one for one in sorted(self.items, key=lambda one: one.at)}.values())
        ends = {one.post_id: place for place, one in enumerate(once) if one.change == "deleted"}
        kept = [one for place, one in enumerate(once) if place >= ends.get(one.post_id, 0)]
        faults, left_out = (list(dict.fromkeys(map(sentence, one))) for one in (self.faults, self.left_out))
        if len(kept) > ITEMS_MAX:
            faults.append(f"the feed has {len(kept)} posts: only the newest {ITEMS_MAX} are taken")
        if self.expired:
            names = ", ".join(dict.fromkeys(one[:80] for one in self.expired[:NAMED_MAX]))
            more = f" and {len(self.expired) - NAMED_MAX} more" if len(self.expired) > NAMED_MAX else ""
            left_out.append(sentence(f"what has expired does not go out: {names}{more}"))
        links = tuple(dict.fromkeys(self.links))
        return Parsed(tuple(kept[-ITEMS_MAX:]), tuple(faults), links, left_out=tuple(left_out))


def zone_fits(account: PartnerAccount) -> None:
    """Raise `ValueError` with a sentence if the account's time zone is none."""
    if TIME_ZONE in account.options:
        zone_named(account.options[TIME_ZONE])
