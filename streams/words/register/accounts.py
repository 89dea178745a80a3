"""Accounts on which we speak: who shut one and why, when its secret was changed, and what the worker's checks find.

A partner whose account may not be its own any more is stopped in the same way, in one incident or in all.
An account has the identifier of its channel. What the register says of it is in `entries.ChannelEntry`. A route is what
the worker's own checks of a channel note in the register's log: whether we could speak there now.
"""

import operator
import re
from collections.abc import Mapping
from typing import Literal, TypeVar

from pydantic import Field

from streams.values import Frozen, Identifier, Mode, Reason, Sentence, Utc, Word
from streams.why import Why

SECRET_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,99}")
"""What a variable of the environment is called."""
VAULT_BEGINS = "vault:"
VAULT_PLACE = re.compile(rf"{VAULT_BEGINS}[A-Za-z0-9_-]{{1,50}}/[A-Za-z0-9_./-]{{1,100}}#[A-Za-z0-9_.-]{{1,30}}")
"""Where a secret is in a vault: the mount of its store, the path there, and the field."""


class Credential(Frozen):
    """Where a channel's secret lives (a name, never the secret) and which mode it belongs to.

    The name is that of a variable, or a place in a vault, as `vault:kv/trust/x#keys`.
    """

    secret: Word
    mode: Mode

    @property
    def is_named(self) -> bool:
        """Whether `secret` is the name of a variable or a place in a vault; anything else may be the secret itself."""
        return self.is_in_vault or SECRET_NAME.fullmatch(self.secret) is not None

    @property
    def is_in_vault(self) -> bool:
        """Whether a vault has the secret."""
        return VAULT_PLACE.fullmatch(self.secret) is not None and ".." not in self.secret

    @property
    def called(self) -> str:
        """The name of the secret, where it is one."""
        return self.secret if self.is_named else "(not shown, since it is no name of a variable)"


class Breach(Frozen):
    """Shut an account at once, since somebody else may have its secret: nothing goes out on it any more."""

    kind: Literal["breach"] = "breach"
    reason: Reason


class ChangeSecret(Frozen):
    """Say that you changed an account's secret, and that the worker has the new one."""

    kind: Literal["change_secret"] = "change_secret"
    reason: Reason


class OpenAccount(Frozen):
    """Open an account that was shut, once its secret was changed; what waited goes out when it is released."""

    kind: Literal["open_account"] = "open_account"
    reason: Reason


class NoteAccount(Frozen):
    """Note what the worker's checks of an account found; the worker does that when it changes, and once a day.

    `secret_due` is when its secret was to be changed, None if that is still to come. `tested_at` is when the worker
    last looked whether we could speak there, and `fault` what kept us from it; None if no machine reaches it.
    """

    kind: Literal["note_account"] = "note_account"
    secret_due: Utc | None = Field(default=None, exclude_if=operator.not_)
    tested_at: Utc | None = Field(default=None, exclude_if=operator.not_)
    fault: Sentence | None = Field(default=None, exclude_if=operator.not_)


AccountOrder = Breach | ChangeSecret | OpenAccount | NoteAccount


class AccountShut(Frozen):
    """Nothing goes out on this account until a person opens it."""

    kind: Literal["account_shut"] = "account_shut"
    reason: Sentence
    rule: Sentence


class SecretChanged(Frozen):
    """The account has another secret since this fact."""

    kind: Literal["secret_changed"] = "secret_changed"
    reason: Sentence
    rule: Sentence


class AccountOpened(Frozen):
    """We speak on this account again."""

    kind: Literal["account_opened"] = "account_opened"
    reason: Sentence
    rule: Sentence


class AccountNoted(Frozen):
    """What the worker's checks of the account found, see `NoteAccount`."""

    kind: Literal["account_noted"] = "account_noted"
    secret_due: Utc | None = Field(default=None, exclude_if=operator.not_)
    tested_at: Utc | None = Field(default=None, exclude_if=operator.not_)
    fault: Sentence | None = Field(default=None, exclude_if=operator.not_)


AccountFact = AccountShut | SecretChanged | AccountOpened | AccountNoted


class PartnerStopped(Frozen):
    """No post of this partner goes out by itself until a person resumes it; with an `account_id` none of that account.

    A person stopped it by this `rule`; None if the reason is what it sent, or what became of its account.
    `why` says how the reason was made where the rules gave it.
    """

    kind: Literal["partner_stopped"] = "partner_stopped"
    partner: Identifier
    partner_name: Word
    reason: Sentence
    why: tuple[Why, ...] = Field(default=(), exclude_if=operator.not_)
    rule: Sentence | None = Field(default=None, exclude_if=operator.not_)
    account_id: Identifier | None = Field(default=None, exclude_if=operator.not_)


class PartnerResumed(Frozen):
    """The posts of this partner go out by themselves again; where `accounts` are named, those of these accounts."""

    kind: Literal["partner_resumed"] = "partner_resumed"
    partner: Identifier
    reason: Sentence
    rule: Sentence
    accounts: tuple[Identifier, ...] = Field(default=(), exclude_if=operator.not_)


class Shut(Frozen):
    """Who shut an account, or stopped a partner in all incidents, when and why."""

    by: Identifier
    at: Utc
    reason: Sentence


StoppedBy = TypeVar("StoppedBy", bound=Frozen)
"""Who stopped something, as its subject keeps it."""
ShutAccounts = Mapping[Identifier, Mapping[Identifier, Shut]]
"""By partner, then by account, as the register writes it: the accounts of partners that are stopped alone."""


def with_stop(
    stopped: Mapping[str, Mapping[str, StoppedBy]], body: PartnerStopped, *, stop: StoppedBy
) -> Mapping[str, Mapping[str, StoppedBy]]:
    """The accounts that are stopped once this one is."""
    return {**stopped, body.partner: {**stopped.get(body.partner, {}), body.account_id or "": stop}}


def without(
    stopped: Mapping[str, Mapping[str, StoppedBy]], body: PartnerResumed
) -> Mapping[str, Mapping[str, StoppedBy]]:
    """The accounts that stay stopped once these, or all of the partner, go on."""
    named = body.accounts or tuple(stopped.get(body.partner, {}))
    left = {name: stop for name, stop in stopped.get(body.partner, {}).items() if name not in named}
    others = {name: stops for name, stops in stopped.items() if name != body.partner}
    return {**others, body.partner: left} if left else others


class NoteRoute(Frozen):
    """Note what a check of a channel found, which publishes nothing; the worker does that when it changes."""

    kind: Literal["note_route"] = "note_route"
    channel: Identifier
    fault: Sentence | None = Field(default=None, exclude_if=operator.not_)


class RouteNoted(Frozen):
    """This keeps us from speaking on the channel, and what to do; with no fault we can speak there again."""

    kind: Literal["route_noted"] = "route_noted"
    channel: Identifier
    fault: Sentence | None = Field(default=None, exclude_if=operator.not_)
