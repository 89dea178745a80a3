"""Posts of partners that say otherwise than one another, side by side: who, which post, when, and what became of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from streams.moments import told_in
from streams.subjects.incident import Incident
from streams.subjects.network.standing_posts import Claim, claims_of, differing, standing_claims
from streams.words.release import Credit, Message


@dataclass(frozen=True, slots=True)
class PostBeside:
    """One of two posts that differ. `at` is when it was posted, else when it was let out; None for neither."""

    who: str
    post_id: str
    link: str | None
    at: datetime | None
    words: str
    is_out: bool


@dataclass(frozen=True, slots=True)
class DifferingPosts:
    """About what two partners differ, and the two posts, the older one first."""

    about: str
    posts: tuple[PostBeside, PostBeside]


def differing_posts(incident: Incident, draft: Message | None = None) -> Sequence[DifferingPosts]:
    """Every two posts of different partners that differ, whether out or waiting for a yes; `incident` is whole.

    With a draft only those from which that one differs.
    """
    claims = _all(incident)
    every = {(one.credit.account_id, one.credit.post_id): one for _, one in claims if one.credit}
    found: dict[tuple[object, ...], DifferingPosts] = {}
    for about, one, other in differing(claims_of([draft]) if draft else claims, claims):
        pair = sorted([_beside(one, every, incident), _beside(other, every, incident)], key=_order)
        found.setdefault((about, *map(_order, pair)), DifferingPosts(about, (pair[0], pair[1])))
    return [*found.values()]


def told_partners(incident: Incident, zone: tzinfo) -> Iterator[str]:
    """The same in lines."""
    for one in differing_posts(incident):
        yield f"partners DIFFER about {one.about}"
        yield from (f"     {_line(post, zone)}" for post in one.posts)


def _all(incident: Incident) -> Sequence[Claim]:
    out = standing_claims(incident.messages.values())
    return [*out, *claims_of(one for one in incident.drafts.values() if one.credit)]


def _beside(credit: Credit, every: dict[tuple[str, str], Message], incident: Incident) -> PostBeside:
    message = every[credit.account_id, credit.post_id]
    yes = incident.authorisations.get(message.id)
    return PostBeside(
        who=credit.partner_name,
        post_id=credit.post_id,
        link=credit.url,
        at=credit.posted_at or (yes.at if yes else None),
        words=" ".join(next(iter(message.texts.values())).split()),
        is_out=message.id in incident.messages,
    )


def _order(post: PostBeside) -> tuple[str, str, str]:
    return post.at.isoformat() if post.at else "", post.who, post.post_id


def _line(post: PostBeside, zone: tzinfo) -> str:
    link = [post.link] if post.link and post.link not in post.words else []
    where = [f"post {post.post_id}", *([told_in(zone, post.at)] if post.at else []), *link]
    state = "let out here" if post.is_out else "waits for a yes"
    return f"{post.who}: “{post.words}” ({', '.join(where)}; {state})"
