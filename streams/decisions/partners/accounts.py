"""What became of a partner's posts and accounts, in words: edited, expired, renamed, suspended, gone."""

from collections.abc import Mapping

from streams.values import sentence
from streams.why import because
from streams.words.posts import AccountChange, PartnerChange
from streams.words.release import AmplifiedPostChanged, NotePostChange

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


def post_became(changed: NotePostChange | AmplifiedPostChanged) -> str:
    """What became of a post that we sent out again, as a clause that may go on."""
    name = changed.credit.partner_name
    match changed.change:
        case "edited":
            return because("post-edited", "{partner} edited this post", partner=name)
        case "deleted":
            return because("post-deleted", "{partner} deleted this post", partner=name)
        case "expired":
            return because("post-ended", "this post of {partner} held until now, as it says itself", partner=name)
        case "suspended":
            return because("post-suspended", "the account of {partner} with this post was suspended", partner=name)
        case "gone":
            return because("post-gone", "the account of {partner} with this post is gone", partner=name)


def account_changed(change: PartnerChange) -> str:
    """Why an account is stopped that changed, in a sentence: which account, what became of it, what is out."""
    names = [f"from “{change.before}”" if change.before else "", f"to “{change.called}”" if change.called else ""]
    renamed = change.change is AccountChange.RENAMED
    called = " ".join(["", *filter(None, names)]) if renamed else ""
    return sentence(f"its account {change.account_id} at {change.domain} {BECAME[change.change].format(called)}")
