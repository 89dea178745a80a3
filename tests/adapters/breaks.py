"""Every way in which the example can be broken, and what `check` must say of it."""

from streams.decisions.channels.kinds import speaking
from tests.adapters.breaking import Break

THERE_ARE = f"the kinds are {', '.join(speaking())}"

TRUST, PEOPLE, ROTA = "register/trust.yaml", "register/people.yaml", "register/rota.yaml"
PLACES, TELEPHONES, HOLDS = "register/places.yaml", "register/telephones.yaml", "register/holds.yaml"
CHANNELS, PARTNERS, FIRE = "register/channels.yaml", "register/partners.yaml", "messages/fire.yaml"


def accounts_of(domain: str, account_id: str) -> str:
    """The lines of a partner with a further account."""
    given = f"kind: cap, address: 'https://a.example/', evidence: told us, domain: '{domain}'"
    return f"registered_by: dilys.maenhir\n  accounts:\n  - {{{given}, account_id: '{account_id}'}}"


READING = [
    Break(PEOPLE, "name: Gwilym", "name: [Gwilym", "role: chair", "is not YAML here"),
    Break(PEOPLE, "role: chair", "roll: chair", "roll: chair", "there is no field roll"),
    Break(PEOPLE, "  role: chair\n", "", "- id: gwilym.heddfan", "role is missing: add it"),
    Break(PEOPLE, "role: chair", "role: 7", "role: 7", "role must be text, this is “7”"),
    Break(PEOPLE, "role: chair", "role: chair\n  role: chairman", "chairman", "role is given twice"),
    Break(PEOPLE, "power: declare}", "power: declair}", "declair", "power is “declair”"),
    Break(PEOPLE, "levels: [3, 4]", "levels: [3, 5]", "levels: [3, 5]", "levels is “5”"),
    Break(PEOPLE, "- id: gwilym.heddfan", "- id: samira.dastwick #2", "#2", "the id samira.dastwick is taken by"),
    Break(ROTA, "starts_at: 2026-01-01T00:00:00Z", "starts_at: 2026-01-01", "starts_at: 2026-01-01,", "T09:00:00Z"),
    Break(CHANNELS, "characters_max: 2000", "characters_max: many", "many", "characters_max must be a whole number"),
    Break(FIRE, "  at: 2025-12-15T10:00:00Z", "  at: *then", "*then", "YAML aliases (*name) are not read"),
    Break(FIRE, "review_on: 2028-11-30", "review_on: !date 2028-11-30", "!date", "YAML tags (!name) are not read"),
    Break(FIRE, "review_on: 2028-11-30", "review_on: soon", "review_on: soon", "review_on"),
    Break(FIRE, "owner: lowri", "---\nowner: lowri", "---", "a second document begins"),
    Break(FIRE, "  holding:\n", "  houlding:\n", "houlding", "houlding is “houlding”"),
    Break(FIRE, "There is a fire", "There is a\u202e fire", "    en: >-", "invisible character U+202E"),
    Break(TRUST, "timezone: Europe/London", "timezone: Europe/Ardudwy", "Europe/Ardudwy", "there is no time zone"),
]
TWO_BUDGETS = "- {id: staff, kind: teams, title: Staff, owner: lowri.penfynach, hourly_max: 9}\n- id: site\n"
ONE_LANGUAGE = """- id: mastodon
  kind: mastodon
  title: The trust on Mastodon
  owner: lowri.penfynach
  credential: {secret: MASTODON_TOKEN, mode: live}
  options: {server: https://social.example, account: vale}
- id: site
"""
MEANING = [
    Break(CHANNELS, "- id: site\n", TWO_BUDGETS, "hourly_max", "a channel of kind teams has a budget of its own"),
    Break(CHANNELS, "- id: site\n", ONE_LANGUAGE, "kind: mastodon", "no channel of kind mastodon speaks cy"),
    Break(TRUST, "languages: [en, cy]", "languages: [en, cy, fr]", "languages", "there is no exercise mark in fr"),
    Break(TRUST, "languages: [en, cy]", "languages: [en, cy, en]", "languages", "the language en is named twice"),
    Break(TRUST, "languages: [en, cy]", "languages: []", "languages", "no language is named"),
    Break(TRUST, 'closes: "17:30:00"', 'closes: "08:30:00"', "closes", "the hours end before they begin"),
    Break(TRUST, "[0, 1, 2, 3, 4]", "[1, 2, 3, 4, 7]", "days", "the day 7 is no day"),
    Break(
        PEOPLE, "[owain.traethmor]", "[owain.traeth]", "[owain.traeth]", "owain.traeth, the deputy of samira.dastwick"
    ),
    Break(PEOPLE, "[owain.traethmor]", "[samira.dastwick]", "[samira.dastwick]", "cannot stand in for themselves"),
    Break(
        PEOPLE,
        "[hari.okonwell, dilys.maenhir]",
        "[hari.okonwell]",
        "[lowri.penfynach]",
        "stand in only for one another",
    ),
    Break(
        PEOPLE,
        "power: change-register}\n- id: gwilym.heddfan\n",
        "power: change-register}\n  directory: one\n- id: gwilym.heddfan\n  directory: 'one'\n",
        "'one'",
        "the directory calls samira.dastwick the same",
    ),
    Break(PEOPLE, "samira.dastwick/withdraw", "samira.dastwick/declare", "power: withdraw", "/declare is taken by"),
    Break(PEOPLE, "channels: [site]", "channels: [sight]", "channels: [sight]", "there is no channel sight"),
    Break(PEOPLE, "levels: [1, 2], rota: comms-on-call", "rota: night", "rota: night", "there is no rota night"),
    Break(
        PEOPLE,
        "id: gwilym.heddfan/withdraw, power: withdraw",
        "id: gwilym.heddfan/withdraw, power: withdraw, rota: comms-on-call",
        "gwilym.heddfan/withdraw",
        "no turn on the rota comms-on-call",
    ),
    Break(
        PEOPLE,
        "  role: chair\n",
        "  role: chair\n  away: [{starts_at: 2026-02-02T00:00:00Z, ends_at: 2026-02-01T00:00:00Z}]\n",
        "away:",
        "ends before it begins",
    ),
    Break(
        ROTA, "person: nest.aberdulas", "person: nest.aber", "person: nest.aber,", "nest.aber is not on the register"
    ),
    Break(
        ROTA,
        "starts_at: 2026-07-01T09:00:00+01:00",
        "starts_at: 2026-03-01T09:00:00Z",
        "starts_at: 2026-03",
        "overlaps the one at",
    ),
    Break(
        ROTA,
        "starts_at: 2026-04-01T09:00:00+01:00",
        "starts_at: 2026-04-09T09:00:00+01:00",
        "starts_at: 2026-04-09",
        "nobody is on the rota director-on-call from 01 Apr 2026",
    ),
    Break(
        ROTA,
        "ends_at: 2026-04-01T09:00:00+01:00",
        "ends_at: 2025-04-01T09:00:00+01:00",
        "ends_at: 2025",
        "this turn ends before it begins",
    ),
    Break(CHANNELS, "languages: en,cy", "languages: en", "languages: en", "it leaves out cy, which the trust speaks"),
    Break(CHANNELS, "kind: site", "kind: pigeon", "kind: pigeon", f"there is no kind pigeon: {THERE_ARE}"),
    Break(CHANNELS, "kind: site", "kind: memory", "kind: memory", f"there is no kind memory: {THERE_ARE}"),
    Break(CHANNELS, "owner: lowri.penfynach", "owner: lowri", "owner: lowri", "lowri, the owner of site"),
    Break(
        PARTNERS,
        "did:web:ardudwy-fire.example",
        "did:web:ardudwy-police.example #2",
        "#2",
        "belongs to partner police already",
    ),
    Break(PARTNERS, "domain: ardudwy-police.example", "domain: http://police", "http://police", "is no domain"),
    Break(
        PARTNERS,
        "domain: ardudwy-police.example",
        "domain: ardudwy-police.example\n  link_domains: [https://a.example]",
        "https://a.example",
        "without https://",
    ),
    Break(
        PARTNERS,
        "registered_by: dilys.maenhir",
        "registered_by: lowri.penfynach",
        "approved_by",
        "a second person has to approve",
    ),
    Break(
        PARTNERS, "approved_by: lowri.penfynach", "approved_by: hari.okonwell", "hari", "its posts would be refused at"
    ),
    Break(
        PARTNERS,
        "registered_by: dilys.maenhir",
        accounts_of("a.example", "did:web:ardudwy-fire.example"),
        "account_id: did:web:ardudwy-fire.example",
        "belongs to partner ambulance already",
    ),
    Break(
        PARTNERS,
        "registered_by: dilys.maenhir",
        accounts_of("http://a", "urn:a"),
        "evidence: told us",
        "is no domain",
    ),
    Break(PARTNERS, "channels: [site, email]", "channels: []", "channels: []", "go out on no channel"),
    Break(PARTNERS, "channels: [site, email]", "channels: [post]", "channels: [post]", "there is no channel post"),
]
LISTED = [
    Break(TRUST, "[ardudwy-vale.example.org]", "[ardudwy vale]", "mail_domains", "“ardudwy vale” is no mail domain"),
    Break(PLACES, ", cy: Pont Ddu}", "}", "names: {en: Pont Ddu}", "pont-ddu has no name in cy"),
    Break(PLACES, "cy: Pont Ddu}", "cy: Pont Ddu}\n  postcodes: [LL4]", "postcodes: [", "“LL4” is no postcode"),
    Break(TELEPHONES, "number: 01632 960099", "number: ask at the desk", "number: ask", "is no telephone number"),
    Break(
        HOLDS, "holders: [samira.dastwick, gwilym", "holders: [samira, gwilym", "[samira,", "samira is not on the reg"
    ),
    Break(
        HOLDS, "holders: [samira.dastwick, gwilym", "holders: [owain.traethmor, gwilym", "[owain", "no power to lift"
    ),
    Break(
        HOLDS, "  field: cause\n", f"  field: cause\n  names: [{'a' * 64}]\n", "names: [", "not kept in the registers"
    ),
]
SHORT_HOLDING = "short_texts:\n  holding:\n"
SHORT = 'short_texts:\n  holding: {en: "Fire at {place}, {time}. Next word by {next_update}."}\n  planned:\n'
OF_SHORT = {"Fire": "does not say what happened", "time": "there is no slot", "Next": "the short en text still holds"}
TEMPLATE = [
    Break(FIRE, "id: fire\n", "id: blaze\n", "id: blaze", "name the file blaze.yaml"),
    Break(FIRE, "hazards: [fire", "hazards: [Fire", "hazards", "the hazard Fire is never found"),
    Break(FIRE, "channels: [site", "channels: [sight", "channels", "there is no channel sight"),
    Break(FIRE, "owner: lowri.penfynach", "owner: lowri", "owner", "lowri is not on the register"),
    Break(FIRE, "#ArdudwyVale", "#ardudwyvale", "hashtags", "#ardudwyvale is read out as one word"),
    Break(FIRE, '"#ArdudwyVale"', '"#ArdudwyVale", "#ardudwyVale"', "hashtags", "is given twice"),
    Break(FIRE, "#ArdudwyVale", "ArdudwyVale", "hashtags", "hashtags is “ArdudwyVale”"),
    Break(FIRE, "  all-clear:\n", "  line:\n", "texts:", "the all-clear text is missing"),
    Break(FIRE, "  all-clear:\n", "  line:\n", "  line:", "a template has no line text"),
    Break(FIRE, "    cy: >-", "    fr: >-", "  holding:", "the text in cy is missing"),
    Break(FIRE, "    cy: >-", "    fr: >-", "    fr: >-", "the trust does not speak fr"),
    Break(FIRE, "at {place}", "at {palce}", "    en: >-", "there is no slot palce"),
    Break(FIRE, SHORT_HOLDING, SHORT, "  holding: {en", "the short text in cy is missing"),
    *(Break(FIRE, SHORT_HOLDING, SHORT.replace(old, "xxx"), "  holding: {en", says) for old, says in OF_SHORT.items()),
    Break(FIRE, "We were told at {time}. ", "", "    en: >-", "the en text does not say when"),
    Break(FIRE, "We were told at {time}. ", "", "    en: >-", "leaves out {time}, another language has it"),
    Break(FIRE, "at {place}", "here", "    en: >-", "the en text does not say where"),
    Break(
        FIRE, "  en: fire", "  en: a great fire", "    en: >-", "the en text does not say what happened (a great fire)"
    ),
    Break(FIRE, "Next update by {next_update}", "More", "    en: >-", "does not say when the next word comes"),
    Break(FIRE, "slots:", "slots:\n  ward: {about: ward}", "  ward:", "the slot ward is used in no text"),
    Break(FIRE, "There is a fire", "There is a fire TBC", "    en: >-", "the en text still holds TBC"),
    Break(FIRE, "There is a fire", "There is a fire [where]", "    en: >-", "the en text still holds [where]"),
    Break(FIRE, "There is a fire", "There is a fire {", "    en: >-", "a brace of the en text has no partner"),
    Break(FIRE, "There is a fire", "There is a fire, }", "    en: >-", "a brace of the en text has no partner"),
    Break(FIRE, "There is a fire", "EXERCISE EXERCISE EXERCISE: a fire", "    en: >-", "carries an exercise mark"),
    Break(FIRE, "There is a fire", "There is a fire" + " and smoke" * 170, "    en: >-", "site takes 2000: shorten it"),
    Break(FIRE, "There is a fire", "There is a fire" + " and smoke" * 966, "    en: >-", "no message takes more than"),
    Break(FIRE, "Mae tân", "Mae tân mawr", "content_hash", "was edited after its approval"),
    Break(FIRE, "  by: beca.tirglas", "  by: lowri.penfynach", "by: lowri", "approved by its own owner"),
    Break(FIRE, "  by: beca.tirglas", "  by: hari.okonwell", "by: hari", "who may not approve templates"),
    Break(FIRE, "  at: 2025-12-15", "  at: 2027-12-15", "at: 2027", "lies ahead of now"),
    Break(FIRE, "expires_at: 2028", "expires_at: 2025", "expires_at: 2025", "expired on"),
    Break(FIRE, "review_on: 2028", "review_on: 2025", "review_on: 2025", "was due for review"),
    Break(FIRE, "review_on: 2028-11-30", "review_on: 2026-02-01", "review_on: 2026", "is due for review in 18 days"),
    Break(FIRE, "expires_at: 2028-12-31", "expires_at: 2026-01-20", "expires_at: 2026", "ends in 5 days, on 20 Jan"),
    Break(FIRE, "{kind: time, ", "{", "  time:", "slot time of template fire has no kind"),
]
