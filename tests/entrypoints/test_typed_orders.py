"""The command that is shown for an order is the one that gives it."""

import pytest

from agents.entrypoints.cli.order_fields import typed
from streams.words.orders import CommandBody
from streams.words.stops import ResumePartner, StopPartner

WHY = "They rang us."


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (ResumePartner(partner="fire", reason=WHY), []),
        (
            ResumePartner(partner="fire", reason=WHY, accounts=("did:a:1", "did:a:2")),
            ["--account", "did:a:1", "--account", "did:a:2"],
        ),
        (StopPartner(partner="fire", reason=WHY), []),
        (StopPartner(partner="fire", reason=WHY, account_id="did:a:1"), ["did:a:1"]),
    ],
)
def test_each_of_several_accounts_is_typed_and_none_where_none_is_named(body: CommandBody, words: list[str]) -> None:
    assert typed(body) == ["fire", WHY, *words]
