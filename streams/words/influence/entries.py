"""Entries of the influence list: who speaks for many, why a person believes it, and until when that was looked at.

An entry is an account that a person vouched for. It is no profile and no score: nothing is concluded from it but that
a post of this account about us is noted at once.
"""

from datetime import date
from enum import StrEnum

from pydantic import Field

from streams.values import Frozen, Identifier, Sentence, Word

LISTED_MAX = 500


class InfluenceCategory(StrEnum):
    """For whom a listed author speaks."""

    LOCAL_MEDIA = "local-media"
    MP = "mp"
    COUNCILLOR = "councillor"
    RESPONDER = "responder"
    BLOGGER = "blogger"


CALLED = {
    InfluenceCategory.LOCAL_MEDIA: "local media",
    InfluenceCategory.MP: "members of parliament",
    InfluenceCategory.COUNCILLOR: "councillors",
    InfluenceCategory.RESPONDER: "responders",
    InfluenceCategory.BLOGGER: "bloggers",
}


class ListedAccount(Frozen):
    """An account on one network, by the identifier that never changes, whatever it calls itself."""

    network: Identifier
    account_id: Identifier


class ListedAuthor(Frozen):
    """Somebody on the influence list: the accounts, who vouched for them, by which evidence, and when to look again."""

    id: Identifier
    name: Word
    category: InfluenceCategory
    accounts: tuple[ListedAccount, ...] = Field(min_length=1, max_length=20)
    vouched_by: Identifier
    evidence: Sentence
    review_on: date
