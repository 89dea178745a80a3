"""A release: the message that goes out, the yes that lets it, and the orders and facts about both."""

import operator
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal, Self

from pydantic import Field

from streams.signs import folded, hashtags_in
from streams.values import (
    LIST_MAX,
    Digest,
    Form,
    Frozen,
    Hashtag,
    Identifier,
    Language,
    Link,
    Power,
    Prose,
    Purpose,
    Sentence,
    Utc,
    Word,
    derive_id,
    digest,
    sentence,
)
from streams.why import Why, each_why
from streams.words.posts import PostStatus
from streams.words.register.entries import SlotName, StillPicture

MENDS = frozenset({Purpose.CORRECTION, Purpose.WITHDRAWAL})
"""Purposes that change what an earlier message is to the public."""
MAY_FOLLOW_THE_END = MENDS | {Purpose.ALL_CLEAR}
"""Purposes of words that may still go out once the incident is over."""


MENDED_BY_NAME_ONLY = frozenset({Purpose.WITHDRAWAL, Purpose.AMPLIFICATION})
"""What no such change is about unless it says so: what was withdrawn is over, and a partner's words are theirs."""
TEXTS_KEPT = 64
"""A text is shown, counted and looked through on each of its channels."""


_FORM_1 = frozenset({"texts", "hashtags", "slots", "channels", "audience", "expires_at", "credit", "purpose"})
_FORM_2 = _FORM_1 | {"follows", "form"}
SINCE_FORM_3 = ("short_texts", "doubts", "titles", "picture")
"""What a message may lack; where it has any of it, its hash is of form 3."""
COVERED: Mapping[int, frozenset[str]] = {1: _FORM_1, 2: _FORM_2, 3: _FORM_2 | set(SINCE_FORM_3)}
"""What the hash of a message covers, by its form."""


PostChange = Literal["edited", "deleted", "expired", "suspended", "gone"]
"""What became of a post: its author changed it, its own time ran out, or its account was suspended or is gone."""


class Credit(Frozen):
    """Whose words an amplification carries: the account that spoke, as the register writes it, and the post.

    `lapses_at` is until when the post holds, as it says itself; our copy is taken back then.
    `disclaimer` stands behind the words, as the register has it for the partner. `posted_at` is when it was posted.
    `edited` says that its author edited it before we shared it, so that some networks show readers its first words.
    """

    partner: Identifier
    partner_name: Word
    account_id: Identifier
    post_id: Identifier
    url: Word | None = None
    lapses_at: Utc | None = Field(default=None, exclude_if=operator.not_)
    disclaimer: Word | None = Field(default=None, exclude_if=operator.not_)
    posted_at: Utc | None = Field(default=None, exclude_if=operator.not_)
    edited: bool = Field(default=False, exclude_if=operator.not_)


NEWER = "newer"


def newer(post_id: str, number: int) -> str:
    """What the record calls the words of this number of a post; the first have the identifier of the post."""
    return post_id if number == 1 else derive_id(NEWER, post_id, number)


def is_newer(post_id: str) -> bool:
    """Whether this is what the record calls newer words of a post, and not what a network calls the post."""
    return post_id.startswith(f"{NEWER}-")


class Message(Frozen):
    """A rendered public message. `content_hash` covers exactly what an approval means: see `content`.

    `texts` are the long form of the words, `short_texts` the short one where a channel needs it. A withdrawal may have
    none: then what it is about is deleted, and nothing is said.
    `titles` name the event above them, in feeds and subjects; where there is none, no other name stands in for it.
    `doubts` are what a recogniser suspects of these words: they refuse nothing, and a yes is given in view of them.
    `why` says how each doubt was made, for other languages than English, as in a refusal; no yes is about it.
    `picture` goes with the words where a channel shows pictures; elsewhere the words are all.
    `form` says how that hash is made: messages of older releases still verify by theirs.
    """

    id: Identifier
    purpose: Purpose
    texts: Mapping[Language, Prose]
    channels: tuple[Identifier, ...] = Field(min_length=1)
    expires_at: Utc
    hashtags: tuple[Hashtag, ...] = ()
    slots: Mapping[SlotName, Word] = Field(default_factory=dict)
    audience: Literal["public"] = "public"
    template: Identifier | None = None
    template_hash: str | None = None
    follows: Identifier | None = None
    next_update_at: Utc | None = None
    credit: Credit | None = None
    short_texts: Mapping[Language, Prose] = Field(default_factory=dict, exclude_if=operator.not_)
    titles: Mapping[Language, Word] = Field(default_factory=dict, exclude_if=operator.not_)
    doubts: tuple[Sentence, ...] = Field(default=(), exclude_if=operator.not_)
    why: tuple[Why | None, ...] = Field(default=(), exclude_if=operator.not_)
    picture: StillPicture | None = Field(default=None, exclude_if=operator.not_)
    form: Literal[1, 2, 3] = 1
    content_hash: str = ""

    def sealed(self) -> Self:
        """The message with its hash, in the oldest form that covers all that it says."""
        about: Literal[1, 2] = 2 if self.follows or self.purpose in MENDS else 1
        whole = self.model_copy(update={"form": 3 if any(getattr(self, name) for name in SINCE_FORM_3) else about})
        return whole.model_copy(update={"content_hash": whole.content()})

    def with_doubts(self, doubts: Sequence[str]) -> Self:
        """The message with these doubts, sealed."""
        told = {"doubts": tuple(map(sentence, doubts)), "why": each_why(doubts)}
        return self.model_copy(update=told).sealed()

    def content(self) -> str:
        """Hash of text, slots, channels, audience and expiry: any edit gives another.

        In form 2 also of the message that it is about, which is struck out or marked as corrected; in form 3 also of
        the short texts, the titles, the doubts, and the picture with its content and its alternative text.
        When the next word is promised needs no place of its own: the text or the slots say it.
        """
        return digest(self.model_dump(mode="json", include=set(COVERED[self.form])))

    def words(self) -> str:
        """Digest of what a person is shown: texts in every form and language, titles, picture, hashtags, channels."""
        shown = [dict(self.texts), dict(self.short_texts), list(self.hashtags), list(self.channels)]
        pictured = [self.picture.model_dump(mode="json")] if self.picture else []
        return digest([*shown, dict(self.titles), *pictured] if self.titles or pictured else shown)

    def text_for(self, language: Language, form: Form = Form.LONG) -> str:
        """The words with their hashtags, each once, as a channel shows them; the long form if there is no short one."""
        texts = {**self.texts, **self.short_texts} if form is Form.SHORT else self.texts
        return _with_hashtags(texts[language], self.hashtags)

    def says_again(self, other: "Message") -> bool:
        """Whether this does on a channel what the other did: the same act, on the same message, in the same words.

        Words that mend one message are not those that mend another, even where both sound alike; but nothing is mended
        by its own words.
        """
        if self.texts != other.texts:
            return False
        return self.act() in other.acts() or self.follows == other.id

    def act(self) -> str:
        """Digest of what this does: its words and, if it mends a message that it names, which one and how."""
        texts = dict(self.texts)
        return digest([self.purpose, self.follows, texts] if self.purpose in MENDS and self.follows else texts)

    def acts(self) -> tuple[str, ...]:
        """Digests of all that this counts as: words that mend no named message are compared with any like them."""
        return tuple(dict.fromkeys([self.act(), digest(dict(self.texts))]))

    def written(self) -> Sequence[tuple[Form, Language, Prose]]:
        """Every text with its form and language, without hashtags."""
        texts = ((Form.LONG, self.texts), (Form.SHORT, self.short_texts))
        return [(form, language, text) for form, written in texts for language, text in written.items()]


@lru_cache(TEXTS_KEPT)
def _with_hashtags(text: str, hashtags: Sequence[str]) -> str:
    there = hashtags_in(text)
    return " ".join([text, *(one for one in hashtags if folded(one) not in there)])


class Standing(Frozen):
    """The rule that lets a partner's posts out without asking: one person registered the partner, another approved."""

    partner: Identifier
    registered_by: Identifier
    approved_by: Identifier


class Authorisation(Frozen):
    """Who let this content out, by which rule of which register, and until when that holds.

    `key` is what the order was signed with.
    `delegation` names the chain in which the person delegated it beforehand, in case no person answered.
    `reported_by` is set if it was given by word of mouth while this service was down: it lets nothing out.
    `standing` is set if nobody was asked, because the register lets this partner's posts out, and takes them back.
    """

    person: Identifier
    power: Power
    rule: Sentence
    register_version: str
    content_hash: str
    at: Utc
    until: Utc
    drafted_by: Identifier | None = None
    key: Identifier | None = None
    delegation: Identifier | None = None
    standing: Standing | None = Field(default=None, exclude_if=operator.not_)
    reported_by: Identifier | None = Field(default=None, exclude_if=operator.not_)


class Release(Frozen):
    """Release a pre-approved message with its slots filled, at once on its channels.

    `shown` is the digest of what the person saw, of the words (`Message.words`) or of them as each channel's public
    reads them (`shown_digest`): no others go out on this yes.
    """

    kind: Literal["release"] = "release"
    template: Identifier = Field(description="The template's identifier, as `holdingline hashes` lists it.")
    purpose: Purpose = Field(default=Purpose.HOLDING, description="What of the template goes out.")
    slots: Mapping[SlotName, Word] = Field(default_factory=dict, description="A slot, as name=value; once for each.")
    channels: tuple[Identifier, ...] = Field(
        default=(), max_length=LIST_MAX, description="A channel, once for each; all of the template's if none."
    )
    follows: Identifier | None = Field(default=None, description="The message it is about, if several stand.")
    next_update_at: Utc | None = Field(
        default=None,
        description="When the next word comes, as 23:30 or +30m, or all of it with its offset; the public is told.",
    )
    hashtags: tuple[Hashtag, ...] = Field(
        default=(),
        max_length=LIST_MAX,
        exclude_if=operator.not_,
        description="A hashtag that goes before those of the incident, once for each.",
    )
    shown: Digest | None = None


class Propose(Frozen):
    """Hand in one of a template's messages, filled in, for somebody with the power to sign off."""

    kind: Literal["propose"] = "propose"
    release: Release


class DraftLine(Frozen):
    """Hand in a line for another person to sign off, or a correction in its own words of the message that it `follows`.

    `what` names the event in each language. A line says what happened, where, when, and when the next word comes; a
    correction need not. Without `expires_at` it keeps until the next word is due.
    `asks_to_share` ends each text with the request to share it.
    """

    kind: Literal["draft_line"] = "draft_line"
    texts: Mapping[Language, Prose]
    short_texts: Mapping[Language, Prose] = Field(default_factory=dict, exclude_if=operator.not_)
    channels: tuple[Identifier, ...] = Field(min_length=1, max_length=LIST_MAX)
    what: Mapping[Language, Word] = Field(default_factory=dict)
    where: Word | None = None
    when: Word | None = None
    next_update_at: Utc | None = None
    expires_at: Utc | None = None
    hashtags: tuple[Hashtag, ...] = Field(default=(), max_length=LIST_MAX)
    asks_to_share: bool = Field(default=False, exclude_if=operator.not_)
    follows: Identifier | None = Field(default=None, exclude_if=operator.not_)


class SignOff(Frozen):
    """Say yes to a line with exactly the content that you read."""

    kind: Literal["sign_off"] = "sign_off"
    message_id: Identifier = Field(description="The message, as `holdingline status` shows it.")
    content_hash: str = Field(description="The hash of what you read, as `holdingline preview` shows both.")


class Amplify(Frozen):
    """Send a registered partner's post out again through our accounts, with credit.

    `elsewhere` counts the partner's posts that came for other incidents just before; they are part of its rate.
    `status` is whether the partner means it: what is a drill, a test or a draft to them never goes out live.
    `renews` says that these are newer words of a post, which go out in the place of those that are taken back.
    """

    kind: Literal["amplify"] = "amplify"
    credit: Credit
    text: Prose
    language: Language = "en"
    posted_at: Utc
    elsewhere: int = Field(default=0, ge=0, exclude_if=operator.not_)
    status: PostStatus = Field(default="actual", exclude_if="actual".__eq__)
    renews: bool = Field(default=False, exclude_if=operator.not_)


class NotePostChange(Frozen):
    """Note what became of a post that we sent out again; `text` is what an edited post says now."""

    kind: Literal["note_post_change"] = "note_post_change"
    credit: Credit
    change: PostChange
    text: Prose | None = Field(default=None, exclude_if=operator.not_)


class RecordByHand(Frozen):
    """Enter words that people made public by hand while this service was down, so that what comes later reaches them.

    `links` says where they are, by channel; empty where there is no link.
    """

    kind: Literal["record_by_hand"] = "record_by_hand"
    said_yes: Identifier = Field(description="Who said yes to these words, as the register has them.")
    texts: Mapping[Language, Prose] = Field(
        min_length=1, description="The words as they were put, as en=words; once for each language."
    )
    links: Mapping[Identifier, Link | Literal[""]] = Field(
        min_length=1, max_length=LIST_MAX, description="Where, as channel=link; no link after the sign if it has none."
    )
    put_at: Utc = Field(description="When they were put there, as 22:50, or all of it with its offset.")
    purpose: Purpose = Field(default=Purpose.HOLDING, description="What the words are for.")
    template: Identifier | None = Field(default=None, description="The template that they are from.")
    follows: Identifier | None = Field(default=None, description="The message that they are about.")
    next_update_at: Utc | None = Field(default=None, description="When they promised the next word, if they did.")


class DeleteMessage(Frozen):
    """Take a message back without a word, on channels that can delete; words that withdraw it say more to the public.

    It needs no approved text, only the power to withdraw.
    """

    kind: Literal["delete_message"] = "delete_message"
    message_id: Identifier = Field(description="The message, as `holdingline status` shows it.")
    channels: tuple[Identifier, ...] = Field(
        default=(), max_length=LIST_MAX, description="A channel, once for each; all that have the message if none."
    )


ReleaseOrder = Release | Propose | DraftLine | SignOff | Amplify | NotePostChange | RecordByHand | DeleteMessage


class LineDrafted(Frozen):
    """A line waits for another person's sign-off.

    `is_strange` counts against the account of a partner: its post sells, asks for votes, or is about something else.
    """

    kind: Literal["line_drafted"] = "line_drafted"
    message: Message
    is_strange: bool = Field(default=False, exclude_if=operator.not_)


class MessageAuthorised(Frozen):
    """A message may go public: this content, by this person, under this rule."""

    kind: Literal["message_authorised"] = "message_authorised"
    message: Message
    authorisation: Authorisation


class AmplifiedPostChanged(Frozen):
    """What became of a post that we sent out again; what takes ours back, if it stands, follows."""

    kind: Literal["amplified_post_changed"] = "amplified_post_changed"
    credit: Credit
    change: PostChange
