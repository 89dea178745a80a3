"""The questions of `holdingline init`, in their order, and what their answers make."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import get_args
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from agents.adapters.channels.email.settings import ADDRESS, addresses
from agents.adapters.feeds.polling import require_safe
from agents.adapters.notify import NotifySettings
from agents.adapters.registers.checks.contacts import works
from agents.adapters.registers.checks.places import DOMAIN
from agents.adapters.registers.rota.nations import Nation
from agents.entrypoints.cli.setup.addresses import console_of, url_of
from agents.entrypoints.cli.setup.answers import Asker
from agents.entrypoints.cli.setup.duties import ABOUT, ROLES, Duty, lacking
from streams.codec import first_fault
from streams.decisions.wording.personal_data import is_number
from streams.values import Hashtag, Word
from streams.words.register.entries import Contact

LANGUAGES: Mapping[str, str] = {"en": "English", "cy": "Welsh"}
"""The languages that the messages are written in."""
UNNAMED = re.compile(r"\b(?:NHS|Trust|Foundation|University|Teaching|Health Board|The|the|of|and)\b")
PEOPLE_MAX, PLACES_MAX, PARTNERS_MAX = 100, 100, 50
CATEGORIES = ("ambulance", "police", "fire", "council", "health", "coastguard", "weather", "other")
"""What a partner is; police and ambulance lead, so that their posts pass holds on numbers and causes."""
LOCAL = "localhost"
_HOST = re.compile(r"[A-Za-z0-9.:-]{1,253}")
_WORD: TypeAdapter[str] = TypeAdapter(Word)
_HASHTAG: TypeAdapter[str] = TypeAdapter(Hashtag)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person as they were named: their identifier follows from the name."""

    id: str
    name: str
    duties: tuple[Duty, ...]
    role: str
    email: str
    mobile: str | None


@dataclass(frozen=True, slots=True)
class Mail:
    """The mail server that letters to newsrooms and pages to people go through."""

    host: str
    port: int
    sender: str
    recipients: str
    username: str | None = None
    secret_changed_on: date | None = None


@dataclass(frozen=True, slots=True)
class NamedPartner:
    """An official source as it was named; `feed` is the address of its Atom or RSS feed, if it has one."""

    id: str
    name: str
    category: str
    domain: str
    feed: str | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that was answered. `places` are names by language, `on_call` people in the order of their weeks.

    `texts` is the template by which people get text messages; None where nobody does yet.
    """

    trust: str
    nation: Nation
    languages: tuple[str, ...]
    hashtag: str
    people: tuple[Colleague, ...]
    on_call: tuple[Colleague, ...]
    places: tuple[Mapping[str, str], ...]
    telephones: Mapping[str, str]
    url: str
    area: str
    mail: Mail = field(default_factory=lambda: Mail(LOCAL, 25, "alerts@trust.example", "news@paper.example"))
    partners: tuple[NamedPartner, ...] = ()
    texts: str | None = None
    console: str = "https://live.trust.example"

    def of_duty(self, *duties: Duty) -> Sequence[Colleague]:
        """The people who have one of these duties, in the order in which they were named."""
        return [one for one in self.people if set(duties) & set(one.duties)]


def questions(asker: Asker, today: date) -> Answers:
    """Ask everything."""
    trust = asker.ask("Name of the trust", word)
    nation = asker.ask("Nation, for its bank holidays", one_of(get_args(Nation)), default="england")
    spoken = "en,cy" if nation == "wales" else "en"
    languages = asker.ask("Languages of your messages, the leading one first (en, cy)", languages_of, default=spoken)
    hashtag = asker.ask("Hashtag of your messages", hashtag_of, default=offered_hashtag(trust))
    people = _people(asker)
    commanders = [one for one in people if Duty.COMMANDER in one.duties]
    on_call = asker.ask(
        "Who is on call this week, next week, and so on (commas between)",
        lambda text: _named(text, commanders),
        default=", ".join(one.name for one in commanders),
    )
    places = _places(asker, languages)
    telephones = {
        "switchboard": asker.ask("Telephone number of your switchboard", telephone),
        "newsroom": asker.ask("Telephone number of your press desk", telephone),
    }
    domain = people[0].email.rpartition("@")[2]
    url = asker.ask("Address of the public incident pages", url_of, default=f"https://alerts.{domain}/")
    area = asker.ask("Area that you serve, as people call it", word, default=" ".join(UNNAMED.sub(" ", trust).split()))
    console = _console(asker, url, offered=f"https://live.{domain}")
    return Answers(
        *(trust, nation, languages, hashtag, people, on_call, places, telephones),
        url=url,
        area=area or trust,
        partners=_partners(asker),
        mail=_mail(asker, f"alerts@{domain}", today),
        texts=_texts(asker) if any(one.mobile for one in people) else None,
        console=console,
    )


def _console(asker: Asker, public: str, *, offered: str) -> str:
    asker.tell("", "The console is where your people read what waits and sign it, on their phones.")
    asker.tell("Passkeys belong to its host name: choose one that stays, that opens from a phone outside, and that")
    asker.tell("has a certificate. A reverse proxy of yours passes it on, as docs/console.md shows.", "")
    console: str = asker.ask("Address of the console", lambda text: console_of(text, public), default=offered)
    return console


def _people(asker: Asker) -> tuple[Colleague, ...]:
    asker.tell("", "The people of an incident, one after another; each has a duty, or several:")
    asker.tell(*(f"  {duty:<15}{about}" for duty, about in ABOUT.items()), "")
    people: list[Colleague] = []
    while len(people) < PEOPLE_MAX:
        first = not people
        told = "Name of a person" if first else "Name of the next person (empty: that is all)"
        name = asker.ask(told, word if first else maybe(word), default=None if first else "")
        if name:
            people.append(_person(asker, name, [one.id for one in people]))
        elif sentence := lacking([one.duties for one in people]):
            asker.object_to(sentence)
        else:
            break
    return tuple(people)


def _person(asker: Asker, name: str, taken: Sequence[str]) -> Colleague:
    duties = asker.ask("  Duty, or duties with commas between", duties_of)
    return Colleague(
        id=identifier(name, taken),
        name=name,
        duties=duties,
        role=asker.ask("  Job", word, default=ROLES[duties[0]]),
        email=asker.ask("  E-mail address", email),
        mobile=asker.ask("  Mobile number (empty: none)", maybe(mobile), default=""),
    )


def _places(asker: Asker, languages: Sequence[str]) -> tuple[Mapping[str, str], ...]:
    asker.tell("", "The places that a message may name, your main hospital first.", "")
    places: list[Mapping[str, str]] = []
    first, *others = languages
    while len(places) < PLACES_MAX:
        told = "Name of a place" if not places else "Name of the next place (empty: that is all)"
        name = asker.ask(told, maybe(word) if places else word, default="" if places else None)
        if not name:
            break
        if name in [place[first] for place in places]:
            asker.object_to(f"{name} is there already: name another place")
            continue
        translated = {one: asker.ask(f"  The same in {LANGUAGES[one]}", word, default=name) for one in others}
        places.append({first: name, **translated})
    return tuple(places)


def _partners(asker: Asker) -> tuple[NamedPartner, ...]:
    asker.tell("", "The official sources whose posts go out again through your accounts: ambulance, police, fire.", "")
    partners: list[NamedPartner] = []
    while len(partners) < PARTNERS_MAX:
        told = "Name of the next partner" if partners else "Name of a partner"
        name = asker.ask(f"{told} (empty: that is all)", maybe(word), default="")
        if not name:
            break
        if name.casefold() in [one.name.casefold() for one in partners]:
            asker.object_to(f"{name} is there already: name another partner")
            continue
        partners.append(_partner(asker, name, [one.id for one in partners]))
    return tuple(partners)


def _partner(asker: Asker, name: str, taken: Sequence[str]) -> NamedPartner:
    about = next((one for one in CATEGORIES if one in name.casefold().split()), "other")
    category = asker.ask(f"  What it is ({', '.join(CATEGORIES)})", one_of(CATEGORIES), default=about)
    feed = asker.ask("  Address of its Atom or RSS feed (empty: none yet)", maybe(feed_of), default="")
    offered = (urlsplit(feed).hostname or "").removeprefix("www.") if feed else None
    return NamedPartner(
        id=identifier(name, [one.replace("-", ".") for one in taken]).replace(".", "-"),
        name=name,
        category=category,
        domain=asker.ask("  Domain that its own pages are on", domain_of, default=offered),
        feed=feed,
        evidence=asker.ask("  How you know that the feed is theirs", word) if feed else None,
    )


def _mail(asker: Asker, sender: str, today: date) -> Mail:
    host = asker.ask("Mail server that takes your e-mail", host_of, default=LOCAL)
    port = asker.ask("  Its port", port_of, default="25" if host == LOCAL else "587")
    username = asker.ask("  User name there (empty: none is needed)", maybe(word), default="")
    changed = asker.ask("  Day on which its password was changed", day_of, default=f"{today}") if username else None
    return Mail(
        host=host,
        port=port,
        sender=asker.ask("  Sender of your e-mail", email, default=sender),
        recipients=asker.ask("Who gets every message by e-mail: newsrooms, councils (commas between)", recipients),
        username=username,
        secret_changed_on=changed,
    )


def _texts(asker: Asker) -> str | None:
    asker.tell("", "A text message wakes whoever has a mobile number. It goes by GOV.UK Notify,")
    asker.tell("by a template of your own there whose only content is ((text)).", "")
    asked = "Template ID of that in GOV.UK Notify (empty: none yet)"
    template: str | None = asker.ask(asked, maybe(notify_id), default="")
    return template


def notify_id(text: str) -> str:
    """The identifier that GOV.UK Notify gave a template."""
    try:
        return NotifySettings(template=text.casefold()).template
    except ValidationError:
        raise ValueError(
            f"“{text}” is no template ID: copy it in GOV.UK Notify, like 01234567-89ab-cdef-0123-456789abcdef"
        ) from None


def word(text: str) -> str:
    """Up to 200 characters that can be seen."""
    if not text:
        raise ValueError("nothing was answered: write it in a few words")
    try:
        return _WORD.validate_python(text)
    except ValidationError as error:
        raise ValueError(first_fault(error)) from None


def maybe(read: Callable[[str], str]) -> Callable[[str], str | None]:
    """The same, or nothing for an empty answer."""
    return lambda text: read(text) if text else None


def one_of(choices: Sequence[str]) -> Callable[[str], str]:
    """One of these, in letters of any case."""

    def read(text: str) -> str:
        chosen = "-".join(text.casefold().split())
        if chosen not in choices:
            raise ValueError(f"“{text}” is none of them: choose {', '.join(choices)}")
        return chosen

    return read


def languages_of(text: str) -> tuple[str, ...]:
    """One or more of the languages that messages are written in."""
    chosen = tuple(part.strip().casefold() for part in text.split(",") if part.strip())
    if not chosen or set(chosen) - LANGUAGES.keys() or len(set(chosen)) < len(chosen):
        raise ValueError(f"“{text}” cannot be used: write en, or cy, or both with a comma, each once")
    return chosen


def duties_of(text: str) -> tuple[Duty, ...]:
    """One or more duties."""
    chosen = [part.strip().casefold() for part in text.split(",") if part.strip()]
    if not chosen or set(chosen) - set(Duty):
        raise ValueError(f"“{text}” is no duty: choose from {', '.join(Duty)}, with commas between")
    return tuple(dict.fromkeys(Duty(one) for one in chosen))


def hashtag_of(text: str) -> str:
    """One hashtag, in which each word begins with a capital letter."""
    try:
        found = _HASHTAG.validate_python(text if text.startswith("#") else f"#{text}")
    except ValidationError:
        found = ""
    if not found or not found[1].isupper():
        raise ValueError(f"“{text}” is no hashtag for us: begin each word with a capital letter, like #ArdudwyVale")
    return found


def offered_hashtag(trust: str) -> str:
    """The name of the trust as a hashtag, without the words that every trust has."""
    parts = re.findall(r"\w+", UNNAMED.sub(" ", trust.replace("'", "").replace("’", "")))
    joined = "".join(part[0].upper() + (part[1:].lower() if part.isupper() else part[1:]) for part in parts)[:60]
    return f"#{joined}" if joined[:1].isupper() else "#HospitalNews"


def email(text: str) -> str:
    """One e-mail address."""
    if re.fullmatch(ADDRESS, text) is None or not works(Contact(via="email", address=text)):
        raise ValueError(f"“{text}” is no e-mail address: write it like name@trust.nhs.uk")
    return text


def mobile(text: str) -> str:
    """A number that takes text messages."""
    if not word(text) or not works(Contact(via="sms", address=text)):
        raise ValueError(f"“{text}” is no mobile number: write a whole number, like 07700 900001")
    return text


def telephone(text: str) -> str:
    """A number as the public dials it."""
    if not is_number(text):
        raise ValueError(f"“{text}” is no telephone number: write it as the public dials it, like 01632 960000")
    return text


def feed_of(text: str) -> str:
    """The address of a feed, which nobody on the way can change."""
    try:
        require_safe(word(text))
    except ValueError as error:
        raise ValueError(f"{error}, or leave it empty and pin the partner's account later") from None
    return text


def domain_of(text: str) -> str:
    """A domain, in small letters."""
    if DOMAIN.fullmatch(text.casefold()) is None:
        raise ValueError(f"“{text}” is no domain: write it like fire.example.org, without https://")
    return text.casefold()


def host_of(text: str) -> str:
    """The name or number of a machine."""
    if _HOST.fullmatch(text) is None:
        raise ValueError(f"“{text}” is no name of a machine: write it like mail.trust.nhs.uk, without a port")
    return text


def port_of(text: str) -> int:
    """A port of TCP."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:6]) < 65536:  # noqa: PLR2004 - as TCP has it
        raise ValueError(f"“{text}” is no port: write a number from 1 to 65535")
    return int(text)


def day_of(text: str) -> date:
    """A day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is no day: write it like 2026-01-31") from None


def recipients(text: str) -> str:
    """E-mail addresses with commas between."""
    try:
        return ", ".join(addresses(text))
    except ValueError as error:
        raise ValueError(f"{error}") from None


def identifier(name: str, taken: Sequence[str]) -> str:
    """The name in small plain letters with full stops; a number behind it where somebody has it already."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    short = ".".join(re.findall(r"[a-z0-9]+", plain))[:80] or "person"
    tries = [short, *(f"{short}.{number}" for number in range(2, PEOPLE_MAX + 2))]
    return next(one for one in tries if one not in taken)


def _named(text: str, commanders: Sequence[Colleague]) -> tuple[Colleague, ...]:
    known = {one.name.casefold(): one for one in commanders} | {one.id: one for one in commanders}
    chosen = [part.strip().casefold() for part in text.split(",") if part.strip()]
    if not chosen or set(chosen) - known.keys():
        names = ", ".join(one.name for one in commanders)
        raise ValueError(f"“{text}” names somebody who is no commander: choose from {names}")
    return tuple(known[one] for one in chosen)
