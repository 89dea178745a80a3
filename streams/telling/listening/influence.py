"""Posts of listed authors, in words, and the influence list itself."""

from collections.abc import Iterator
from datetime import date, tzinfo

from streams.decisions.listening.spread import HOURS
from streams.moments import told_in
from streams.subjects.incident import Incident
from streams.words.influence.entries import CALLED, ListedAuthor
from streams.words.listening.influence import ListedNoted


def told_listed(body: ListedNoted, zone: tzinfo) -> str:
    """How many posts there are, and since when."""
    posts = "1 post" if body.posts == 1 else f"{body.posts} posts"
    return f"{CALLED[body.category]} on your list post about this: {posts} since {told_in(zone, body.since)}"


def listed_lines(incident: Incident, zone: tzinfo) -> Iterator[str]:
    """A line for each category that was heard."""
    return (told_listed(one, zone) for one in incident.listed.values())


def proposal_line(account: str, people: int) -> str:
    """The question whether an account belongs on the list; a person looks at the account, then answers."""
    shared = f"{account} was shared by {people} people in {HOURS} hours"
    return f"PROPOSED  {shared}: shall it be on the list? Look at it, then add it to register/influence.yaml"


def author_line(one: ListedAuthor, today: date) -> str:
    """An entry of the list: who, why we believe it, and when to look again."""
    accounts = ", ".join(f"{account.account_id} on {account.network}" for account in one.accounts)
    due = f"OVERDUE since {one.review_on}" if one.review_on < today else f"look again on {one.review_on}"
    return f"{one.name} ({one.id}), {CALLED[one.category]}: {accounts}; {one.vouched_by} vouched: {one.evidence}; {due}"
