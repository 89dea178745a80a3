"""Orders about the briefing by mail."""

from streams.decisions.briefings import letters
from streams.decisions.desk.order_kind import OrderKind
from streams.words.briefings.letters import RecordBriefing
from streams.words.orders import Giver

ROWS = (
    OrderKind(
        body=RecordBriefing,
        words="record briefing",
        given_by=(Giver.BRIEFING,),
        moves=None,
        answer=letters.record,
    ),
)
