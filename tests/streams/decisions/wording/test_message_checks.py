"""Message checks: what each finds and does not, in English and Welsh, and what the register's table makes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.adapters.registers import data_folder, load
from streams.decisions.wording.contents import advice
from streams.decisions.wording.message_checks import findings, reading_age
from streams.decisions.wording.message_policy import doubted, faults
from streams.subjects.attention import waiting
from streams.telling.templates import told_checks, told_template
from streams.values import LIVE, Form, Purpose
from streams.words.facts import CommandRefused
from streams.words.register.entries import Register
from streams.words.register.wording import WEIGHTS, Acronym, CheckName, CheckRule, Weight
from streams.words.release import Amplify, DraftLine, LineDrafted, Message, MessageAuthorised, Propose, SignOff
from tests import builders
from tests.builders import COMMANDER, NEXT_UPDATE, NOW, SIGNER, WRITER

REGISTER = builders.register()
LONG_SENTENCE = (
    "The organisation acknowledges considerable operational disruption affecting outpatient appointments, "
    "diagnostic investigations, elective procedures and administrative communications, notwithstanding "
    "comprehensive contingency arrangements implemented immediately following notification, and anticipates "
    "incremental restoration throughout subsequent operational periods."
)
FOUND: list[tuple[CheckName, str, str]] = [
    ("acronyms", "en", "Our ED is open."),
    ("acronyms", "en", "Our ED is open. The emergency department that you know has moved to another place."),
    ("acronyms", "en", "Both EDs are open."),
    ("acronyms", "en", "A&E is open."),
    ("acronyms", "cy", "Mae ein ICU ar agor."),
    ("health-advice", "en", "Take two paracetamol and rest."),
    ("health-advice", "en", "You can take 500 mg."),
    ("health-advice", "en", "Stop taking your insulin until we call."),
    ("health-advice", "cy", "Cymerwch ddwy dabled."),
    ("health-advice", "cy", "Unwaith y dydd."),
    ("commerce", "en", "20 % off parking today."),
    ("commerce", "en", "Buy now in our shop."),
    ("commerce", "en", "Use our discount code."),
    ("commerce", "cy", "Popeth am hanner pris."),
    ("party-politics", "en", "Vote for our candidate."),
    ("party-politics", "cy", "Pleidleisiwch ddydd Iau."),
    ("blame", "en", "The driver was to blame."),
    ("blame", "en", "It happened because of the contractor's negligence."),
    ("blame", "cy", "Y gyrrwr oedd ar fai."),
    ("abbreviations", "en", "The eye dept is closed."),
    ("abbreviations", "en", "Bring food, e.g. a sandwich."),
    ("abbreviations", "cy", "Dewch â bwyd, e.e. brechdan."),
    ("reading-age", "en", LONG_SENTENCE),
]
NOT_FOUND: list[tuple[CheckName, str, str]] = [
    ("acronyms", "en", "Our emergency department (ED) is open. The ED is busy."),
    ("acronyms", "en", "Our ED (emergency department) is open."),
    ("acronyms", "en", "Ed is at the gate; see #ED and www.example.org/ED for more."),
    ("acronyms", "cy", "Mae'n huned gofal dwys (ICU) ar agor."),
    ("health-advice", "en", "Take two buses, or take your usual road. We tell you more every 4 hours."),
    ("health-advice", "en", "Please bring your medicines with you. Call 111 for advice."),
    ("health-advice", "cy", "Ffoniwch 111 am gyngor. Dewch â'ch meddyginiaeth."),
    ("commerce", "en", "20 % of our beds are closed. We are open now."),
    ("party-politics", "en", "We thank everybody who helped."),
    ("blame", "en", "Do not blame yourself. The police lead the response."),
    ("abbreviations", "en", "The department is closed for about ten minutes."),
    ("reading-age", "en", "We are open. Please come as usual. Call 111 for help. " * 5),
    ("reading-age", "en", "Unprecedented circumstances necessitate reorganisation."),
    ("reading-age", "cy", LONG_SENTENCE),
]
SAMPLES = [(check, text) for check, language, text in FOUND if language == "en"]


def table(check: CheckName, *, ours: Weight | None = None, partners: Weight | None = None) -> Register:
    return builders.register(checks={check: CheckRule(id=check, ours=ours, partners=partners)})


def message(text: str, language: str = "en") -> Message:
    return Message(
        id="msg-1", purpose=Purpose.LINE, texts={language: text}, channels=("website",), expires_at=NEXT_UPDATE
    ).sealed()


def line(text: str) -> DraftLine:
    return DraftLine(
        texts={"en": f"Fire at Ashby at 22:31. Next update by 23:30. {text}"},
        channels=("website",),
        expires_at=NEXT_UPDATE,
        next_update_at=NEXT_UPDATE,
        what={"en": "fire"},
        where="Ashby",
        when="22:31",
    )


@pytest.mark.parametrize(("check", "language", "text"), FOUND)
def test_what_a_check_is_for_it_finds(check: CheckName, language: str, text: str) -> None:
    assert check in {one.check for one in findings(text, language, register=REGISTER)}


@pytest.mark.parametrize(("check", "language", "text"), NOT_FOUND)
def test_what_only_sounds_alike_is_not_found(check: CheckName, language: str, text: str) -> None:
    assert check not in {one.check for one in findings(text, language, register=REGISTER)}


def test_every_check_is_tried_both_ways() -> None:
    assert {one for one, _, _ in FOUND} == {one for one, _, _ in NOT_FOUND} == set(WEIGHTS)


@pytest.mark.parametrize(("check", "text"), SAMPLES)
@pytest.mark.parametrize("weight", ["refusal", "warning", "advice"])
def test_the_table_says_what_a_finding_does(check: CheckName, text: str, weight: Weight) -> None:
    """A refusal is a fault that names who could change the table; a warning is a doubt; advice is only shown."""
    register, one = table(check, ours=weight), message(text)
    sentences = {str(found) for found in findings(text, "en", register=register) if found.check == check}
    refused = [fault for fault in faults(one, register, mode=LIVE) if any(told in fault for told in sentences)]
    warned = [doubt for doubt in doubted(one, register).doubts if any(told in doubt for told in sentences)]
    advised = [told for told in advice(one, register) if any(sentence in told for sentence in sentences)]
    assert (bool(refused), bool(warned), bool(advised)) == (
        weight == "refusal",
        weight == "warning",
        weight == "advice",
    )
    assert all("register/checks.yaml" in fault and "could make it a warning there" in fault for fault in refused)


def test_an_older_register_that_has_no_table_and_no_words_finds_nothing_that_is_kept() -> None:
    """An order of an older record is judged again as it was then."""
    older = builders.register(words=type(REGISTER.words)())
    for _, text in SAMPLES:
        assert doubted(message(text), older).doubts == ()


def test_a_row_that_leaves_something_out_keeps_the_usual_rule_for_it() -> None:
    """To make a check stricter for our own words opens nothing for a partner's."""
    assert CheckRule(id="commerce", ours="refusal").weight(partner=True) == "warning"


def test_full_words_that_are_missing_in_a_language_are_asked_for() -> None:
    words = REGISTER.words.model_copy(update={"acronyms": (Acronym(short="XQ", full={"en": "extra queue"}),)})
    [found] = findings("Mae XQ ar agor.", "cy", register=builders.register(words=words))
    assert "has no full words in cy" in str(found)


def test_reading_age_follows_the_published_formula() -> None:
    """Ten words of four letters in each of four sentences: 4.71 * 4 + 0.5 * 10 - 21.43 is grade 2, so 7 years."""
    assert reading_age(" ".join(["word " * 9 + "word."] * 4), "en") == 7
    assert reading_age(" ".join(["word " * 9 + "word."] * 4), "cy") is None


def test_no_text_of_the_example_register_is_refused_or_doubted() -> None:
    """Even where its table refuses everything that is found: the prepared words have none of it but advice."""
    register = load(data_folder())
    texts = [
        (language, text)
        for template in register.templates.values()
        for form in Form
        for texts in template.in_form(form).values()
        for language, text in texts.items()
    ]
    assert len(texts) > 50
    assert [str(found) for language, text in texts for found in findings(text, language, register=register)] == []


@given(sample=st.sampled_from(SAMPLES), before=st.sampled_from(["", "Please read this. ", "We are open.\n"]))
def test_what_the_table_refuses_goes_out_by_no_order(sample: tuple[CheckName, str], before: str) -> None:
    """Not as a draft, by a yes to a draft from before the table changed, in a template, or as an echo."""
    check, text = sample
    register = table(check, ours="refusal", partners="refusal")
    incident = builders.declared()
    said = before + text
    template = builders.template()
    texts = {
        **template.texts,
        Purpose.HOLDING: {one: f"{was} {said}" for one, was in template.texts[Purpose.HOLDING].items()},
    }
    prone = builders.approved(template.model_copy(update={"texts": texts}))
    with_template = register.model_copy(update={"templates": {prone.id: prone}})
    credit = builders.credit()
    before_table = builders.register(holds={})
    drafted, then = builders.judged(builders.order(line(said), incident, WRITER, register=before_table))
    [draft] = [fact.body.message for fact in drafted if isinstance(fact.body, LineDrafted)]
    orders = [
        builders.order(line(said), incident, WRITER, register=register),
        builders.order(SignOff(message_id=draft.id, content_hash=draft.content_hash), then, SIGNER, register=register),
        builders.order(
            Amplify(credit=credit, text=said, posted_at=NOW), incident, "amplification-agent", register=register
        ),
        builders.order(Amplify(credit=credit, text=said, posted_at=NOW), incident, COMMANDER, register=register),
        builders.order(builders.holding(), incident, COMMANDER, register=with_template),
        builders.order(Propose(release=builders.holding()), incident, WRITER, register=with_template),
    ]
    for order in orders:
        facts, _ = builders.judged(order)
        assert not any(isinstance(fact.body, MessageAuthorised | LineDrafted) for fact in facts)
        [refusal] = [fact.body for fact in facts if isinstance(fact.body, CommandRefused)]
        assert any(f"what the check {check} finds" in reason for reason in refusal.reasons), refusal.reasons


@pytest.mark.parametrize("check", ["commerce", "party-politics", "health-advice"])
def test_an_echo_with_a_warning_waits_for_a_person_and_says_why(check: CheckName) -> None:
    """What sells or asks for votes waits by the usual table, other checks where the register says so."""
    text = next(text for name, text in SAMPLES if name == check)
    register = table(check, partners="warning") if check == "health-advice" else REGISTER
    post = Amplify(credit=builders.credit(), text=text, posted_at=NOW)
    facts, incident = builders.judged(
        builders.order(post, builders.declared(), "amplification-agent", register=register)
    )
    [draft] = [fact.body.message for fact in facts if isinstance(fact.body, LineDrafted)]
    assert draft.doubts
    assert [one.kind for one in waiting(incident, NOW)].count("draft") == 1
    advised = table(check, partners="advice")
    facts, _ = builders.judged(builders.order(post, builders.declared(), "amplification-agent", register=advised))
    assert any(isinstance(fact.body, MessageAuthorised) for fact in facts)


def test_templates_and_check_show_each_reading_age_and_each_finding_with_its_weight() -> None:
    template = builders.template()
    texts = {**template.texts, Purpose.HOLDING: {"en": "Take two paracetamol. " + "We are open and you can come. " * 5}}
    register = builders.register(templates={"one": template.model_copy(update={"texts": texts})})
    told = [*told_checks(register)]
    assert any("reading age, in years: holding: the en text 5" in one for one in told)
    assert any(
        "warning: holding: the en text may give health advice to one person (characters 1 to 20)" in one for one in told
    )
    shown = "\n".join(told_template(register.templates["one"], register, now=NOW))
    assert "reading age, in years: holding: the en text 5" in shown
    assert "warning: holding: the en text may give health advice" in shown
