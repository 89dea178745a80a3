"""A line, or a correction in its own words, by prompts or in an editor; it is shown on each channel beforehand."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import typer
from pydantic import ValidationError

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.lines.editor import edited
from agents.entrypoints.cli.lines.kept import KeptAnswers, path_for
from agents.entrypoints.cli.lines.questions import NOTHING, a_time, ask, of_kind, one_of, several_of
from agents.entrypoints.cli.options import Misused, refusal
from agents.entrypoints.cli.record.doors import open_door
from agents.entrypoints.cli.record.shown import told_whole
from streams.codec import says
from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import may
from streams.decisions.channels.kinds import kind_of
from streams.decisions.desk.order_table import ORDERS
from streams.decisions.lifecycle import stuck
from streams.decisions.release import corrections
from streams.decisions.release.lines import hashtags_with, written
from streams.decisions.verdict import Refused
from streams.signs import folded
from streams.subjects.incident import Incident
from streams.telling.listening.tags import tag_lines
from streams.values import Form, Power, Prose, Subject, Word
from streams.words.orders import command
from streams.words.register.entries import Register
from streams.words.release import DraftLine, Message

SHORT = ", short"
WORDS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class LineWriter:
    """Who writes about which incident, as the log has it now; `in_editor` says where the texts are written."""

    by: str
    incident: Incident
    register: Register
    in_editor: bool

    def order(self, body: DraftLine) -> Order:
        """The order that would hand this in now."""
        now, about = SystemClock().now(), self.incident
        given = command(body, cause="a preview", mode=about.mode, subject=about.subject, at=now, by=self.by)
        return Order(given, about, self.register, now)

    def standing(self) -> Sequence[Message]:
        """The messages of ours that a correction can be about, the newest first."""
        return corrections.newest(self.order(EMPTY))


EMPTY = DraftLine(texts={}, channels=("none",))


def place(shared: Mapping[str, Any], *, in_editor: bool) -> LineWriter:
    """What the log says of the incident; `Misused` or an exit if no line can be written about it."""
    incident, register = look(shared)
    moves = ORDERS[DraftLine].moves or {}
    empty = Incident(id=shared["subject"].id, mode=shared["mode"])
    if refused := stuck(incident or empty, moves, words="draft line"):
        raise refusal(refused, as_json=shared["as_json"])
    if incident is None or register is None:
        raise Misused("the log keeps no register to write a line by: see `holdingline doctor`")
    found = LineWriter(shared["by"], incident, register, in_editor)
    verdict = may(found.by, found.order(EMPTY).act(Power.DRAFT_LINE), register=register)
    if isinstance(verdict, Refused):
        typer.echo("As it stands, another person has to hand it in:", err=True)
        _tell([*verdict.reasons, f"who could: {', '.join(verdict.who_could or ()) or 'nobody on the register'}"])
    return found


def line(at: LineWriter, *, follows: str | None = None) -> tuple[DraftLine, KeptAnswers]:
    """The line as the person wrote it, once they have seen it on each channel and said yes; and where it is kept."""
    kept = KeptAnswers(path_for("line", at.incident.id))
    if kept.is_resumed:
        typer.echo(f"{kept.path} has what was typed before: Enter keeps it, {NOTHING} takes it out.", err=True)
    if follows:
        kept.put("follows", follows)
    try:
        return _until_agreed(at, kept), kept
    except typer.Abort:
        left(kept)


def left(kept: KeptAnswers) -> NoReturn:
    """Say where what was typed is, and end."""
    typer.echo(f"\nNothing was handed in. What was typed is in {kept.path}: give the command again.", err=True)
    raise typer.Exit(1)


def look(shared: Mapping[str, Any]) -> tuple[Incident | None, Register | None]:
    """The incident that an order is about, and what it is judged by; None for what the log does not have."""
    return asyncio.run(_look(shared["mode"], shared["log"], about=shared["subject"]))


async def _look(mode: str, log: str, *, about: Subject) -> tuple[Incident | None, Register | None]:
    async with open_door(mode, log) as door:
        state = await door.state(about)
        register = await door.last_good_register()
    return (state if isinstance(state, Incident) and state.is_begun else None), register


def _until_agreed(at: LineWriter, kept: KeptAnswers) -> DraftLine:
    """Ask until the words can be handed in and the person says yes to them; `Abort` if they change nothing more."""
    reasons: Sequence[str] = ()
    while True:
        _ask_all(at, kept, reasons)
        message, reasons = _composed(at, kept)
        if message and _agreed(at, message):
            return DraftLine.model_validate(kept.answers)
        if reasons:
            typer.echo("It cannot be handed in as it is:", err=True)
            _tell(reasons)
        typer.confirm("Change it?", default=True, err=True, abort=True)


def _ask_all(at: LineWriter, kept: KeptAnswers, reasons: Sequence[str]) -> None:
    if standing := at.standing():
        typer.echo("Public, or on its way:", err=True)
        _tell(f"{number}  {one.id}  {first_words(one)}" for number, one in enumerate(standing, 1))
        known = one_of([*dict.fromkeys([*(one.id for one in standing), *at.incident.messages])])
        question = "Which of these does it correct, by its number; none for a new line"
        kept.put("follows", ask(question, known, kept=kept.answers.get("follows"), optional=True))
    elif not at.incident.messages:
        kept.put("follows", None)
    followed = at.incident.messages.get(kept.answers.get("follows") or "")
    channels = kept.answers.get("channels") or _usual_channels(at, followed)
    kept.put("channels", ask("Channels", several_of([*at.register.channels]), kept=channels))
    now, zone = at.order(EMPTY).now, at.order(EMPTY).zone
    question = "When the next word comes, as 23:30 or +30m"
    by = ask(question, a_time(now, zone), kept=kept.answers.get("next_update_at"), optional=followed is not None)
    kept.put("next_update_at", by)
    about = _about(followed)
    if at.in_editor:
        _edit_texts(at, kept, [*about, *(f"To mend: {one}" for one in reasons)])
    else:
        _tell(about)
        _ask_texts(at, kept, followed)
    if followed is None:
        _ask_elements(kept)
    _ask_tags(at, kept)


def _usual_channels(at: LineWriter, followed: Message | None) -> list[str]:
    """Those that have what is corrected; else those of the first word; else all."""
    if followed:
        return [*(corrections.channels_with(at.order(EMPTY), followed.id) or followed.channels)]
    ours = (one for one in at.incident.messages.values() if one.credit is None)
    first = next(ours, None)
    return [*(first.channels if first else at.register.channels)]


def _headings(at: LineWriter, kept: KeptAnswers) -> Iterator[tuple[str, str, str]]:
    """What each text is called, the field that it is in, and its language; short texts where a channel takes them."""
    channels = [at.register.channels[name] for name in kept.answers["channels"]]
    kinds = [kind for one in channels if (kind := kind_of(one))]
    for language in at.register.languages:
        yield language, "texts", language
    if any(kind.form is Form.SHORT for kind in kinds):
        for language in at.register.languages:
            yield f"{language}{SHORT}", "short_texts", language


def _about(followed: Message | None) -> Sequence[str]:
    """What the person has to know while they write: the wrong words, or what every line says."""
    if followed is None:
        return ["A line says what happened, where, when, and when the next word comes."]
    return [f"It corrects, {one}: {' '.join(text.split())}" for one, text in followed.texts.items()]


def _edit_texts(at: LineWriter, kept: KeptAnswers, about: Sequence[str]) -> None:
    headings = {called: (name, language) for called, name, language in _headings(at, kept)}
    before = {called: kept.within(name).get(language, "") for called, (name, language) in headings.items()}
    notes = [f"Channels: {', '.join(kept.answers['channels'])}.", *about]
    after = edited(kept.text_file, before, notes=notes)
    for called, (name, language) in headings.items():
        kept.put_in(name, language, text=after.get(called))


def _ask_texts(at: LineWriter, kept: KeptAnswers, followed: Message | None) -> None:
    needed = set(followed.texts) if followed and followed.credit is None else {at.register.languages[0]}
    for called, name, language in _headings(at, kept):
        is_short = name == "short_texts"
        if is_short and language not in kept.within("texts"):
            continue
        may_miss = is_short or language not in needed
        kept_text = kept.within(name).get(language)
        kept.put_in(name, language, text=ask(f"Text in {called}", of_kind(Prose), kept=kept_text, optional=may_miss))


def _ask_tags(at: LineWriter, kept: KeptAnswers) -> None:
    """Which of the hashtags that people use go with the words, if there are any; those of the incident come after."""
    if at.incident.tags is None or not at.incident.tags.tags:
        return
    _tell(tag_lines(at.incident))
    offered = [one.tag for one in at.incident.tags.tags]
    before = {folded(one) for one in kept.answers.get("hashtags") or ()}
    chosen = [one for one in offered if one in before] or None
    chosen = ask("Which hashtags go with it", several_of(offered), kept=chosen, optional=True)
    texts = [*kept.within("texts").values(), *kept.within("short_texts").values()]
    kept.put("hashtags", [*hashtags_with(at.order(EMPTY), chosen or (), texts=texts)] or None)


def _ask_elements(kept: KeptAnswers) -> None:
    """What, where and when, in the words of the texts: a line has to say them."""
    for language in kept.within("texts"):
        before = kept.within("what").get(language)
        kept.put_in(
            "what", language, text=ask(f"What happened, as the {language} text says", of_kind(Word), kept=before)
        )
    for name, question in (("where", "Where, as the text says"), ("when", "When, as the text says")):
        kept.put(name, ask(question, of_kind(Word), kept=kept.answers.get(name)))


def _composed(at: LineWriter, kept: KeptAnswers) -> tuple[Message | None, Sequence[str]]:
    """The message that would wait for sign-off; or None, and why."""
    try:
        body = DraftLine.model_validate(kept.answers)
    except ValidationError as error:
        return None, [says(error)]
    found = written(at.order(body), body)
    return (None, found.reasons) if isinstance(found, Refused) else (found, ())


def _agreed(at: LineWriter, message: Message) -> bool:
    followed = at.incident.messages.get(message.follows or "")
    _tell(told_whole(message, at.register, mode=at.incident.mode, followed=followed))
    return typer.confirm("Hand it in for sign-off?", err=True)


def _tell(lines: Sequence[str] | Iterator[str]) -> None:
    for one in lines:
        typer.echo(f"  {one}", err=True)


def first_words(message: Message) -> str:
    """How a message begins, for a list of several."""
    words = " ".join(next(iter(message.texts.values())).split())
    return f"“{words[:WORDS_SHOWN]}{'…' if len(words) > WORDS_SHOWN else ''}”"
