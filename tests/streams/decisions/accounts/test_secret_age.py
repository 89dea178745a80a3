"""How old a secret is: by the files or by what a person said since, and never forgotten after a breach."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.accounts.secret_age import age_of
from streams.subjects.account import AccountLog
from streams.values import LIVE
from streams.words.register.accounts import Breach, ChangeSecret, Credential
from tests import builders
from tests.builders import NOW, WRITER

SECRET = Credential(secret="PASSWORD", mode=LIVE)
DAYS = st.integers(0, 400)


def account(*, changed: datetime | None = None, shut: datetime | None = None) -> AccountLog:
    state = AccountLog(id="social", mode=LIVE)
    if shut:
        state = builders.carried_out(state, Breach(reason="not ours"), by=WRITER, now=shut, id="breach")
    if changed:
        state = builders.carried_out(state, ChangeSecret(reason="new"), by=WRITER, now=changed, id="changed")
    return state


@given(DAYS, DAYS, st.integers(1, 366))
def test_a_secret_is_due_so_many_days_after_the_newest_change_that_is_known(files: int, told: int, days: int) -> None:
    """The files may be older than what a person said, or newer."""
    written = date(2025, 1, 1) + timedelta(days=files)
    changed = datetime(2025, 1, 1, 9, tzinfo=UTC) + timedelta(days=told)
    register = builders.register(secrets_change_days=days)
    entry = builders.channel("social", credential=SECRET, secret_changed_on=written)
    age = age_of(entry, account(changed=changed), register=register)
    assert age
    newest = max(changed, datetime.combine(written, time.min, UTC))
    assert (age.changed_at, age.due_at) == (newest, newest + timedelta(days=days))
    assert age.is_overdue(newest + timedelta(days=days))
    assert not age.is_overdue(newest + timedelta(days=days, seconds=-1))


def test_a_breach_makes_a_secret_overdue_at_once_until_it_is_changed() -> None:
    """Whatever the day of its last change was."""
    register = builders.register()
    entry = builders.channel("social", credential=SECRET, secret_changed_on=NOW.date())
    breached = age_of(entry, account(shut=NOW), register=register)
    assert breached
    assert breached.is_overdue(NOW)
    mended = age_of(entry, account(shut=NOW, changed=NOW + timedelta(hours=1)), register=register)
    assert mended
    assert not mended.is_overdue(NOW + timedelta(hours=2))


def test_an_account_without_a_secret_has_no_age_and_one_of_unknown_age_is_not_overdue() -> None:
    """The check of the files asks for the day; nobody is paged for what nobody knows."""
    assert age_of(builders.channel("social"), None, register=builders.register()) is None
    unknown = age_of(builders.channel("social", credential=SECRET), None, register=builders.register())
    assert unknown
    assert not unknown.is_overdue(NOW)
