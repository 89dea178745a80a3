"""Contradictions: a partner says otherwise than another partner whose words are out. A person decides.

What is compared is in `streams.words.network.claims`; both posts are shown beside one another, see `partners_beside`.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import takewhile

from streams.decisions.authority.order import Order
from streams.decisions.wording.renderer import quote
from streams.moments import minute_in
from streams.why import because
from streams.words.network.claims import matters, otherwise
from streams.words.register.partners import Partner
from streams.words.release import MENDS, Credit, Message

COMPARED_WITHIN = timedelta(hours=6)
"""What was let out earlier may be old, and is not compared."""


def _name_of(message: Message, credit: Credit, *, at: str) -> str:
    """A partner's post by how it begins, its time, and its link where it has one."""
    post = quote(message)
    if credit.url is None:
        return because("their-post", "post {post} of {time}", post=post, time=at)
    return because("their-post-at", "post {post} of {time}, {link}", post=post, time=at, link=credit.url)


def contradicted(order: Order, partner: Partner, *, text: str) -> Iterator[str]:
    """Where this post says otherwise than the newest post of another partner about the same, if that is out here.

    Each names the other post and its time; what was taken back says nothing any more.
    """
    if not matters(text):
        return
    since = order.now - COMPARED_WITHIN
    heard, mended = set[tuple[str, str]](), set[str]()
    for one in takewhile(lambda let_out: let_out.authorisation.at >= since, order.released()):
        credit, follows = one.message.credit, one.message.follows
        if one.message.purpose in MENDS and follows:
            mended.add(follows)
        if credit is None or credit.partner == partner.id or one.message.id in mended:
            continue
        said = " ".join(one.message.texts.values())
        newest = [about for about in matters(said) if (credit.partner, about) not in heard]
        heard |= {(credit.partner, about) for about in newest}
        at = minute_in(order.zone, credit.posted_at or one.authorisation.at)
        theirs = _name_of(one.message, credit, at=at)
        for about in (each for each in otherwise(text, said) if each in newest):
            form = "it says otherwise than {partner} ({theirs}) about {matter}: see which is right, ask both"
            yield because("says-otherwise", form, partner=credit.partner_name, theirs=theirs, matter=about)
