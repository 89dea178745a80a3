"""Recordings of a partner's feed, read by the parser that hears it for real, which the command line hands in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from agents.exercise.script.loader import UnusableScenario
from agents.exercise.script.scenario import PlayedRecording
from agents.feed_port import ReadRecording, Recording
from streams.values import Mode
from streams.words.posts import PartnerPost
from streams.words.register.entries import Register
from streams.words.register.partners import Partner, PartnerAccount

BYTES_MAX = 1024 * 1024
EVIDENCE = "The script of the exercise says so."


@dataclass(slots=True)
class Recordings:
    """The recordings of one play, which lie beside its scenario; `read` is None if nobody handed a parser in.

    A feed shows the same posts again and again, so `known` are those that were given already.
    """

    folder: Path = Path()
    read: ReadRecording | None = None
    known: set[str] = field(default_factory=set)

    def posts(
        self, played: PlayedRecording, register: Register, *, mode: Mode, now: datetime
    ) -> tuple[Sequence[PartnerPost], Sequence[str]]:
        """What is new in a recording, and what of it is not taken; `UnusableScenario` if it cannot be played."""
        if self.read is None:
            raise UnusableScenario(["this scenario plays a recorded feed: start it with `holdingline exercise run`"])
        account = _account(played, register)
        batch = self.read(Recording(self._body(played), account, mode, now))
        posts = [one for one in batch.items if isinstance(one, PartnerPost) and one.id not in self.known]
        self.known.update(one.id for one in posts)
        if not posts:
            why = "; ".join(batch.faults) or "a recording before it has the same posts"
            raise UnusableScenario([f"recording {played.file} gives nothing new: {why}"])
        return posts, batch.faults

    def _body(self, played: PlayedRecording) -> bytes:
        path = self.folder / played.file
        try:
            with path.open("rb") as file:
                body = file.read(BYTES_MAX + 1)
        except OSError as error:
            raise UnusableScenario([f"recording {path} cannot be read ({error.strerror}): put it there"]) from None
        if len(body) > BYTES_MAX:
            raise UnusableScenario([f"recording {path} has more than {BYTES_MAX // 1024} KiB: play a shorter one"])
        return body


def _account(played: PlayedRecording, register: Register) -> PartnerAccount:
    """The partner's account of this kind; where the register names none, its first account heard in this way."""
    partner = register.partners.get(played.partner)
    if partner is None:
        known = ", ".join(register.partners)
        raise UnusableScenario([f"the register has no partner {played.partner}: choose one of {known}"])
    return next((one for one in partner.accounts if one.kind == played.kind), None) or _account_as(partner, played.kind)


def _account_as(partner: Partner, kind: str) -> PartnerAccount:
    return PartnerAccount(
        kind=kind,
        account_id=partner.account_id,
        domain=partner.domain,
        address=f"https://{partner.domain}/",
        evidence=EVIDENCE,
    )
