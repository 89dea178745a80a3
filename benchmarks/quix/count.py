"""Quix Streams at the work of the mention lane.

`python -m benchmarks.quix.count <brokers> <topic> <copies> <events> <incident>`, the incident as JSON.
It decodes, validates and matches with our code, and counts by incident in a tumbling window of a minute.
It is given every advantage: one state for all incidents, so that nothing has to be put on a second topic first;
only windows that have closed are passed on; at-least-once, with its own commit interval; and no last commit.
"""

import sys
from collections.abc import Sequence
from datetime import timedelta
from tempfile import TemporaryDirectory

from quixstreams import Application  # type: ignore[import-not-found] # It has an environment of its own.
from quixstreams.models import Deserializer, TopicConfig  # type: ignore[import-not-found] # As above.

from agents.entrypoints.garbage import look_seldom
from benchmarks.watch import Watch
from streams.codec import decode
from streams.decisions.listening.matcher import matcher
from streams.subjects.incident import Incident
from streams.topics import MENTIONS

MINUTE = timedelta(minutes=1)


class OneKey(Deserializer):  # type: ignore[misc] # As above.
    """Every post under one key."""

    def __call__(self, value: object, ctx: object) -> str:
        """The key."""
        del value, ctx
        return "all"


def main(brokers: str, topic_name: str, *, copies: int, events: int, incident: Incident) -> None:
    """Count so many mentions, and say how quickly."""
    watch, match, done = Watch(), matcher([incident]), 0

    def incidents(value: bytes) -> Sequence[str]:
        nonlocal done
        done += 1
        if done in {1, events}:
            watch.note(done)
        if done == events:
            app.stop()
        return sorted(match.incidents(decode(MENTIONS, value).text)) or ["unmatched"]

    def add(counts: dict[str, int], name: str) -> dict[str, int]:
        return {**counts, name: counts.get(name, 0) + 1}

    with TemporaryDirectory() as folder:
        given = {"consumer_group": f"quix-{topic_name}", "auto_offset_reset": "earliest"}
        app = Application(brokers, **given, state_dir=folder, loglevel="ERROR")
        config = TopicConfig(1, copies)
        topic = app.topic(topic_name, value_deserializer="bytes", key_deserializer=OneKey(), config=config)
        frame = app.dataframe(topic).apply(incidents, expand=True)
        frame.tumbling_window(MINUTE).reduce(add, lambda name: {name: 1}).final()
        app.run()
    watch.say()


if __name__ == "__main__":
    look_seldom()
    where, topic, copies_count, many, night = sys.argv[1:]
    main(where, topic, copies=int(copies_count), events=int(many), incident=Incident.model_validate_json(night))
