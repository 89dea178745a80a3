"""Deliveries in words: what each channel was asked, what came of it, what a person does by hand, what is planned."""

from collections.abc import Iterator, Mapping, Sequence

from streams.decisions.channels.card import Repost
from streams.decisions.channels.kinds import kind_of
from streams.decisions.wording.shown.marks import marks
from streams.decisions.wording.shown.renderings import Figure, Rendering, one_text, renderings
from streams.moments import told_in
from streams.projections.words_out import NotOut
from streams.subjects.incident import Incident
from streams.telling.names import Names
from streams.values import Purpose
from streams.words.delivery import (
    ByHand,
    Delivery,
    DeliveryAsked,
    DeliveryClaimed,
    DeliveryConfirmed,
    DeliveryFact,
    DeliveryPaced,
    DeliveryRefused,
    DeliveryState,
    DeliveryUnknown,
    DeliveryUnsent,
    Verb,
)
from streams.words.plans import (
    PlanFact,
    PostCorrectionDrafted,
    PostDrafted,
    PostDropped,
    PostHeld,
    PostPlanned,
    PostTakenOver,
    PostToReview,
    PostUnscheduled,
)
from streams.words.register.entries import Register, StillPicture
from streams.words.release import Message

ACTS: Mapping[Verb, str] = {
    Verb.PUBLISH: "publish {}",
    Verb.CORRECT: "correct by {}",
    Verb.WITHDRAW: "withdraw by {}",
    Verb.REPOST: "repost {}",
    Verb.UN_REPOST: "take back by {}",
}
"""What a channel or a person is asked to do with a message."""


def told_not_out(one: NotOut, register: Register | None = None) -> str:
    """Words that a channel refused: on which channel, why, and who could mend that, as far as the register says."""
    where, why = one.delivery.channel, one.delivery.reason or "it did not say why"
    keepers = register.keepers_of(where) if register else ()
    mend = f". Who could mend it: {', '.join(keepers)}; then it can be released again" if keepers else ""
    return f"NOT OUT  {one.message.purpose} {one.message.id} on {where}, which refused it: {why}{mend}"


def told_delivery(body: DeliveryFact, names: Names) -> str:
    """One sentence for one fact about a delivery; it names the channel if the fact or `names` does."""
    match body:
        case DeliveryAsked():
            act, task = ACTS[body.verb or Verb.PUBLISH].format(body.message_id), body.by_hand
            if task:
                return f"a person is asked to {act} on {body.channel} ({task.platform}) by hand"
            return f"{body.channel} asked to {act} (attempt {body.attempt})"
        case DeliveryClaimed():
            return f"{body.dispatch.channel}: sending, delivery {body.delivery_id}"
        case DeliveryConfirmed():
            receipt = body.receipt.called if body.receipt else "no receipt"
            return f"PUBLIC{names.on(body.delivery_id)}: delivery {body.delivery_id} ({receipt})"
        case DeliveryRefused():
            return f"NOT PUBLIC{names.on(body.delivery_id)}: delivery {body.delivery_id}: {body.reason}"
        case DeliveryUnsent():
            again = f"the next attempt is due at {body.retry_at.astimezone(names.zone):%H:%M:%S %Z}"
            return f"not public yet{names.on(body.delivery_id)}, {again}: delivery {body.delivery_id}: {body.reason}"
        case DeliveryPaced():
            free = body.retry_at.astimezone(names.zone)
            return f"{body.channel}: waits until {free:%H:%M:%S %Z}: delivery {body.delivery_id}: {body.reason}"
        case DeliveryUnknown():
            where = f"delivery {body.delivery_id} on {body.dispatch.channel}"
            return f"UNKNOWN, it may be public: {where}: {body.reason}"


def told_task(delivery: Delivery, incident: Incident) -> Iterator[str]:
    """The steps, and below them the text, line by line as it is to be copied."""
    task = delivery.by_hand
    if delivery.left:
        yield f"{delivery.channel}: {delivery.left}"
    if task is None or not delivery.is_task:
        return
    message = incident.messages[delivery.message_id]
    yield f"{delivery.channel} ({task.platform}): open {task.open}"
    yield _step(delivery, message, _earlier(message, delivery.channel, incident))
    yield from text_to_copy(message, task).split("\n")


def text_to_copy(message: Message, task: ByHand) -> str:
    """The words with their hashtags, every language below the other, in the form that the network takes."""
    return one_text(message, [*message.texts], form=task.form)


def _step(delivery: Delivery, message: Message, earlier: str | None) -> str:
    match delivery.verb:
        case Verb.PUBLISH:
            return "post exactly these words:"
        case Verb.CORRECT | Verb.WITHDRAW if earlier is None:
            return "the words that these mend were not put there: post exactly these:"
        case Verb.CORRECT:
            return f"{earlier} is wrong: put exactly these words in its place, or post them below it:"
        case Verb.WITHDRAW:
            return f"delete {earlier}, then post exactly these words:"
        case Verb.REPOST:
            link = message.credit.url if message.credit else None
            return f"share the partner's post {link}, or post exactly these words:" if link else "post these words:"
        case Verb.UN_REPOST:
            return f"take back {earlier}; if it was a copy, post exactly these words in its place:"


def _earlier(message: Message, channel: str, incident: Incident) -> str | None:
    """Our posts that this one mends, each with its link; None if none was put there. A public one ends the list.

    A correction that nobody ticked may be there all the same, and what it should have mended surely is.
    """
    return ", and ".join(_posts(incident, message.follows, channel=channel)) or None


def _posts(incident: Incident, message_id: str | None, *, channel: str) -> Iterator[str]:
    deliveries = incident.deliveries.values()
    before = next((one for one in deliveries if (one.message_id, one.channel) == (message_id, channel)), None)
    link = before.receipt.url if before and before.receipt else None
    mended = incident.messages.get(message_id or "")
    follows = mended.follows if mended and mended.purpose is Purpose.CORRECTION else None
    if before and before.state is DeliveryState.REFUSED:
        earlier = [*_posts(incident, follows, channel=channel)] if follows else []
        yield from earlier
        if earlier and before.by_hand:
            yield f"our post with message {message_id} if somebody put it there"
        return
    if before is None or before.state is DeliveryState.CONFIRMED or follows is None:
        yield f"our post {link}" if link else f"our post with message {message_id} (no link of it is noted)"
        return
    yield from _posts(incident, follows, channel=channel)
    yield f"our post with message {message_id} if somebody put it there"


def told_renderings(message: Message, register: Register, *, mode: str) -> Iterator[str]:
    """What the public of each channel reads, byte for byte; channels that show the same come together."""
    together: dict[tuple[str | None, str], list[str]] = {}
    tags_on: dict[str, list[str]] = {}
    shared = []
    for name in message.channels:
        entry = register.channels.get(name)
        kind = kind_of(entry) if entry else None
        if entry is None or kind is None:
            continue
        for one in renderings(message, entry, mode=mode):
            together.setdefault((one.subject, one.text), []).append(f"{name} in {_called(one)}: {_told(one.figures)}")
            if kind.taps_hashtags:
                tags_on.setdefault(one.text, []).append(name)
        if message.credit and kind.reposts is Repost.NATIVE:
            shared.append(name)
    for (subject, text), heads in together.items():
        yield from heads
        yield from (f"  | {line}" for line in (*([subject, ""] if subject else ()), *text.rstrip("\n").split("\n")))
        yield from _tapped(text, tags_on.get(text, ()))
    if picture := message.picture:
        yield from told_picture(picture)
        with_it, without = pictured_on(message, register)
        yield f"  shown on {', '.join(with_it) or 'no channel of these'}"
        if without:
            yield f"  not shown on {', '.join(without)}: there the words are all"
    if shared:
        yield f"{', '.join(shared)}: if the partner's own post is on that network, it is shared in place of these words"
    known = {name: register.channels[name].audience for name in message.channels if name in register.channels}
    yield from (f"as far as known, it reaches {name}: {audience}" for name, audience in known.items() if audience)


def _tapped(text: str, tags_on: Sequence[str]) -> Iterator[str]:
    """What leads a reader somewhere: a link on each channel, a hashtag on those named."""
    found = {kind: [text[one.start : one.end] for one in marks(text) if one.kind == kind] for kind in ("link", "tag")}
    if found["link"]:
        yield f"  a reader can tap {', '.join(found['link'])}"
    if found["tag"] and tags_on:
        yield f"  a reader can tap {', '.join(found['tag'])} on {', '.join(dict.fromkeys(tags_on))}"


def told_picture(picture: StillPicture) -> Iterator[str]:
    """Which file it is, what it shows in each language, whose work it is, and who consented."""
    yield f"picture {picture.file} ({picture.media_type}, {picture.size_bytes} bytes, {picture.digest[:16]}…)"
    yield from (f"  it shows, {language}: {told}" for language, told in picture.alternative_text.items())
    yield f"  credit: {picture.credit}; consent: {picture.consent}"


def pictured_on(message: Message, register: Register) -> tuple[Sequence[str], Sequence[str]]:
    """The message's channels that show its picture, and those that take none."""
    kinds = {name: kind_of(register.channels[name]) for name in message.channels if name in register.channels}
    with_it = [name for name, kind in kinds.items() if kind and kind.pictures]
    return with_it, [name for name in kinds if name not in with_it]


def told_picture_after(message: Message, followed: Message | None, *, register: Register) -> Iterator[str]:
    """What becomes of the picture of `followed`, channel by channel, if this message corrects it."""
    if message.purpose is not Purpose.CORRECTION or followed is None or followed.picture is None:
        return
    yield f"picture {followed.picture.file} of the first words; if it is wrong too, withdraw them instead:"
    for name in pictured_on(followed, register)[0]:
        kind = kind_of(register.channels[name])
        if kind and kind.pictures and name in message.channels:
            yield f"  {name}: {kind.pictures.corrected}"


def _called(one: Rendering) -> str:
    return " and ".join(one.languages)


def _told(figures: Sequence[Figure]) -> str:
    return ", ".join(
        f"{one.called} has {one.length} {one.unit}{f' of {one.most}' if one.most is not None else ''}"
        for one in figures
    )


def told_plan(body: PlanFact, names: Names) -> str:
    """One line for one fact about a planned post."""
    match body:
        case PostDrafted(message=message):
            when = f"post for {told_in(names.zone, body.at)} on {', '.join(message.channels)}"
            return f"{when} waits for another person's yes to content {message.content_hash}"
        case PostPlanned(message=message):
            return f"post planned for {told_in(names.zone, body.at)} on {', '.join(message.channels)}"
        case PostCorrectionDrafted(message=message):
            return (
                f"correction of the post on {', '.join(message.channels)} waits for another person's yes to content "
                f"{message.content_hash}"
            )
        case PostHeld():
            return f"post HELD, {body.reason}: it goes out only once a person plans it again"
        case PostToReview():
            return "no incident goes on: the held post waits to be planned again, or dropped"
        case PostDropped():
            beyond = f"; beyond: {'; '.join(body.beyond)}" if body.beyond else ""
            return f"post dropped: {body.reason}{beyond}"
        case PostTakenOver(message=message):
            lacks = f"; it stays there, since we cannot send {body.lacks}" if body.lacks else ""
            return (
                f"post HELD that {body.scheduler} had scheduled on the server of {', '.join(message.channels)} for "
                f"{told_in(names.zone, body.at)}{lacks}"
            )
        case PostUnscheduled(put_off_to=until):
            if body.perhaps_public:
                return "its time came while its server was asked: it may be PUBLIC there"
            return f"put off on its server to {told_in(names.zone, until)}" if until else "off its server"
