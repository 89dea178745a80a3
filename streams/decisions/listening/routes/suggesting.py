"""Suggesting: the order by which a routed post comes before a person. It says what our rule and our words found.

No text, account or identifier of a post is in it: what an order says is kept for ever.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from streams.decisions.listening.routes.gathering import Opened
from streams.values import Identifier
from streams.words.cases import CaseSort, OpenCase
from streams.words.listening.routes import CasePosts

KEPT = timedelta(days=90)
"""What is known of the posts of a case goes after so long, if nothing let it go before."""
ABOUT: Mapping[CaseSort, str] = {
    CaseSort.HATE_CRIME: "A public post may be a hate crime: a person judges it.",
    CaseSort.THREAT: "A public post may be a threat.",
    CaseSort.MEDIA_ENQUIRY: "A public post looks like a media enquiry.",
    CaseSort.CALL_FOR_HELP: "A public post asks for help.",
    CaseSort.COMPLAINT: "A public post to us looks like a complaint.",
    CaseSort.ABUSE: "A public post to us is abusive.",
}
ABOUT_ALL: Mapping[CaseSort, str] = {
    CaseSort.HATE_CRIME: "Many public posts may be hate crimes: all further ones are gathered here.",
    CaseSort.THREAT: "Many public posts may be threats: all further ones are gathered here.",
    CaseSort.MEDIA_ENQUIRY: "Many public posts look like media enquiries: all further ones are gathered here.",
    CaseSort.CALL_FOR_HELP: "Several public posts ask for help: all further ones are gathered here.",
    CaseSort.COMPLAINT: "Several public posts to us look like complaints: all further ones are gathered here.",
    CaseSort.ABUSE: "Several public posts to us are abusive: all further ones are gathered here.",
}


def suggestion(found: Opened, *, incident: Identifier | None) -> OpenCase:
    """The order that opens this case."""
    first = found.first
    return OpenCase(
        sort=first.sort,
        about=(ABOUT_ALL if found.takes_all else ABOUT)[first.sort],
        incident=incident,
        by_rule=first.rule,
        words=first.words,
        addressed=first.addressed,
        gathered=1,
    )


def posts_of(found: Opened, *, about: str, now: datetime) -> CasePosts:
    """What is kept of its first post."""
    first, until = found.first, now + KEPT
    return CasePosts(case_id=found.case_id, posts=(first.name,), authors=(first.person,), kept_until=until, about=about)
