"""A session: what a worker has from an assignment to its loss, and what ends with it."""

from collections.abc import Callable, Collection, Mapping

from infra.driver.session.flights import Flights
from infra.driver.session.tenure import Tenure
from infra.log import LogError, Member, Partition

OnTrouble = Callable[[LogError], None]


class Session(Tenure):
    """One assignment: its member of the group, its partitions, what is in flight, and the position of each open one.

    Work that has waited asks `is_over` before it goes on: in a session that is over, its result no longer counts.
    """

    def __init__(
        self, number: int, member: Member, *, generation: int, partitions: Collection[Partition], on_trouble: OnTrouble
    ) -> None:
        super().__init__(number)
        self.member = member
        self.generation = generation
        self.partitions = frozenset(partitions)
        self.flights = Flights()
        self.positions: dict[Partition, int] = {}
        self._on_trouble = on_trouble

    def follows(self, generation: int) -> bool:
        """Whether no other worker can have had the partitions since that generation."""
        return self.generation == generation + 1

    def open(self, positions: Mapping[Partition, int]) -> None:
        """Read these partitions from these offsets on."""
        self.positions = dict(positions)

    def reads(self, partition: Partition) -> bool:
        """Whether this partition is still read; no partition is, once the session is over."""
        return partition in self.positions

    def close(self) -> None:
        """Read nothing more; what is in flight may still end, and be committed."""
        self.positions = {}

    def end(self) -> None:
        """Drop everything: the next session of these partitions reads it again."""
        self.is_over = True
        self.flights.drop()
        self.close()

    def fail(self, error: LogError) -> None:
        """Report an error of the log, which ends this session; if it is over already, the error is of no interest."""
        if not self.is_over:
            self._on_trouble(error)
