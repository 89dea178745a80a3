"""What can go wrong with a message itself; each docstring is the default sentence and says what to do."""


class MessageError(Exception):
    """This message cannot be used: see its dead letter, mend it at its source and send it again."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


class Undecodable(MessageError):
    """This record is not a message that holdingline knows: mend it at its source and send it again."""


class Oversize(MessageError):
    """This record is larger than a message may be: shorten it and send it again."""


class Forged(MessageError):
    """This is not a fact that the desk wrote, so nothing is done for it: run `holdingline log verify`."""


class WrongTopic(MessageError):
    """This message flows on no topic of ours: use one of the types in `streams.topics`."""
