"""What only one ground promises, in one table: an operator reads it before choosing, a test holds it to the code."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guarantee:
    """One promise and, for each ground, whether it holds and what that means."""

    what: str
    sqlite: tuple[bool, str]
    kafka: tuple[bool, str]

    def holds(self, scheme: str) -> bool:
        """Whether a ground, named by the scheme of its address, keeps this promise."""
        grounds: Mapping[str, tuple[bool, str]] = {"sqlite": self.sqlite, "kafka": self.kafka}
        return grounds[scheme][0]


PROMISES: Mapping[str, Guarantee] = {
    "several-workers": Guarantee(
        "Several workers share the work of one group, and take over from one that dies.",
        sqlite=(False, "One worker holds the file; a second one is refused with a sentence."),
        kafka=(
            True,
            "Partitions are dealt among workers of different names; one that is silent for a session is given up.",
        ),
    ),
    "name-is-locked": Guarantee(
        "A second worker of the same name is refused.",
        sqlite=(True, "The file is locked for as long as its worker lives."),
        kafka=(False, "The newer one takes over, the older one ends: give each worker a name of its own."),
    ),
    "survives-the-machine": Guarantee(
        "What was committed survives the loss of one machine.",
        sqlite=(False, "The file is on one disk: take backups."),
        kafka=(True, "With three copies of which two must be written, any one broker may be lost."),
    ),
    "no-server": Guarantee(
        "Nothing else has to run.",
        sqlite=(True, "The worker and its file are all there is."),
        kafka=(False, "A cluster of brokers, three of them for its promises to hold."),
    ),
    "backup": Guarantee(
        "One command copies the log while its worker runs.",
        sqlite=(True, "See the page of the SQLite log."),
        kafka=(
            False,
            "The copies on other brokers take its place; what must be kept for years is exported from the facts.",
        ),
    ),
    "dense-offsets": Guarantee(
        "Offsets of one partition have no gaps, so that they count records.",
        sqlite=(True, "Until compaction or retention removes some."),
        kafka=(False, "Transactions leave marks between records, and a reader steps over them."),
    ),
    "busy-door": Guarantee(
        "A door may write while no worker runs.",
        sqlite=(True, "What it leaves waits in the file's inbox, up to a bound."),
        kafka=(
            True,
            "It writes to the topics itself; a worker that died less than a session ago still counts as running.",
        ),
    ),
    "plain-readers": Guarantee(
        "A reader that knows nothing of transactions sees what is committed and nothing else.",
        sqlite=(True, "An open transaction is invisible to every connection."),
        kafka=(False, "Readers of other programs must ask for read_committed."),
    ),
}
