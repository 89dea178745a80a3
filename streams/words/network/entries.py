"""What the trust writes down beforehand: the responders with their people on call, and the steps of its own process."""

import operator
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from streams.values import Frozen, Identifier, Language, Sentence, Word

DUE_MINUTES_MAX = 7 * 24 * 60
STEPS_MAX, SCHEDULERS_MAX = 40, 20
"""So many steps may a list have, and so many programs may post for us: an incident keeps them all."""
PAUSE, RESUME = "pause-", "resume-"
"""How the names of the steps about another program begin; its own name follows."""
PAUSED_WITHIN_MINUTES = 5
FIRST_WORD = "first-word"
"""The name of the step that is done once words of our own are public, whether or not a person ticks it off."""
CHANNELS_NAMED_MAX, WORD_CHARACTERS_MAX = 3, 200


class ResponderContact(Frozen):
    """Who is reached there, as `press desk` or `control room`, and how. The number is never for the public."""

    role: Word
    telephone: Word | None = None
    email: Word | None = None

    @model_validator(mode="after")
    def _is_reached(self) -> Self:
        if not (self.telephone or self.email):
            raise ValueError("neither a telephone nor an e-mail address: give one of the two")
        return self


class Responder(Frozen):
    """An organisation of the local resilience forum. `category` is as a partner's: police, fire, ambulance, council.

    `partner` names its entry among the partners, if its posts go out again through our accounts.
    """

    id: Identifier
    name: Word
    category: Identifier
    contacts: tuple[ResponderContact, ...] = Field(default=(), max_length=10)
    partner: Identifier | None = None


class Step(Frozen):
    """One step of the crisis process. `who` is the duty or role that does it, not a person.

    `due_minutes` counts from the declaration. `hint` says how it is done, or which command does it.
    With `attention`, a step that is overdue waits for a person; without, it is only shown.
    """

    id: Identifier
    title: Mapping[Language, Word] = Field(min_length=1)
    who: Mapping[Language, Word] = Field(min_length=1)
    due_minutes: int | None = Field(default=None, ge=0, le=DUE_MINUTES_MAX)
    hint: Mapping[Language, Sentence] = Field(default_factory=dict, exclude_if=operator.not_)
    attention: bool = False

    def title_in(self, language: str) -> str:
        """What is to be done, in this language; in the one that was written first, if it was not written in this."""
        return _in(language, self.title)

    def who_in(self, language: str) -> str:
        """Whose step it is, in this language."""
        return _in(language, self.who)

    def hint_in(self, language: str) -> str:
        """How it is done, in this language; empty if nothing is said of it."""
        return _in(language, self.hint)


class Scheduler(Frozen):
    """Another program that posts by itself on an account of ours. We cannot stop it: a person pauses it there.

    `pause` says how, and `resume` how it is let post again once the incident is over.
    `on_server`: it keeps its posts on the server of its channel, where the service can hold them itself.
    """

    id: Annotated[Identifier, StringConstraints(max_length=40)]
    name: Annotated[Word, StringConstraints(max_length=60)]
    pause: Mapping[Language, Sentence] = Field(min_length=1)
    resume: Mapping[Language, Sentence] = Field(min_length=1)
    on_server: bool = Field(default=False, exclude_if=operator.not_)


class SchedulerOn(Frozen):
    """A program that posts for us, and the channels on which it does."""

    scheduler: Scheduler
    channels: tuple[Identifier, ...] = Field(min_length=1)

    @property
    def pausing(self) -> Step:
        """The step that pauses it, the first of all when an incident is declared."""
        name, where = self.scheduler.name, self._where
        title = {
            "en": f"Pause {name}, which posts by itself on {where}",
            "cy": f"Seibio {name}, sy'n postio ohono'i hun ar {where}",
        }
        return _step(PAUSE, self.scheduler, title=title, hint=self.scheduler.pause)

    @property
    def resuming(self) -> Step:
        """The step that lets it post again, once the incident is over."""
        name, where = self.scheduler.name, self._where
        title = {
            "en": f"Let {name} post again on {where}, unless another incident goes on",
            "cy": f"Gadael i {name} bostio eto ar {where}, os nad oes digwyddiad arall yn parhau",
        }
        return _step(RESUME, self.scheduler, title=title, hint=self.scheduler.resume)

    @property
    def _where(self) -> str:
        named, more = self.channels[:CHANNELS_NAMED_MAX], len(self.channels) - CHANNELS_NAMED_MAX
        return f"{', '.join(named)}{f' (+{more})' if more > 0 else ''}"


WHO: Mapping[Language, Word] = {"en": "a person who can get into it", "cy": "person sydd â mynediad iddo"}


def _step(begins: str, scheduler: Scheduler, *, title: Mapping[str, str], hint: Mapping[str, str]) -> Step:
    due = PAUSED_WITHIN_MINUTES if begins == PAUSE else None
    fitting = {language: words[:WORD_CHARACTERS_MAX] for language, words in title.items()}
    return Step(id=f"{begins}{scheduler.id}", title=fitting, who=WHO, due_minutes=due, hint=hint)


def _in(language: str, texts: Mapping[str, str]) -> str:
    return texts.get(language) or next(iter(texts.values()), "")
