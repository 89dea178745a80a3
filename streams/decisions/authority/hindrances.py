"""Hindrances: why a person may not do something now, each with what to do instead."""

from collections.abc import Iterable

from streams.values import IncidentType, Power
from streams.why import Because, because


def unknown(person_id: str) -> Because:
    """The register has no person of this name."""
    return because("not-on-register", "{person} is not on the register: ask somebody who is", person=person_id)


def keyless(who: str) -> Because:
    """The person's orders could not count."""
    form = "{person} has to sign, and no key of theirs is in force: have a new one enrolled"
    return because("no-key-of-theirs", form, person=who)


def powerless(who: str, power: Power) -> Because:
    """No right of theirs is for this."""
    return because("no-power", "{person} has no power to {power}: ask one of those who have", person=who, power=power)


def away(who: str) -> Because:
    """The register says that they are not there."""
    return because("away", "{person} is marked away: ask the deputy, or end the absence in the register", person=who)


def wrong_type(who: str, power: Power, *, only: Iterable[IncidentType], this: IncidentType) -> Because:
    """Their right is for incidents of other types."""
    form = "{person} may {power} for {types} incidents only, this one is {type}"
    return because("type-only", form, person=who, power=power, types=", ".join(only), type=this)


def wrong_level(who: str, power: Power, *, only: Iterable[int], this: int) -> Because:
    """Their right is for other levels."""
    form, levels = "{person} may {power} at level {levels} only, this is level {level}", ", ".join(map(str, only))
    return because("level-only", form, person=who, power=power, levels=levels, level=this)


def wrong_channel(who: str, power: Power, *, only: Iterable[str], this: str) -> Because:
    """Their right is for other channels."""
    form, channels = "{person} may {power} on {channels} only, not on {channel}", ", ".join(only)
    return because("channel-only", form, person=who, power=power, channels=channels, channel=this)


def wrong_hour(who: str, power: Power, *, in_hours: bool) -> Because:
    """Their right is for the other hours: those `in_hours`, or out of them."""
    if in_hours:
        form = "{person} may {power} in hours only, which it is not now"
        return because("in-hours-only", form, person=who, power=power)
    form = "{person} may {power} out of hours only, which it is not now"
    return because("out-of-hours-only", form, person=who, power=power)


def off_rota(who: str, rota: str) -> Because:
    """Another person has the turn."""
    return because("not-on-rota", "{person} is not on the rota {rota} now: ask who is", person=who, rota=rota)
