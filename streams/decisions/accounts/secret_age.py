"""The age of a secret: when it was changed last, and when it is to be changed, by the register and by the facts."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from streams.subjects.account import AccountLog
from streams.words.register.accounts import AccountNoted
from streams.words.register.entries import ChannelEntry, Register

TESTS_NOTED = timedelta(days=1)
"""So often a test that found what the one before found is written down."""


@dataclass(frozen=True, slots=True)
class SecretAge:
    """When an account's secret was changed last, None if that is not known, and when it is to be changed."""

    changed_at: datetime | None
    due_at: datetime | None

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been changed by now."""
        return self.due_at is not None and self.due_at <= now


def age_of(entry: ChannelEntry, account: AccountLog | None, *, register: Register) -> SecretAge | None:
    """How old the account's secret is; None if the account has none.

    A breach makes it due at once, until a person has changed it.
    """
    written = entry.secret_changed_on
    if entry.credential is None and written is None:
        return None
    noted = account.changed_at if account else None
    moments = [datetime.combine(written, time.min, UTC)] if written else []
    changed = max([*moments, *([noted] if noted else [])], default=None)
    due = changed + timedelta(days=register.secrets_change_days) if changed else None
    shut = account.shut if account else None
    if shut and (changed is None or changed < shut.at):
        due = min(due or shut.at, shut.at)
    return SecretAge(changed, due)


def worth_noting(seen: AccountNoted, before: AccountNoted | None) -> bool:
    """Whether what a check saw is to be written down: something changed, or the last test noted is a day old."""
    last = before or AccountNoted()
    if (seen.secret_due, seen.fault) != (last.secret_due, last.fault):
        return True
    if seen.tested_at is None:
        return False
    return last.tested_at is None or seen.tested_at - last.tested_at >= TESTS_NOTED
