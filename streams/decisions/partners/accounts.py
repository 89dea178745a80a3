"""What became of a partner's posts and accounts, in words: edited, expired, renamed, suspended, gone."""

from collections.abc import Mapping

from streams.values import sentence
from streams.words.posts import AccountChange, PartnerChange
from streams.words.release import AmplifiedPostChanged, NotePostChange, PostChange

STAYS = "what we shared of it stays until a person looks at it"
TAKEN_BACK = "what we shared of it is taken back"
BECAME: Mapping[AccountChange, str] = {
    AccountChange.RENAMED: f"was renamed{{}}: {STAYS}",
    AccountChange.UNVERIFIED: f"has lost its verification{{}}: {STAYS}",
    AccountChange.SUSPENDED: f"was suspended by its network{{}}: {TAKEN_BACK}",
    AccountChange.GONE: f"is gone{{}}: {TAKEN_BACK}",
    AccountChange.BACK: "is back{}: a person asks the partner before its posts go out again",
}
"""What became of an account, and of what is out of it; the gap is what it was called and is called now."""

POST_BECAME: Mapping[PostChange, str] = {
    "edited": "{} edited this post",
    "deleted": "{} deleted this post",
    "expired": "this post of {} held until now, as it says itself",
    "suspended": "the account of {} with this post was suspended",
    "gone": "the account of {} with this post is gone",
}
"""What became of a post; the gap is the partner's name."""


def post_became(changed: NotePostChange | AmplifiedPostChanged) -> str:
    """What became of a post that we sent out again, as a clause that may go on."""
    return POST_BECAME[changed.change].format(changed.credit.partner_name)


def account_changed(change: PartnerChange) -> str:
    """Why an account is stopped that changed, in a sentence: which account, what became of it, what is out."""
    names = [f"from “{change.before}”" if change.before else "", f"to “{change.called}”" if change.called else ""]
    renamed = change.change is AccountChange.RENAMED
    called = " ".join(["", *filter(None, names)]) if renamed else ""
    return sentence(f"its account {change.account_id} at {change.domain} {BECAME[change.change].format(called)}")
