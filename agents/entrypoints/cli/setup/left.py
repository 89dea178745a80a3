"""What is left to do between `holdingline init` and the first word in public, each step with its command."""

from collections.abc import Iterator, Sequence
from datetime import date

from agents.entrypoints.cli.setup.duties import KEEPERS, Duty
from agents.entrypoints.cli.setup.prompts import Answers, Colleague
from agents.entrypoints.cli.setup.register_files import MAIL_SECRET, SITE_FOLDER, TEXTS_SECRET, WEEKS
from streams.decisions.sign_off.links import LINK_KEY

PROXY = (
    "Have {host} name a machine with a certificate for it, whose reverse proxy passes https on to 127.0.0.1:8470, as "
    "“The reverse proxy” in docs/console.md shows; and tell the service its address:"
)


def left_to_do(answers: Answers, messages: Sequence[str], *, folder: str, review_on: date) -> Iterator[str]:
    """The steps, in their order. `messages` are the identifiers of the messages that wait for a second person's yes."""
    first, second = answers.of_duty(*KEEPERS)[:2]
    owner = answers.of_duty(Duty.COMMUNICATIONS)[0]
    approver = next(one for one in answers.of_duty(*KEEPERS) if one.id != owner.id)
    console = answers.console
    steps = [
        ("Play the exercise; it needs no key and reaches nobody:", ["holdingline exercise run first-drill"]),
        ("Have a key for each person, made by themselves and enrolled by another:", [*_keys(answers)]),
        *((f"Put {about} into {name}, or name its file in {name}_FILE.", ()) for name, about in _secrets(answers)),
        (
            PROXY.format(host=console.removeprefix("https://")),
            [f"export HOLDINGLINE_ORIGIN={console}", f'export {LINK_KEY}="$(head -c 24 /dev/urandom | base64)"'],
        ),
        ("Start the service and the console:", ["holdingline serve", "holdingline console"]),
        (
            f"Have each person make a passkey on their phone, at {console}/passkey, and another enrol it:",
            [
                f"holdingline key enrol-passkey {one.id} {one.id}.passkey.json --as {by.id} --write"
                for one, by in _enrolled(answers)
            ],
        ),
        (
            "Have two people found the register:",
            [
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
        ("Sign off a first word on a phone, as the last step of docs/going-live.md has it.", ()),
    ]
    yield f"export HOLDINGLINE_REGISTER={folder}"
    for number, (step, commands) in enumerate(steps, 1):
        yield f"{number}. {step}"
        yield from (f"   {command}" for command in commands)
    yield f"Read the risks in {folder}/register/risks.yaml, which are examples: mend scores, mitigations and owners."
    yield f"Every message and risk is to be reviewed by {review_on:%d %B %Y}; the rota is planned for {WEEKS} weeks."
    if unheard := [one for one in answers.partners if not one.feed]:
        yield f"No feed hears {', '.join(one.name for one in unheard)} yet. Pin an account of each, see docs/feeds.md:"
        yield from (f"   holdingline feeds pin {one.id} ADDRESS --evidence HOW --write" for one in unheard)
    if answers.texts is None:
        named = [one.name for one in answers.people if one.mobile]
        numbers = f" The mobile number of {', '.join(named)} is for that." if named else ""
        yield f"Letters wake nobody: add text messages to {folder}/register/pagers.yaml, see docs/asking.md.{numbers}"
    partners = "" if answers.partners else "partners, "
    yield f"Later: {partners}bounds of powers by hours and rota."


def _secrets(answers: Answers) -> Iterator[tuple[str, str]]:
    """Each variable of the environment that a secret belongs in, and what is put there."""
    if answers.mail.username:
        yield MAIL_SECRET, "the mail server's password"
    if answers.texts:
        yield TEXTS_SECRET, "an API key of type Live of GOV.UK Notify"


def _enrolled(answers: Answers) -> Iterator[tuple[Colleague, Colleague]]:
    """Each person, and who enrols what they sign with."""
    first, second = answers.of_duty(*KEEPERS)[:2]
    yield from ((one, first if one.id != first.id else second) for one in answers.people)


def _keys(answers: Answers) -> Iterator[str]:
    """Two commands a person: their own, and that of the person who enrols their key."""
    for one, by in _enrolled(answers):
        yield f"holdingline key new {one.id} --out {one.id}.pem"
        yield f"holdingline key enrol {one.id} PUBLIC_KEY --as {by.id} --write"
