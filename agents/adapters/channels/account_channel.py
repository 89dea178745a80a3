"""What is the same in all channels whose secret opens an account elsewhere."""

from collections.abc import Callable
from typing import Generic, TypeVar

from agents.adapters.admission import admit_credential
from agents.adapters.clocks import SystemClock
from agents.adapters.pictures import Pictures, no_pictures
from agents.adapters.secrets import Secrets, secret_of
from agents.ports import Clock
from streams.words.register.entries import ChannelEntry

Settings = TypeVar("Settings")


class AccountChannel(Generic[Settings]):
    """Keeps what the acts of a channel need; `read` makes its settings of the entry's options.

    `ValueError` if the options are wrong or the credential is for another mode.
    """

    read: Callable[[ChannelEntry], Settings]

    def __init__(  # budget: an entry, a mode, and what it sends with
        self,
        entry: ChannelEntry,
        mode: str,
        *,
        secrets: Secrets,
        clock: Clock | None = None,
        pictures: Pictures = no_pictures,
    ) -> None:
        admit_credential(entry, mode=mode)
        self._mode, self._entry, self._secrets, self._pictures = mode, entry, secrets, pictures
        self._clock, self._settings = clock or SystemClock(), self.read(entry)

    @property
    def mode(self) -> str:
        return self._mode

    def _secret(self) -> str:
        return secret_of(self._entry.credential, self._secrets)
