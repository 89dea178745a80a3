"""The picture of one incident: its state, what it promised the public, and what waits for a person."""

from datetime import datetime

from streams.subjects.attention import Waiting, waiting
from streams.subjects.incident import Incident
from streams.subjects.promises import Promise, promises
from streams.values import Frozen


class Picture(Frozen):
    """What a commander wants to see of an incident at one moment."""

    incident: Incident
    promises: tuple[Promise, ...]
    waiting: tuple[Waiting, ...]


def picture_of(incident: Incident, now: datetime) -> Picture:
    """The picture at this moment; `incident` is whole."""
    return Picture(incident=incident, promises=tuple(promises(incident, now)), waiting=tuple(waiting(incident, now)))
