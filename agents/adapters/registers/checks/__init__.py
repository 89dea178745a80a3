"""`check`: every fault of the registers and templates at once, each with its file, its line and what to do."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from agents.adapters.pictures import FOLDER as PICTURES
from agents.adapters.registers.checks import accounts as own_accounts
from agents.adapters.registers.checks import (
    askable,
    chains,
    contacts,
    keys,
    lists,
    people,
    places,
    responders,
    templates,
    trust,
    words,
)
from agents.adapters.registers.checks.hours import calendars, cover, monitored, rota
from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import LISTS, MESSAGES, REGISTER, ROTAS, TRUST, Reading, files, read
from agents.adapters.registers.rota.turns import CALENDARS
from agents.adapters.registers.wording import CHECKED, HELD, PARTNERS, PLACEHOLDERS, WORDING, pattern_faults
from streams.decisions.authority.keys import awaits_keys, signing
from streams.subjects.account import AccountLog
from streams.values import TRAINING
from streams.words.register.approvals import Approvals, approved
from streams.words.register.changes import in_mode
from streams.words.register.wording import WordLists

Check = Callable[[Reading, datetime], Iterator[Fault]]
CHECKS: Sequence[Check] = (
    trust.faults,
    people.faults,
    contacts.faults,
    keys.faults,
    rota.faults,
    places.faults,
    chains.faults,
    templates.faults,
    monitored.faults,
    lists.faults,
    responders.faults,
    words.faults,
)
NAMES = [f"{kind}.yaml" for kind in LISTS]
WHERE: Mapping[str, str] = {
    REGISTER: f"there is no register of this name: they are {', '.join([TRUST, ROTAS, *NAMES])}",
    MESSAGES: "is not read: a template's file ends in .yaml and lies in the folder itself",
    WORDING: f"there are no word lists of this name: they are {PLACEHOLDERS}, {HELD}, {PARTNERS}, {CHECKED}",
}


def check(  # budget: the folder, the moment, and what else is known
    folder: Path,
    now: datetime,
    *,
    settings: Mapping[str, places.Settings] | None = None,
    pagers: Mapping[str, places.PagerSettings] | None = None,
    accounts_heard: Mapping[str, places.FeedSettings] | None = None,
    approvals: Approvals | None = None,
    accounts: Mapping[str, AccountLog] | None = None,
) -> Sequence[Fault]:
    """Every fault as of this moment, in the order of the files; if there are none, all is ready.

    `settings`, `pagers` and `accounts_heard` map a kind of channel, of pager, or of feed, to what reads its options and
    raises `ValueError`;
    without them options are not judged. `approvals` are those of the register's log: they count beside the files' own.
    `accounts` are those of the record, by channel: they say which secrets were changed since the files were written.
    A folder whose orders are to be signed and in which no person has a key yet is judged as drills take it: a text
    that nobody approved yet is no fault there, since nothing can go out in live.
    """
    reading = read(folder, now)
    reading.awaits_keys = awaits_keys(reading.register)
    if not any(signing(person) for person in reading.register.people.values()):
        reading.register = in_mode(reading.register, TRAINING)
    reading.register = approved(reading.register, approvals or {}, all_written=True)
    found = [*reading.faults, *reading.warnings, *_strangers(folder)]
    if unusable := [*pattern_faults(reading.wording)]:
        # No text can be judged by them: the templates are judged by what is certain alone.
        found.extend(unusable)
        reading.register = reading.register.model_copy(update={"words": WordLists()})
    for one in CHECKS:
        found.extend(one(reading, now))
    found.extend(own_accounts.faults(reading, accounts or {}, now=now))
    found.extend(calendars.faults(reading, folder, now=now))
    if settings is not None:
        known = reading.places.get("channels", {})
        found.extend(places.settings_faults(known, reading.register.channels.values(), settings=settings))
    if pagers is not None:
        known = reading.places.get("pagers", {})
        found.extend(places.settings_faults(known, reading.register.pagers.values(), settings=pagers))
    if accounts_heard is not None:
        found.extend(places.feed_faults(reading, accounts_heard))
    if not reading.faults:
        # Look for gaps only if people and rota could be read: an unread shift would look like a gap.
        found.extend([*cover.faults(reading, now), *askable.faults(reading, now)])
    return sorted(set(found))


def _strangers(folder: Path) -> Iterator[Fault]:
    """Files that holdingline does not read because of a misspelt name or another ending."""
    known = {*files(folder), folder / REGISTER / CALENDARS, folder / PICTURES}
    for place, advice in WHERE.items():
        for path in (folder / place).glob("*"):
            if path not in known and not path.name.startswith(".") and not path.name.endswith("~"):
                yield Fault(f"{place}/{path.name}", 1, advice)
