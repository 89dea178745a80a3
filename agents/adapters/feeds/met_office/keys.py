"""The key with which the Met Office lets a trust read its warnings."""

from collections.abc import Mapping

from agents.adapters.feeds.tools import Tools
from agents.adapters.secrets import secret_of
from streams.words.register.partners import PartnerAccount

HEADER = "x-api-key"


def with_key(account: PartnerAccount, tools: Tools) -> Mapping[str, str]:
    """The header that shows the key; `NotSent` says that it is not set."""
    return {HEADER: secret_of(account.credential, tools.secrets)}
