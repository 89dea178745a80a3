"""Orders about what we hear in public posts."""

from streams.decisions.desk import story_orders
from streams.decisions.desk.order_kind import OrderKind
from streams.decisions.desk.story_orders import MAY_LEAVE
from streams.decisions.desk.who_else import with_any
from streams.decisions.lifecycle import DECLARED, ONCE_DECLARED, stay_in
from streams.words.listening.stories import DecideNotToAnswer, NoteStory, NoteStoryCourse, ProposeRebuttal
from streams.words.orders import Giver

ROWS = (
    OrderKind(
        body=NoteStory,
        words="note story",
        given_by=(Giver.MENTIONS,),
        moves=stay_in(DECLARED),
        answer=story_orders.note_story,
        grows=True,
    ),
    OrderKind(
        body=NoteStoryCourse,
        words="note story course",
        given_by=(Giver.MENTIONS,),
        moves=ONCE_DECLARED,
        answer=story_orders.note_story_course,
    ),
    OrderKind(
        body=ProposeRebuttal,
        words="propose rebuttal",
        moves=stay_in(DECLARED),
        answer=story_orders.propose_rebuttal,
        grows=True,
        command="propose-rebuttal",
    ),
    OrderKind(
        body=DecideNotToAnswer,
        words="decide not to answer",
        moves=ONCE_DECLARED,
        answer=story_orders.decide_not_to_answer,
        who_could=with_any(*MAY_LEAVE),
        command="not-answered",
    ),
)
