"""Holders: who could act, for many cases of one register; who holds a power at an hour is worked out once."""

from collections.abc import Sequence
from datetime import datetime

from streams.decisions.authority.powers import Act, HeldRight, covers, holders
from streams.values import Power
from streams.words.register.entries import Person, Register


class Holders:
    """The people of one register; it asks the same as `who_could`."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self._held: dict[tuple[Power, datetime], Sequence[tuple[Person, Sequence[HeldRight]]]] = {}

    def who_could(self, act: Act) -> Sequence[str]:
        """Names and roles of the people who could do this at its hour."""
        hour = (act.power, act.at)
        if hour not in self._held:
            self._held[hour] = holders(act, self.register)
        return [person.called for person, rights in self._held[hour] if covers(rights, [act])]
