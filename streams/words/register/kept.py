"""What is kept beside the facts so that they can be judged again: each register that an order was judged by."""

from typing import Literal, Self

from streams.values import Frozen, Identifier, Mode
from streams.words.register.entries import Register, version_of

REGISTER_BYTES_MAX = 900 * 1024
"""A whole register in one record; a broker takes a mebibyte."""


class RegisterRecord(Frozen):
    """A register under its version. `content` is its JSON as it was hashed, so that later fields change nothing."""

    version: Literal[1] = 1
    id: Identifier
    mode: Mode
    content: str

    @classmethod
    def of(cls, register: Register, *, mode: Mode) -> Self:
        """The record of a register, to be put on its topic."""
        written = register.model_dump_json()
        return cls(id=version_of(written), mode=mode, content=written)

    def is_whole(self) -> bool:
        """Whether the content is what the version names."""
        return version_of(self.content) == self.id

    def register(self) -> Register:
        """The register itself; `ValidationError` where the content is none."""
        return _Kept.model_validate_json(self.content).known_as(self.id)


class _Kept(Register):
    """A register that keeps the version it had, also where later fields would give it another."""

    _version: str = ""

    def version(self) -> str:
        return self._version

    def known_as(self, version: str) -> Self:
        self._version = version
        return self
