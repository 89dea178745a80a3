"""A yes to words that wait: the person reads them as each channel will show them, and types no hash."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Annotated, Any, NoReturn

import typer

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.lines.prompts import first_words, look
from agents.entrypoints.cli.lines.questions import ask, one_of
from agents.entrypoints.cli.options import Misused, identified, refusal, zone_of
from agents.entrypoints.cli.record.shown import told_shown
from streams.decisions.verdict import Refused
from streams.moments import told_in
from streams.projections.inbox import answers, refusal_of
from streams.subjects.attention import Waiting, waiting
from streams.subjects.incident import Incident
from streams.telling.facts import apart
from streams.telling.network.partners_beside import told_partners
from streams.words.register.entries import Register
from streams.words.release import Message, SignOff

Which = Annotated[str | None, typer.Argument(help="The message, if several wait.", callback=identified)]
ContentHash = Annotated[
    str | None,
    typer.Argument(help="For a script: the hash of what was read, as `preview --json` has it; then nothing is asked."),
]


@dataclass(frozen=True, slots=True)
class WantedYes:
    """What waits for a yes in an incident: the order that gives it, and why the rules would refuse that order now."""

    waits: Waiting
    body: SignOff
    refused: Refused | None
    incident: Incident
    register: Register

    @property
    def draft(self) -> Message | None:
        """The words that wait; None where a question does."""
        return self.incident.drafts.get(self.body.message_id)

    def line(self) -> str:
        """What it is, who asks, and until when, in one line."""
        until = f", until {told_in(zone_of(self.register), self.waits.until)}" if self.waits.until else ""
        about = f"{self.draft.purpose} {first_words(self.draft)}" if self.draft else f"a question “{self._matter}”"
        return apart(f"{about}: {self.who} asks{until}")

    def whole(self) -> Iterator[str]:
        """All that a person has to read before they say yes."""
        yield self.line()
        draft = self.draft
        if draft is None:
            yield apart(f"  “{self._matter}”")
            return
        followed = self.incident.messages.get(draft.follows or "")
        if story := self.incident.stories.answered_by(draft.id):
            yield apart(f"answers story {story.story}; how we know: {story.evidence}")
        yield f"On {', '.join(draft.channels)}:"
        yield from told_shown(draft, self.register, mode=self.incident.mode, followed=followed)
        if self.waits.beside:
            yield from map(apart, told_partners(self.incident, zone_of(self.register)))

    @property
    def who(self) -> str:
        """Who asks for the yes."""
        name = self.body.message_id
        search = self.incident.searches.get(name)
        return self.register.called(self.incident.drafted_by.get(name) or (search.sought_by if search else name))

    @property
    def _matter(self) -> str:
        search = self.incident.searches.get(self.body.message_id)
        return (search.matter if search else None) or self.body.message_id


def sign_off(message: Which = None, content_hash: ContentHash = None, *, shared: Mapping[str, Any]) -> SignOff:
    """Say yes to words that wait: they are shown as each channel will show them, with who asks for the yes."""
    if message and content_hash:
        return SignOff(message_id=message, content_hash=content_hash)
    incident, register = look(shared)
    if incident is None or register is None:
        raise Misused(f"there is no {shared['subject'].called} in the log: see `holdingline status`")
    known = [*_wanted(incident, register, by=shared["by"])]
    found = [one for one in known if message in {None, one.body.message_id}]
    if not found and message is None:
        raise Misused(f"nothing waits for a yes in {incident.subject.called}: see `holdingline inbox`")
    if not found:
        unknown, now = SignOff(message_id=message or "", content_hash=""), SystemClock().now()
        gone = refusal_of(shared["by"], unknown, incident, register=register, now=now)
        raise refusal(gone or Refused([f"no draft {message} waits for sign-off"]), as_json=shared["as_json"])
    chosen = _chosen(found, shared)
    if not shared.get("said_to"):  # What is said on the telephone is read out, and its code is the yes.
        _until_agreed(chosen)
    return chosen.body


def _wanted(incident: Incident, register: Register, *, by: str) -> Iterator[WantedYes]:
    """Each draft and each question that waits in the incident."""
    now = SystemClock().now()
    for one in waiting(incident, now):
        for body in answers(one, incident):
            if isinstance(body, SignOff):
                refused = refusal_of(by, body, incident, register=register, now=now)
                yield WantedYes(one, body, refused, incident, register)


def _chosen(found: Sequence[WantedYes], shared: Mapping[str, Any]) -> WantedYes:
    """The one that this person means; they are told of each that waits for another person."""
    mine = [one for one in found if one.refused is None]
    others = [one for one in found if one.refused]
    if not mine and len(others) == 1 and others[0].refused:
        raise refusal(others[0].refused, as_json=shared["as_json"])
    for one in others:
        _tell([f"waits for another person's yes: {one.body.message_id}, {one.line()}", *_why_not(one)])
    if not mine:
        who = [name for one in others if one.refused for name in one.refused.who_could or ()]
        nothing = f"nothing waits for the yes of {shared['by']} in {found[0].incident.subject.called}"
        raise refusal(Refused([nothing], [*dict.fromkeys(who)]), as_json=shared["as_json"])
    if len(mine) == 1:
        return mine[0]
    _tell(f"{number}  {one.body.message_id}, {one.line()}" for number, one in enumerate(mine, 1))
    names = [one.body.message_id for one in mine]
    try:
        name = ask("Which of these, by its number", one_of(names))
    except typer.Abort:
        _nothing_signed()
    return mine[names.index(name)]


def _why_not(one: WantedYes) -> Iterator[str]:
    if one.refused:
        yield from (f"  {reason}" for reason in one.refused.reasons)
        if one.refused.who_could is not None:
            yield f"  who could: {', '.join(one.refused.who_could)}"


def _until_agreed(one: WantedYes) -> None:
    """Show what waits and ask for the yes; after a no the person is told how to send it back, and the command ends."""
    _tell(one.whole())
    question = "Say yes to exactly these words?" if one.draft else "Say yes to this?"
    try:
        if typer.confirm(question, err=True):
            return
    except typer.Abort:
        _nothing_signed()
    name, about = one.body.message_id, one.incident.id
    searches = one.incident.searches.values()
    asked = next((found for found in searches if name in {found.id, found.message_id} and not found.ended), None)
    if one.draft:
        typer.echo(f"To send it back to {one.who}: holdingline return-draft {about} {name} 'why'", err=True)
    if asked:
        typer.echo(f"To have the next person asked: holdingline decline {about} {asked.id} 'why'", err=True)
    _nothing_signed()


def _nothing_signed() -> NoReturn:
    typer.echo("Nothing was signed off.", err=True)
    raise typer.Exit(1)


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line, err=True)


sign_off.__signature__ = signature(sign_off).replace(  # type: ignore[attr-defined] # for typer
    parameters=[one for one in signature(sign_off).parameters.values() if one.name != "shared"]
)
