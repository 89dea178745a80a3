"""What is left to do between `holdingline init` and the first word in public, each step with its command."""

from collections.abc import Iterator, Sequence
from datetime import date

from agents.entrypoints.cli.setup.duties import KEEPERS, Duty
from agents.entrypoints.cli.setup.prompts import Answers
from agents.entrypoints.cli.setup.register_files import MAIL_SECRET, SITE_FOLDER, WEEKS


def left_to_do(answers: Answers, messages: Sequence[str], *, folder: str, review_on: date) -> Iterator[str]:
    """The steps, in their order. `messages` are the identifiers of the messages that wait for a second person's yes."""
    first, second = answers.of_duty(*KEEPERS)[:2]
    owner = answers.of_duty(Duty.COMMUNICATIONS)[0]
    approver = next(one for one in answers.of_duty(*KEEPERS) if one.id != owner.id)
    steps = [
        ("Play the exercise; it needs no key and reaches nobody:", ["holdingline exercise run first-drill"]),
        ("Have a key for each person, made by themselves and enrolled by another:", [*_keys(answers)]),
        *(
            [(f"Put the mail server's password into {MAIL_SECRET}, or name its file in {MAIL_SECRET}_FILE.", ())]
            if answers.mail.username
            else ()
        ),
        (
            "Start the service, and have two people found the register:",
            [
                "holdingline serve",
                f"holdingline register found --as {first.id} --key {first.id}.pem",
                f"holdingline register confirm --as {second.id} --key {second.id}.pem",
            ],
        ),
        (
            "Read every message, mend its words, and have a second person approve it:",
            [f"holdingline approve {name} --as {approver.id} --key {approver.id}.pem" for name in messages],
        ),
        *(
            [("Try the feeds of your partners:", ["holdingline feeds test"])]
            if any(one.feed for one in answers.partners)
            else ()
        ),
        (f"Let a web server show {SITE_FOLDER}/public at {answers.url}", ()),
        ("See what is missing:", ["holdingline check", "holdingline doctor"]),
    ]
    yield f"export HOLDINGLINE_REGISTER={folder}"
    for number, (step, commands) in enumerate(steps, 1):
        yield f"{number}. {step}"
        yield from (f"   {command}" for command in commands)
    yield f"Every message is to be reviewed by {review_on:%d %B %Y}; the rota is planned for {WEEKS} weeks."
    if unheard := [one.name for one in answers.partners if not one.feed]:
        yield f"No feed hears {', '.join(unheard)} yet: see docs/feeds.md, and {folder}/register/partners.yaml."
    partners = "" if answers.partners else " partners,"
    yield f"Later: text messages as pagers,{partners} bounds of powers by hours and rota."


def _keys(answers: Answers) -> Iterator[str]:
    """Two commands a person: their own, and that of the person who enrols their key."""
    first, second = answers.of_duty(*KEEPERS)[:2]
    for one in answers.people:
        by = first if one.id != first.id else second
        yield f"holdingline key new {one.id} --out {one.id}.pem"
        yield f"holdingline key enrol {one.id} PUBLIC_KEY --as {by.id} --write"
