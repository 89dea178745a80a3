"""Lines: newer words as a person writes them, and corrections in their own words; another person signs them off."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from streams.decisions.authority import freshness
from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import may_on_all
from streams.decisions.lifecycle import DECLARED, stay_in, stuck
from streams.decisions.release import corrections, release_orders, reported
from streams.decisions.verdict import Refused, reasons_of
from streams.decisions.wording import message_policy
from streams.decisions.wording.message_policy import Says
from streams.decisions.wording.renderer import SHARE, asking_to_share, marked, title_of
from streams.decisions.wording.slot_values import names_of_place
from streams.moments import parts
from streams.signs import composed, composed_each
from streams.values import Form, Power, Purpose, derive_id
from streams.why import because
from streams.words.facts import FactBody
from streams.words.release import DraftLine, Message


def draft_line(order: Order, body: DraftLine) -> Sequence[FactBody]:
    """Hand in a line for another person to sign off; its content is checked before anybody is asked."""
    if barred := barred_from(order, body):
        return [barred.fact(body.kind)]
    message = written(order, body)
    return [message.fact(body.kind)] if isinstance(message, Refused) else release_orders.handed_in(order, message)


def barred_from(order: Order, body: DraftLine) -> Refused | None:
    """Why this person may hand in no such line, whatever its words are; None if they may."""
    if over := _over(order, body):
        return over
    verdict = may_on_all(order.command.by, order.act(Power.DRAFT_LINE), channels=body.channels, register=order.register)
    return verdict if isinstance(verdict, Refused) else None


def written(order: Order, body: DraftLine) -> Message | Refused:
    """The draft as the order describes it, whoever gives it, or everything that is wrong with its words."""
    if reasons := [*_misfits(order, body)]:
        return Refused(reasons)
    asked = [asking_to_share(one) if body.asks_to_share else one for one in (body.texts, body.short_texts)]
    if corrections.says_again(order.incident.messages.get(body.follows or ""), asked[0]):
        return Refused([corrections.SAID_ALREADY])
    texts, short_texts = (marked(composed_each(one), order.incident.mode) for one in asked)
    if reasons := [*message_policy.too_long(texts), *message_policy.too_long(short_texts, Form.SHORT)]:
        return Refused(reasons)
    hashtags = body.hashtags or message_policy.kept_hashtags(
        release_orders.hashtags_of(order), [*texts.values(), *short_texts.values()]
    )
    # It is not said any more once the time has come by which it promises the next.
    ends = [one for one in (body.expires_at, body.next_update_at) if one]
    message = Message(
        id=derive_id("msg", order.command.id),
        purpose=Purpose.CORRECTION if body.follows else Purpose.LINE,
        texts=texts,
        short_texts=short_texts,
        channels=tuple(dict.fromkeys(body.channels)),
        hashtags=hashtags,
        expires_at=min(ends, default=order.now + freshness.HOLDING_LASTS),
        next_update_at=body.next_update_at,
        titles=_titles(order, body),
        follows=body.follows,
    )
    holds = order.incident.holds
    says = None if body.follows else _says(order, body)
    reasons = [*message_policy.faults(message, order.register, mode=order.incident.mode, says=says, holds=holds)]
    others = [*_left_wrong(order, body), *(reported.misfits(order, body.what) if body.what else ())]
    return Refused(reasons) if reasons else message_policy.doubted(message, order.register, holds=holds, others=others)


def hashtags_with(order: Order, chosen: Sequence[str], *, texts: Iterable[str]) -> tuple[str, ...]:
    """The hashtags that a person chose before those of the incident, as many as fit; none where none was chosen."""
    return message_policy.kept_hashtags([*chosen, *release_orders.hashtags_of(order)], texts) if chosen else ()


def _over(order: Order, body: DraftLine) -> Refused | None:
    """Why nothing new is said about the incident; None while it goes on, and for a correction, which may follow it."""
    return None if body.follows else stuck(order.incident, stay_in(DECLARED), words="draft line")


def _misfits(order: Order, body: DraftLine) -> Iterator[str]:
    """What is wrong with the order itself, before a word is looked at."""
    yield from reasons_of(
        _over(order, body), corrections.unknown(order, body.follows), corrections.taken_back(order, body.follows)
    )
    if body.follows is None and body.next_update_at is None:
        yield because("line-no-promise", "a line says when the next word comes, and no time is given: promise one")
    if body.next_update_at and body.next_update_at <= order.now:
        yield because("promise-passed", "the next update is promised for a time that has passed: promise a later one")
    if body.asks_to_share and (unable := [one for one in body.texts if one not in SHARE]):
        form = "we cannot ask in {languages} to share it: say it in your own words"
        yield because("cannot-ask-to-share", form, languages=", ".join(unable))
    for language in _languages_followed(order, body):
        if language not in body.texts:
            form = "the words that it corrects are out in {language}, too: write the text in {language}"
            yield because("out-in-language", form, language=language)


def _languages_followed(order: Order, body: DraftLine) -> Sequence[str]:
    """The trust's languages in which the message that is corrected went out, in the register's order.

    Of a partner's post none counts.
    """
    followed = order.incident.messages.get(body.follows or "")
    there = followed.texts if followed and not followed.credit else {}
    return [language for language in order.register.languages if language in there]


def _left_wrong(order: Order, body: DraftLine) -> Iterator[str]:
    """The channels on which the words that are corrected would stay as they are."""
    there = corrections.channels_with(order, body.follows) if body.follows else ()
    for channel in there:
        if channel not in body.channels:
            form = "the words that it corrects stay as they are on {channel}: see whether {channel} is to have it, too"
            yield because("stay-wrong-on", form, channel=channel)


def _titles(order: Order, body: DraftLine) -> Mapping[str, str]:
    """What happened and where, as the order names it; a correction that names nothing keeps the titles as they were."""
    where = _where(order, body, body.what)
    named = {
        language: composed(title_of(what, next(iter(where[language]), None))) for language, what in body.what.items()
    }
    followed = order.incident.messages.get(body.follows or "")
    titles = named or (followed.titles if followed else {})
    return {language: title for language, title in titles.items() if language in body.texts}


def _says(order: Order, body: DraftLine) -> Says:
    """What a line has to say, in each of its languages."""
    where, when = _where(order, body, body.texts), dict.fromkeys(body.texts, body.when or "")
    by = body.next_update_at
    promised = {one: parts(by, now=order.now, zone=order.zone, language=one) for one in body.texts} if by else {}
    return Says(body.what, where, when, promised)


def _where(order: Order, body: DraftLine, languages: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """What a text may call the place: its name in the text's own language, or as the order has it.

    A place that the register does not list has only the name that the order gives it.
    """
    given = [body.where] if body.where else []
    names = names_of_place(body.where, order.register) if body.where else {}
    return {one: tuple(dict.fromkeys([*([names[one]] if one in names else []), *given])) for one in languages}
