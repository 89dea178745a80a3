"""Escalation agent: from `facts` to pagers and back to `commands`. It asks people, tells them the end, and reports.

Consumes: pages that were claimed for its run.
Produces: commands that record what became of a page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from agents.ports import Background, Clock, NotSent, Pager, Records, Rejected
from streams.decisions.sign_off.links import Ticket, linked
from streams.decisions.sign_off.page_steps import has_passed, is_open
from streams.errors import Forged
from streams.values import Identifier, sentence
from streams.words.facts import Fact
from streams.words.orders import Command, Giver, command
from streams.words.sign_off import Call, PageOutcome, PersonPaged, PersonTold, RecordPage

NAME = Giver.ESCALATION.value


@dataclass(frozen=True, slots=True)
class Needs:
    """`run` names this process's life: a page of another run is never made from here. `pagers` go by `Contact.via`.

    `link` makes the link that opens the decision; it is never in the record, since it shows who it was sent to.
    """

    run: Identifier
    clock: Clock
    pagers: Mapping[str, Pager]
    background: Background
    records: Records
    link: Callable[[Ticket], str] | None = None


async def handle(fact: Fact, needs: Needs) -> Sequence[Command]:
    """Make the page that was claimed for this run; the paging itself runs beside the stream."""
    match fact.body:
        case PersonPaged() | PersonTold() as claimed if claimed.run == needs.run:
            state = needs.records.get(fact.subject.key)
            if is_open(fact, state=state):
                needs.background.start(fact.id, lambda: _page(fact, claimed, needs))
            elif not has_passed(fact, claimed, state=state):
                raise Forged
        case _:
            pass
    return []


async def _page(fact: Fact, claimed: PersonPaged | PersonTold, needs: Needs) -> Sequence[Command]:
    """Look once more whether it still waits, page within the claim's time, and report what is known about it."""
    if is_open(fact, state=needs.records.get(fact.subject.key)):
        outcome, words = await _attempt(_with_link(fact, claimed, needs=needs), claimed, needs=needs)
    else:
        outcome, words = "failed", "it was settled before anything was sent"
    report = RecordPage(search_id=claimed.search_id, number=claimed.number, outcome=outcome, words=sentence(words))
    now = needs.clock.now()
    return [command(report, cause=fact.id, mode=fact.mode, subject=fact.subject, at=now, by=NAME)]


def _with_link(fact: Fact, claimed: PersonPaged | PersonTold, *, needs: Needs) -> Call:
    """The page with a last line that opens the decision; one that tells of the end asks for nothing."""
    call = claimed.call
    if needs.link is None or isinstance(claimed, PersonTold):
        return call
    link = needs.link(Ticket(fact.subject, claimed.search_id, call.person))
    return call.model_copy(update={"text": linked(call.text, link)})


async def _attempt(call: Call, claimed: PersonPaged | PersonTold, *, needs: Needs) -> tuple[PageOutcome, str]:
    pager = needs.pagers.get(call.contact.via)
    if pager is None:
        return "failed", f"this worker has no pager for {call.contact.via}: add one to its register and start it again"
    if pager.mode != call.mode:
        return "failed", f"the pager for {call.contact.via} is of mode {pager.mode}, not of {call.mode}"
    seconds_left = (claimed.until - needs.clock.now()).total_seconds()
    if seconds_left <= 0:
        return "failed", "the claim had lapsed before anything was sent"
    return await _send(call, pager, needs.clock, seconds_left)


async def _send(call: Call, pager: Pager, clock: Clock, seconds_left: float) -> tuple[PageOutcome, str]:
    """Unless the pager gives a receipt or a clear no, it is unknown whether the page came."""
    try:
        async with clock.timeout(seconds_left):
            return "sent", await pager.page(call)
    except (Rejected, NotSent) as hindrance:
        return "failed", f"it could not be sent: {hindrance}"
    except TimeoutError:
        return "unknown", f"no answer within {seconds_left:.0f} seconds"
    except Exception as error:  # noqa: BLE001 - whatever it was, the page may have come
        return "unknown", f"sending broke off: {type(error).__name__}: {error}"
