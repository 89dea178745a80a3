"""Whether orders prove who gave them, as a warning to those who keep the register and run the service."""

from collections.abc import Iterator

from streams.decisions.authority.keys import signing
from streams.values import LIVE
from streams.words.register.entries import Register

NAMED_MAX = 5
"""So many people are named who need no key."""


def unproven_orders(register: Register, mode: str) -> Iterator[str]:
    """What stands in for proof in this mode: a sentence if a name alone gives orders, or if no order would count."""
    powerful = [one for one in register.people.values() if one.grants]
    named = [one.id for one in powerful if not signing(one)]
    if mode != LIVE or not named:
        return
    if register.unsigned_orders == "allowed":
        shown = ", ".join(named[:NAMED_MAX])
        more = f" and {len(named) - NAMED_MAX} more" if len(named) > NAMED_MAX else ""
        yield (
            f"A NAME ALONE GIVES ANY ORDER of {shown}{more}: unsigned orders are allowed, so anyone at this log can "
            "publish in these names; enrol a key for each, then write `unsigned_orders: refused` in register/trust.yaml"
        )
    elif len(named) == len(powerful):
        yield (
            "nobody has a key and unsigned orders are refused, so no order counts in live, only in drills: "
            "see `holdingline key new` and `holdingline key enrol`"
        )
