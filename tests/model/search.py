"""The search: every move in every state that can be reached within so many moves from a beginning."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from streams.decisions.authority.order import Order
from tests.model.law import broken
from tests.model.moves import EDITS, MOVES, Node, Step, taken


@dataclass
class Found:
    """What a search has seen: states, orders, facts by their kind, and with their path the rules that were broken."""

    states: int = 0
    orders: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def add(self, step: Step) -> None:
        """Judge one step by the law."""
        self.orders += 1
        self.kinds.update(fact.body.kind for fact in step.facts)
        self.broken += [f"{' → '.join(step.after.path)}: {words}" for words in broken(step)]


def search(beginning: Node, *, moves_max: int) -> Iterator[Found]:
    """Go through them all, each state once, and tell after each what was found so far; refused orders lead nowhere."""
    found, known = Found(), {beginning.key()}
    border = [beginning]
    for _ in range(moves_max):
        reached: list[Node] = []
        for node in border:
            for step in steps(node):
                found.add(step)
                if step.after.incident.sequence > node.incident.sequence:
                    reached.append(step.after)
            reached += [edit.after(node) for edit in EDITS]
            yield found
        border = list(_new(reached, known))
        found.states += len(border)


def _new(reached: Iterable[Node], known: set[object]) -> Iterator[Node]:
    for node in reached:
        if (key := node.key()) not in known:
            known.add(key)
            yield node


def steps(node: Node) -> Iterator[Step]:
    """Every move, and the last order once more, as when it comes twice."""
    for move in MOVES:
        if step := move.step(node):
            yield step
    if node.given:
        again = Order(node.given[-1], node.incident, node.register, node.now)
        yield taken(node, again, "the same order again")
