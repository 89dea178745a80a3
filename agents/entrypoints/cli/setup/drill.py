"""The first exercise of a trust: a fire at its first place, by its own people, from the report to the stand-down."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from agents.entrypoints.cli.setup.duties import LEADERS, Duty
from agents.entrypoints.cli.setup.prompts import Answers, Colleague, NamedPartner
from agents.entrypoints.cli.setup.register_files import CHANNELS, ZONE
from agents.entrypoints.cli.setup.yaml_text import flow, row, text_of

DRILL = "first-drill"
TEMPLATE = "fire"
STARTS, MENDED, PROMISED, AN_HOUR_LATER = time(20, 1), time(19, 58), "21:00", "+59:00"
"""In the trust's own time, which the public reads."""
RECORDING, POST, POSTED_AFTER = "recordings/partner.xml", "partners-post", timedelta(minutes=3, seconds=50)
WORDS = {
    "en": "There was a fire at {place} at {when}. It is out. The fire service leads the response. "
    "We will say more by {by}.",
    "cy": "Bu tân am {when} ({place}). Mae wedi'i ddiffodd. Y gwasanaeth tân sy'n arwain yr ymateb. "
    "Byddwn yn dweud mwy erbyn {by}.",
}
WHAT = {"en": "fire", "cy": "tân"}


def drill_files(answers: Answers, now: datetime) -> Mapping[str, str]:
    """The scenario, and what the feed of the trust's first partner shows in it, where the trust has named one."""
    recorded = {RECORDING: _feed(answers, answers.partners[0], _start(now))} if answers.partners else {}
    return {f"{DRILL}.yaml": drill(answers, now), **recorded}


def drill(answers: Answers, now: datetime) -> str:
    """The scenario file."""
    start = _start(now)
    return text_of(
        {
            "title": f"Fire at {next(iter(answers.places[0].values()))}"[:200],
            "start": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "lasts": "10:00",
            "incident": DRILL,
            "register_changes": {"approved": row([TEMPLATE])},
            "injects": [*_injects(answers)],
            "expectations": [*_expectations(answers)],
        },
        "A fire, by your own people. Play it with `holdingline exercise run first-drill`; nobody is paged.",
        "`approved` counts in this drill alone, as if a second person had approved the message.",
    )


def _start(now: datetime) -> datetime:
    """The evening of the next day, so that the rota covers it."""
    tomorrow = now.astimezone(ZoneInfo(ZONE)).date() + timedelta(days=1)
    return datetime.combine(tomorrow, STARTS, ZoneInfo(ZONE)).astimezone(UTC)


def _injects(answers: Answers) -> Iterator[Mapping[str, Any]]:
    writer, commander = answers.of_duty(Duty.COMMUNICATIONS)[0], answers.on_call[0]
    place = next(iter(answers.places[0].values()))
    slots = flow({"place": place, "time": f"{STARTS:%H:%M}"})
    methane = {"major_incident": True, "exact_location": place, "type_of_incident": TEMPLATE}
    declaration = {"name": f"Fire at {place}"[:200], "type": "major", "level": 3, "methane": methane}
    yield {"at": "+00:30", "name": "declaration", "by": commander.id, "declare": declaration}
    release = {"template": TEMPLATE, "slots": slots, "next_update_at": AN_HOUR_LATER}
    if not set(writer.duties) & LEADERS:
        yield {"at": "+01:00", "name": "not-a-commander", "by": writer.id, "release": release}
    yield {"at": "+01:30", "name": "holding", "by": commander.id, "release": release}
    yield {"at": "+03:00", "name": "line", "by": writer.id, "draft_line": _line(answers, place)}
    yield {
        "at": "+03:30",
        "name": "line-signed",
        "by": _second(answers, writer).id,
        "sign_off": flow({"message_id": "latest-draft", "content_hash": "as-read"}),
    }
    for partner in answers.partners[:1]:
        recording = flow({"partner": partner.id, "kind": "atom", "file": RECORDING})
        yield {"at": "+04:00", "name": POST, "recording": recording}
    for minute, purpose in ((5, "correction"), (7, "all-clear")):
        mended = flow({"place": place, "time": f"{MENDED:%H:%M}"})
        follow = {"template": TEMPLATE, "purpose": purpose, "follows": "latest-holding", "slots": mended}
        if purpose == "all-clear":
            follow["slots"] = flow({"place": place})
        yield {"at": f"+{minute:02}:00", "name": purpose, "by": commander.id, "release": follow}
    yield {"at": "+08:30", "by": commander.id, "stand_down": {"reason": "The fire is out and the building is safe."}}


def _line(answers: Answers, place: str) -> Mapping[str, Any]:
    return {
        "texts": {
            language: WORDS[language].format(place=place, when=f"{STARTS:%H:%M}", by=PROMISED)
            for language in answers.languages
        },
        "channels": row(CHANNELS),
        "what": flow({language: WHAT[language] for language in answers.languages}),
        "where": place,
        "when": f"{STARTS:%H:%M}",
        "next_update_at": AN_HOUR_LATER,
        "expires_at": AN_HOUR_LATER,
    }


def _second(answers: Answers, writer: Colleague) -> Colleague:
    """A person who may sign what the writer wrote: somebody else."""
    return next(one for one in answers.of_duty(*LEADERS) if one.id != writer.id)


def _expectations(answers: Answers) -> Iterator[Mapping[str, Any]]:
    channels = row(CHANNELS)
    yield {
        "says": "The first true word is on every channel within five minutes of the declaration",
        "public": flow({"purpose": "holding", "channels": channels}),
        "of": "declaration",
        "within": "05:00",
    }
    yield {
        "says": "The line is on every channel within a minute of its sign-off",
        "public": flow({"purpose": "line", "channels": channels}),
        "of": "line-signed",
        "within": "01:00",
    }
    yield {
        "says": "The correction is on every channel within a minute of its order",
        "public": flow({"purpose": "correction", "channels": channels}),
        "of": "correction",
        "within": "01:00",
    }
    for partner in answers.partners[:1]:
        yield {
            "says": f"What {partner.name} posts is heard in its feed and goes out again within a minute"[:200],
            "amplified": POST,
            "of": POST,
            "within": "01:00",
        }
    yield {"says": "The incident is stood down at the end", "status": "stood-down"}


def _feed(answers: Answers, partner: NamedPartner, start: datetime) -> str:
    """One invented post, as a feed of this kind has it; it came ten seconds before the drill shows the feed."""
    place = next(iter(answers.places[0].values()))
    at = f"{start + POSTED_AFTER:%Y-%m-%dT%H:%M:%SZ}"
    name, about, page = escape(partner.name), escape(place), f"https://{partner.domain}/{POST}"
    said = f"Our crews are at the fire at {about}. Please keep the roads to it clear."
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<!-- Invented for the first drill: nobody has ever posted this. -->\n"
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n'
        f"  <id>{page}s</id>\n  <title>{name}</title>\n  <updated>{at}</updated>\n"
        f"  <entry>\n    <id>{page}</id>\n    <title>Fire at {about}</title>\n"
        f"    <published>{at}</published>\n    <updated>{at}</updated>\n"
        f'    <link rel="alternate" type="text/html" href="{page}"/>\n'
        f'    <content type="text">{said}</content>\n  </entry>\n</feed>\n'
    )
