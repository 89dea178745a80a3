"""Briefing agent: from `facts` to the trust's mail and back to `commands`. It keeps those informed who decide nothing.

Consumes: briefings that were claimed for its run.
Produces: the command that records what became of each person's letter.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from agents.ports import Background, Clock, NotSent, Pager, Records, Registers, Rejected
from streams.chain import is_sealed
from streams.errors import Forged
from streams.subjects.incident import Incident
from streams.values import Identifier, derive_id, digest, sentence
from streams.words.briefings.letters import BriefingClaimed, LetterResult, RecordBriefing
from streams.words.facts import Fact
from streams.words.orders import Command, Giver, command
from streams.words.register.entries import Register
from streams.words.sign_off import Call

NAME = Giver.BRIEFING.value
VIA = "email"


@dataclass(frozen=True, slots=True)
class Needs:
    """`run` names this process's life: a briefing of another run is never sent from here. `pagers` go by `Contact.via`.

    `write` answers with the text of the briefing on this incident, as it is now.
    """

    run: Identifier
    clock: Clock
    registers: Registers
    pagers: Mapping[str, Pager]
    background: Background
    records: Records
    write: Callable[[Identifier], Awaitable[str]]


async def handle(fact: Fact, needs: Needs) -> Sequence[Command]:
    """Mail the briefing that was claimed for this run; that runs beside the stream."""
    if isinstance(fact.body, BriefingClaimed) and fact.body.run == needs.run:
        claimed, state = fact.body, needs.records.get(fact.subject.key)
        if _is_open(fact, state):
            needs.background.start(fact.id, lambda: _mail(fact, claimed, needs))
        elif not isinstance(state, Incident) or not is_sealed(fact) or fact.sequence > state.sequence:
            raise Forged
    return []


def _is_open(fact: Fact, state: object) -> bool:
    """Whether the record has this very claim and waits for its report: only then may it be mailed."""
    known = state.briefings if isinstance(state, Incident) else None
    return known is not None and is_sealed(fact) and known.open is not None and known.claim == fact.hash


async def _mail(fact: Fact, claimed: BriefingClaimed, needs: Needs) -> Sequence[Command]:
    """Write it once, send it to one person after another within the claim's time, and report what is known."""
    text = await needs.write(fact.subject.id)
    results: dict[Identifier, LetterResult] = {}
    for name in claimed.people:
        call = _call(fact, name, needs.registers(), text=text)
        seconds_left = (claimed.until - needs.clock.now()).total_seconds()
        if isinstance(call, LetterResult):
            results[name] = call
        elif not _is_open(fact, needs.records.get(fact.subject.key)):
            results[name] = _failed("it was settled before anything was sent")
        elif seconds_left <= 0:
            results[name] = _failed("the claim had lapsed before it was sent")
        else:
            results[name] = await _send(call, needs, seconds_left)
    report = RecordBriefing(number=claimed.number, results=results, digest=digest(text))
    now = needs.clock.now()
    return [command(report, cause=fact.id, mode=fact.mode, subject=fact.subject, at=now, by=NAME)]


def _call(fact: Fact, name: str, register: Register, *, text: str) -> Call | LetterResult:
    """The letter to one person, or why there is none."""
    person = register.people.get(name)
    contact = next((one for one in person.contacts if one.via == VIA), None) if person else None
    if person is None or contact is None:
        return _failed(f"{name} has no e-mail address on the register: add one, or take the name out of `briefing`")
    return Call(
        key=derive_id("briefing", fact.id, name),
        mode=fact.mode,
        incident_id=fact.subject.id,
        person=name,
        name=person.called,
        contact=contact,
        text=text,
        answer_by=None,
    )


async def _send(call: Call, needs: Needs, seconds_left: float) -> LetterResult:
    """Unless the pager gives a receipt or a clear no, it is unknown whether the letter came."""
    pager = needs.pagers.get(VIA)
    if pager is None or pager.mode != call.mode:
        return _failed("this worker has no mail server of its mode: add a pager for `email` to the register")
    try:
        async with needs.clock.timeout(seconds_left):
            return LetterResult(outcome="sent", words=sentence(await pager.page(call)))
    except (Rejected, NotSent) as hindrance:
        return _failed(f"it could not be sent: {hindrance}")
    except TimeoutError:
        return LetterResult(outcome="unknown", words="no answer in time")
    except Exception as error:  # noqa: BLE001 - whatever it was, the letter may have come
        return LetterResult(outcome="unknown", words=sentence(f"sending broke off: {type(error).__name__}: {error}"))


def _failed(words: str) -> LetterResult:
    return LetterResult(outcome="failed", words=sentence(words))
