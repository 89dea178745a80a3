"""Refusals of orders about the watch."""

from streams.subjects.listening.watch import TrustWatch, WatchStatus, the_watch
from streams.values import LIVE, Power
from streams.words.listening.watch import NoteWatch, NotOurs, WatchCloser
from tests import builders
from tests.builders import NOW, NURSE
from tests.refusals.case import Case, Could, case

HEARD = NoteWatch(minute=NOW, people=6, minutes=5, usual=0.02, everyone=6, first_seen=NOW)
NEW = the_watch(LIVE)
OPEN = builders.carried_out(NEW, HEARD, by="mentions-agent", id="heard")
ELSEWHERE = NotOurs(reason="A film is made there.")
OTHER = TrustWatch(id="other", mode=LIVE)
COULD = Could((Power.DECLARE,))


def _in(status: WatchStatus) -> TrustWatch:
    return OPEN.model_copy(update={"status": status})


WATCHED: tuple[Case, ...] = (
    case("cannot watch closer on incident inc-1: give the order to the watch", WatchCloser()),
    case("there is one watch, and watch/other is not it: name watch/trust", ELSEWHERE, OTHER),
    case("has no power to declare", WatchCloser(), OPEN, by=NURSE, could=COULD),
    case("has no power to declare", ELSEWHERE, OPEN, by=NURSE, could=COULD),
    case("the reason is kept for ever and holds", NotOurs(reason="ring 01632 960999"), OPEN, id="personal"),
    case("no surge was heard: there is nothing to answer", WatchCloser(), NEW),
    case("a person found it not ours: it comes up again", ELSEWHERE, _in(WatchStatus.NOT_OURS), id="again"),
    case("an incident was declared since: there is nothing left", ELSEWHERE, _in(WatchStatus.SETTLED), id="late"),
    case("it fell back to the usual: there is nothing left", ELSEWHERE, _in(WatchStatus.OVER), id="late"),
)
