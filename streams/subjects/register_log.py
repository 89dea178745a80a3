"""The register's own log: the sum of its facts, which are changes of power."""

import operator
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import Field

from streams.subjects.state import KEPT, State
from streams.values import THE_REGISTER, Identifier, Subject
from streams.words.facts import Fact
from streams.words.feeds import FeedNoted
from streams.words.register.accounts import RouteNoted
from streams.words.register.changes import Changes
from streams.words.register.kept import FilesNoted, UnconfirmedNoted
from streams.words.register.partners import LookAlikeFact, LookAlikeNoted
from streams.words.register.passkeys import SignInsFailed
from streams.words.risks.noted import RisksNoted
from streams.words.sign_off import SignOffSought

SEARCHES_KEPT = 50
"""So many of the newest searches stay in the state of this log, which goes on for years."""
LOOK_ALIKES_KEPT = 100
"""So many of the newest look-alikes of one partner are known, so that nobody can fill this state."""


class RegisterLog(State):
    """All changes of the register: what was confirmed, and what waits.

    `routes` are the channels on which we cannot speak now, as the last check of each found.
    `feeds` are the accounts of partners that cannot be heard now, and have not been for long.
    `since` says from which fact on something is amiss: `files`, `page`, `pack`, or a name behind `route/`, `feed/`,
    `look-alike/`, `unconfirmed/` or `risk/`.
    `unconfirmed` are the partners that the files have otherwise than two people confirmed, as the files have them.
    `look_alikes` are the newest accounts that look like a partner's, or like ours, until a person settles them.
    `late_risks` are those whose review is overdue, each with its day.
    `sign_ins` are the last that failed at the console.
    `unusable` is set while the files cannot be used, and the last good register stays in force.
    """

    kind: Literal["register"] = "register"
    id: str = THE_REGISTER.id
    changes: Changes = Changes()
    unusable: FilesNoted | None = None
    routes: Mapping[Identifier, RouteNoted] = Field(default_factory=dict)
    feeds: Mapping[Identifier, FeedNoted] = Field(default_factory=dict, exclude_if=operator.not_)
    since: Mapping[str, int] = Field(default_factory=dict)
    look_alikes: Mapping[Identifier, tuple[LookAlikeNoted, ...]] = Field(default_factory=dict, exclude_if=operator.not_)
    unconfirmed: Mapping[Identifier, str | None] = Field(default_factory=dict, exclude_if=operator.not_)
    late_risks: Mapping[Identifier, date] = Field(default_factory=dict, exclude_if=operator.not_)
    sign_ins: SignInsFailed | None = Field(default=None, exclude_if=operator.not_)

    @property
    def subject(self) -> Subject:
        """The register."""
        return THE_REGISTER

    @property
    def waits_for_pack(self) -> bool:
        """Whether the last offline pack is too old, and another one waits to be made."""
        return self.unusable is not None and self.unusable.is_pack_old

    def to_propose(self) -> Mapping[str, str | None]:
        """Of the partners that are not in force as the files have them, those of which no change waits."""
        changes = self.changes
        waiting = {one.entry for one in changes.waiting.values() if one.section == "partners"}
        return {
            name: content
            for name, content in self.unconfirmed.items()
            if name not in waiting and content != changes.content_of("partners", name)
        }

    def changed_by(self, fact: Fact) -> dict[str, Any]:
        """What this fact changes among the changes."""
        if isinstance(fact.body, FilesNoted):
            amiss = {"files": fact.body.keeps_files, "page": fact.body.keeps_page, "pack": fact.body.is_pack_old}
            since = self._since(fact, amiss)
            return {"unusable": fact.body if fact.body.faults else None, "since": since}
        if isinstance(fact.body, RouteNoted):
            others = {name: one for name, one in self.routes.items() if name != fact.body.channel}
            since = self._since(fact, {f"route/{fact.body.channel}": fact.body.fault is not None})
            return {"routes": {**others, fact.body.channel: fact.body} if fact.body.fault else others, "since": since}
        if isinstance(fact.body, FeedNoted):
            heard = {name: one for name, one in self.feeds.items() if name != fact.body.account}
            since = self._since(fact, {f"feed/{fact.body.account}": fact.body.fault is not None})
            return {"feeds": {**heard, fact.body.account: fact.body} if fact.body.fault else heard, "since": since}
        if isinstance(fact.body, UnconfirmedNoted):
            names = {*self.unconfirmed, *fact.body.partners}
            since = self._since(fact, {f"unconfirmed/{one}": one in fact.body.partners for one in sorted(names)})
            return {"unconfirmed": fact.body.partners, "since": since}
        if isinstance(fact.body, RisksNoted):
            named = {*self.late_risks, *fact.body.late}
            since = self._since(fact, {f"risk/{one}": one in fact.body.late for one in sorted(named)})
            return {"late_risks": fact.body.late, "since": since}
        if isinstance(fact.body, SignInsFailed):
            return {"sign_ins": fact.body}
        if isinstance(fact.body, LookAlikeFact):
            return self._with_look_alike(fact, fact.body)
        if isinstance(fact.body, SignOffSought):
            return {"searches": dict([*self.searches.items()][-SEARCHES_KEPT:])}
        return {"changes": self.changes.after(fact.body, by=fact.by, at=fact.at)}

    def _with_look_alike(self, fact: Fact, body: LookAlikeFact) -> dict[str, Any]:
        """What is known of look-alikes with this one, or once they are settled."""
        found = {name: known for name, known in self.look_alikes.items() if name != body.imitates}
        if isinstance(body, LookAlikeNoted):
            found[body.imitates] = (*self.look_alikes.get(body.imitates, ()), body)[-LOOK_ALIKES_KEPT:]
        since = self._since(fact, {f"look-alike/{body.imitates}": isinstance(body, LookAlikeNoted)})
        return {"look_alikes": found, "since": since}

    def _since(self, fact: Fact, amiss: Mapping[str, bool]) -> dict[str, int]:
        """Since which fact each is amiss, once this fact says of some whether they are."""
        others = {name: place for name, place in self.since.items() if name not in amiss}
        return {**others, **{name: self.since.get(name, fact.sequence) for name, is_so in amiss.items() if is_so}}

    def remembers(self, order_ids: tuple[str, ...]) -> tuple[str, ...]:
        """The last thousand: this log goes on for years, and an older order is refused for its age."""
        return order_ids[-KEPT:]
