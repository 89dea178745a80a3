"""`holdingline risks`: the risk register, and what is missing, overdue or still extreme in it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import typer

from agents.adapters.clocks import SystemClock
from agents.adapters.registers import data_folder, load
from agents.entrypoints.cli.options import AsJson, RegisterFolder, say
from streams.decisions.register.risks import (
    channels_without_risk,
    coming_reviews,
    extreme,
    graver_first,
    is_activity_assessed,
    is_overdue,
    late_reviews,
    safeguards_off,
)
from streams.telling.facts import apart
from streams.words.register.entries import Register
from streams.words.risks.entries import DOES, OFF, Rating, Risk

STOPS_NOTHING = "no release waits for it"

app = typer.Typer()


@app.command()
def risks(*, register: RegisterFolder = None, as_json: AsJson = False) -> None:
    """Show the risks of the accounts and of the activity as a whole: their scores, what is done, who looks again when.

    They stand in register/risks.yaml. It needs no log and no worker.
    """
    known = load(data_folder(register))
    today = today_in(known)
    answer = {
        "risks": [_answer(one, today) for one in graver_first(known)],
        "unassessed": channels_without_risk(known),
        "activity_assessed": is_activity_assessed(known),
    }
    lines = [*grave_lines(known), *_missing(known, today)]
    lines += [line for one in graver_first(known) for line in _lines(one, known, today)]
    say(answer, [*map(apart, lines)], as_json=as_json)


def grave_lines(register: Register) -> Iterator[str]:
    """What is no fault of the files, and yet to be known.

    No risk is assessed, or one stays extreme, is to be reviewed soon, or counts on a safeguard that is off.
    """
    if not register.risks:
        yield f"no risk of the accounts and of the activity is assessed: write register/risks.yaml; {STOPS_NOTHING}"
    for one in extreme(register):
        yield (
            f"risk {one.id} stays extreme after its mitigations, with a score of {one.after.score}: "
            f"its owner, {register.called(one.owner)}, says what else is done; {STOPS_NOTHING}"
        )
    for one in coming_reviews(register, today_in(register)):
        yield (
            f"risk {one.id} is to be reviewed by {one.review_on:%d %B %Y}: its owner, {register.called(one.owner)}, "
            f"sees that it is right and sets a new day; {STOPS_NOTHING}"
        )
    for off in safeguards_off(register):
        risks = ", ".join(
            one.id for one in register.risks.values() if off in {each.safeguard for each in one.mitigations}
        )
        yield f"risk {risks} counts on the safeguard {off}, which is not switched on: {OFF[off]}; {STOPS_NOTHING}"


def today_in(register: Register) -> date:
    """The day that it is now where the trust is."""
    return SystemClock().now().astimezone(register.hours.zone).date()


def _missing(register: Register, today: date) -> Iterator[str]:
    """Which reviews are overdue, and what is not assessed in a risk register that is there."""
    for one in late_reviews(register, today):
        yield f"OVERDUE: {one.id} was to be reviewed by {one.review_on:%d %b %Y}; {STOPS_NOTHING}"
    if register.risks:
        yield from (f"NOT ASSESSED: account {name}; {STOPS_NOTHING}" for name in channels_without_risk(register))
        if not is_activity_assessed(register):
            yield f"NOT ASSESSED: the activity as a whole; {STOPS_NOTHING}"


def _lines(risk: Risk, register: Register, today: date) -> Iterator[str]:
    yield f"{risk.id}: {risk.in_language('en')[0]}"
    yield f"  about {', '.join(map(register.place, risk.channels)) or 'the activity as a whole'}"
    yield f"  before: {_rating(risk.before)}"
    for one in risk.mitigations:
        yield f"  - {one.in_language('en')[0]}{f' (the service: {DOES[one.safeguard]})' if one.safeguard else ''}"
    yield f"  after: {_rating(risk.after)}"
    late = "OVERDUE since" if is_overdue(risk, today) else "to be reviewed by"
    yield f"  its owner is {register.called(risk.owner)}; {late} {risk.review_on:%d %b %Y}"


def _rating(rating: Rating) -> str:
    return f"likelihood {rating.likelihood} x impact {rating.impact} = {rating.score} ({rating.band})"


def _answer(risk: Risk, today: date) -> dict[str, Any]:
    scores = {
        name: {"score": one.score, "band": one.band} for name, one in (("before", risk.before), ("after", risk.after))
    }
    shown = risk.model_dump(mode="json")
    rated = {name: {**shown[name], **more} for name, more in scores.items()}
    return {**shown, **rated, "channels": list(risk.channels), "overdue": is_overdue(risk, today)}
