"""Which posts of partners ours carry now, for feeds that look up what became of them."""

from collections.abc import Iterable, Mapping
from contextlib import suppress

from pydantic import ValidationError

from agents.feed_port import CarriedPost
from agents.runtime.door.door import Door
from agents.runtime.views.tables import last_records, values_of
from streams.subjects.fold import STATES
from streams.subjects.incident import Incident
from streams.values import Purpose
from streams.words.release import is_newer, newer

LOOK_SECONDS = 300.0
VERSIONS_MAX = 20
"""So many words of one post are looked for."""


class CarriedPosts:
    """The posts by account, as of the last look at the log."""

    def __init__(self) -> None:
        self._by_account: Mapping[str, Mapping[str, CarriedPost]] = {}

    def of(self, account_id: str) -> Mapping[str, CarriedPost]:
        """Those of one account."""
        return self._by_account.get(account_id, {})

    async def look(self, door: Door) -> None:
        """Look at the incidents that go on; if none does, not at all that was ever said. `LogError` without a log."""
        self._by_account = carried_in((await door.incidents()).values() if await _is_any_live(door) else ())


def carried_in(incidents: Iterable[Incident]) -> Mapping[str, Mapping[str, CarriedPost]]:
    """The posts that live incidents carry and did not take back, by account; of each the copy that stands."""
    found: dict[str, dict[str, CarriedPost]] = {}
    for incident in incidents:
        messages = [*incident.messages.values()] if incident.is_live else []
        taken = {one.follows for one in messages if one.purpose is Purpose.WITHDRAWAL}
        copies = [one for one in messages if one.credit and one.purpose is Purpose.AMPLIFICATION]
        named = [(one.credit, one) for one in copies if one.credit]
        standing = {(by.account_id, by.post_id): one for by, one in named if one.id not in taken}
        for credit in (by for by, _ in named if not is_newer(by.post_id)):
            names = [(credit.account_id, newer(credit.post_id, number)) for number in range(VERSIONS_MAX, 0, -1)]
            if copy := next((standing[name] for name in names if name in standing), None):
                yes = incident.authorisations.get(copy.id)
                is_heard = yes is not None and yes.standing is not None
                found.setdefault(credit.account_id, {})[credit.post_id] = CarriedPost(copy, incident.mode, is_heard)
    return found


async def _is_any_live(door: Door) -> bool:
    for value in values_of(last_records(await door.table_records())).values():
        with suppress(ValidationError):
            state = STATES.validate_json(value)
            if isinstance(state, Incident) and state.is_live:
                return True
    return False
