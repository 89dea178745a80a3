"""The files of `register/` that follow from the answers."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agents.entrypoints.cli.setup.duties import KEEPERS, LEADERS, Duty, powers_of
from agents.entrypoints.cli.setup.prompts import Answers, Colleague, NamedPartner, identifier
from agents.entrypoints.cli.setup.yaml_text import flow, row, text_of
from streams.values import LIVE, Power

ZONE = "Europe/London"
"""That of every nation whose bank holidays are known."""
ROTA = "on-call"
WEEKS = 52
HANDOVER = time(9)
TEXTS_SECRET = "HOLDINGLINE_NOTIFY_KEY"  # noqa: S105 - the variable's name, not what is in it
MAIL_SECRET = "HOLDINGLINE_MAIL_PASSWORD"  # noqa: S105 - the variable's name, not what is in it
NO_TEXTS = (
    "- {id: texts, via: sms, kind: notify, "
    f"credential: {{secret: {TEXTS_SECRET}, mode: live}}, options: {{template: YOURS}}}}"
)
"""The entry that is still to be made, as a remark."""
SITE_FOLDER = "var/site"
CHANNELS = ("site", "email")


def register_files(answers: Answers, now: datetime) -> Mapping[str, str]:
    """Each file of `register/` with its text, as of this moment."""
    return {
        "trust.yaml": _trust(answers),
        "people.yaml": text_of(
            [_person(one) for one in answers.people],
            "Who may do what. A grant holds always, until you bound it: by types, levels, channels, hours or rota.",
            "`contacts` are tried in this order; `deputies` stand in while somebody is marked `away`.",
        ),
        "rota.yaml": text_of(
            [*_turns(answers, now)],
            f"Who is on call: from `starts_at` up to, not including, `ends_at`. Planned for {WEEKS} weeks.",
        ),
        "channels.yaml": text_of(
            [_site(answers), _email(answers)],
            "`kind` names the adapter, `options` are its settings, `credential` names a secret.",
        ),
        "pagers.yaml": text_of(
            [*_texts(answers), _letters(answers)],
            "What reaches people, one entry for each kind of contact; a contact without an entry here is passed by.",
            "Text messages wake people, and letters do not: they go by GOV.UK Notify, see docs/asking.md.",
            *([] if answers.texts else [NO_TEXTS]),
        ),
        "places.yaml": text_of(
            _places(answers),
            "The only places that a message can name. `postcodes: [...]` of an entry are the trust's own postcodes.",
        ),
        "telephones.yaml": text_of(
            [
                {"id": "switchboard", "title": "Switchboard", "number": answers.telephones["switchboard"]},
                {"id": "newsroom", "title": "Press desk, day and night", "number": answers.telephones["newsroom"]},
            ],
            "The numbers that we give to the public; every other number in a text is taken for somebody's own.",
        ),
        "chains.yaml": text_of(
            [*_chains(answers)],
            "Who is asked for a yes, one after another: a person, or who is on a rota.",
            "The first chain that fits is taken.",
        ),
        "holds.yaml": text_of(
            [*_holds(answers)],
            "Fields that may not appear in any text from the start of an incident, until one of `holders` lifts it.",
        ),
        "partners.yaml": text_of(
            [_partner(answers, one) for one in answers.partners],
            "Official sources whose posts go out again: see docs/register.md, and docs/feeds.md for `accounts`.",
            "By the rule of the two people whom an entry names its posts go out; `accounts` are those that are heard.",
        ),
    }


def _trust(answers: Answers) -> str:
    domain = answers.mail.sender.rpartition("@")[2]
    own = dict.fromkeys([*(one.email.rpartition("@")[2].casefold() for one in answers.people), domain.casefold()])
    return text_of(
        {
            "trust": answers.trust,
            "languages": row(answers.languages),
            "mail_domains": row([*own]),
            "unsigned_orders": "refused",
            "hours": {"timezone": ZONE, "days": row([0, 1, 2, 3, 4]), "opens": "09:00:00", "closes": "17:30:00"},
            "nation": answers.nation,
        },
        "In live every order and every approval is signed: see `holdingline key new`. A drill needs no key.",
        "`hours` are your monitored hours; Monday is 0. `mail_domains` are yours: an address elsewhere is private.",
    )


def _person(one: Colleague) -> Mapping[str, Any]:
    contacts = [flow({"via": "sms", "address": one.mobile})] if one.mobile else []
    return {
        "id": one.id,
        "name": one.name,
        "role": one.role,
        "contacts": [*contacts, flow({"via": "email", "address": one.email})],
        "grants": [flow({"id": f"{one.id}/{power}", "power": f"{power}"}) for power in powers_of(one.duties)],
    }


def _turns(answers: Answers, now: datetime) -> Iterator[Mapping[str, Any]]:
    """Weeks from Monday to Monday; the first turn begins today."""
    local = now.astimezone(ZoneInfo(ZONE))
    start = local.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = start.date() - timedelta(days=start.weekday())
    for week in range(WEEKS):
        end = datetime.combine(monday + timedelta(weeks=week + 1), HANDOVER, ZoneInfo(ZONE))
        person = answers.on_call[week % len(answers.on_call)]
        yield flow({"rota": ROTA, "person": person.id, "starts_at": start.isoformat(), "ends_at": end.isoformat()})
        start = end


def _owner(answers: Answers) -> Colleague:
    return answers.of_duty(Duty.COMMUNICATIONS)[0]


def _account(answers: Answers, channel: str, *, title: str, purpose: str) -> dict[str, Any]:
    others = [one.id for one in answers.of_duty(Duty.COMMUNICATIONS)[1:]]
    reach = {"reach": row(others)} if others else {}
    return {"id": channel, "kind": channel, "title": title, "owner": _owner(answers).id, "purpose": purpose, **reach}


def _site(answers: Answers) -> Mapping[str, Any]:
    return {
        **_account(
            answers, "site", title="Incident pages", purpose="what the trust says in an incident, for everybody"
        ),
        "characters_max": 2000,
        "deadline_seconds": 10.0,
        "options": {
            "folder": SITE_FOLDER,
            "url": answers.url,
            "trust": answers.trust,
            "sender": answers.mail.sender,
            "languages": ",".join(answers.languages),
            "area": answers.area,
        },
    }


def _email(answers: Answers) -> Mapping[str, Any]:
    mail = answers.mail
    secret = {}
    if mail.username:
        credential = flow({"secret": MAIL_SECRET, "mode": LIVE})
        secret = {"credential": credential, "secret_changed_on": f"{mail.secret_changed_on}"}
    return {
        **_account(
            answers,
            "email",
            title="E-mail to newsrooms, councils and responders",
            purpose="the first word to newsrooms",
        ),
        "characters_max": 2000,
        "deadline_seconds": 20.0,
        **secret,
        "options": {
            **_server(answers),
            "languages": ",".join(answers.languages),
            "recipients": mail.recipients,
        },
    }


def _server(answers: Answers) -> dict[str, str]:
    mail = answers.mail
    named = {"username": mail.username} if mail.username else {}
    return {
        "host": mail.host, "port": f"{mail.port}", "sender": mail.sender, "trust": answers.trust, **named
    }  # fmt: skip


def _letters(answers: Answers) -> Mapping[str, Any]:
    secret = {"credential": flow({"secret": MAIL_SECRET, "mode": LIVE})} if answers.mail.username else {}
    return {"id": "letters", "via": "email", "kind": "email", **secret, "options": _server(answers)}


def _texts(answers: Answers) -> Iterator[Mapping[str, Any]]:
    """The pager for mobile numbers; its key is named, and stands in the environment of the service."""
    if answers.texts:
        credential = flow({"secret": TEXTS_SECRET, "mode": LIVE})
        options = {"template": answers.texts}
        yield {"id": "texts", "via": "sms", "kind": "notify", "credential": credential, "options": options}


def _places(answers: Answers) -> Sequence[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for names in answers.places:
        name = identifier(next(iter(names.values())), [str(one["id"]).replace("-", ".") for one in found])
        found.append({"id": name.replace(".", "-"), "names": flow(names)})
    return found


def _partner(answers: Answers, one: NamedPartner) -> Mapping[str, Any]:
    """Pinned by its feed; one that has none yet, by its domain until an account of it is pinned."""
    owner = _owner(answers)
    keeper = next(one for one in answers.of_duty(*KEEPERS) if one.id != owner.id)
    account = f"{one.id}-feed" if one.feed else f"did:web:{one.domain}"
    entry = {"id": one.id, "name": one.name, "category": one.category, "account_id": account, "domain": one.domain}
    people = {"registered_by": keeper.id, "approved_by": owner.id}
    pinned = {"kind": "atom", "account_id": account, "domain": one.domain}
    heard = {"accounts": [{**pinned, "address": one.feed, "evidence": one.evidence}]} if one.feed else {}
    return {**entry, "channels": row(CHANNELS), **people, **heard}


def _chains(answers: Answers) -> Iterator[Mapping[str, Any]]:
    leaders = answers.of_duty(*LEADERS)
    first = flow({"rota": ROTA, "answer_within_seconds": 180, "reminders": 2})
    asked = [first, *(flow({"person": one.id, "answer_within_seconds": 180}) for one in leaders)]
    yield _chain(
        "first-words", "Release of a holding message", power=Power.RELEASE_HOLDING, steps=asked, purpose="holding"
    )
    yield _chain("latest-lines", "Sign-off of the latest line", power=Power.SIGN_OFF_LINE, steps=asked)
    writers = [flow({"person": one.id, "answer_within_seconds": 300}) for one in answers.of_duty(Duty.COMMUNICATIONS)]
    title = "A partner's post that a person has to see first"
    yield _chain("partners-posts", title, power=Power.AMPLIFY, steps=writers, purpose="amplification")
    chiefs = answers.of_duty(Duty.EXECUTIVE)
    police = [flow({"person": one.id, "answer_within_seconds": 900, "reminders": 2}) for one in chiefs]
    title = "Report of a suspected hate crime to the police"
    yield {**_chain("hate-crime", title, power=Power.REPORT_TO_POLICE, steps=police), "ordered": True}


def _chain(name: str, title: str, *, power: Power, steps: Sequence[Any], purpose: str | None = None) -> dict[str, Any]:
    purposes = {"purposes": row([purpose])} if purpose else {}
    return {"id": name, "title": title, "power": f"{power}", **purposes, "steps": [*steps]}


def _holds(answers: Answers) -> Iterator[Mapping[str, Any]]:
    held = {
        "names": "who was hurt or treated, until families know",
        "casualties": "how many were hurt or died",
        "condition": "how patients are",
        "cause": "why it happened, and who is to blame",
    }
    holders = [one.id for one in answers.of_duty(Duty.EXECUTIVE)]
    for field, about in held.items():
        yield {"id": field, "field": field, "about": about, "holders": row(holders)}
