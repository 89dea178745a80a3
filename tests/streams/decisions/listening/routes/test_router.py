"""Each rule in invented sentences: what it takes for a case, by which words, and what it leaves alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.adapters.registers.folder import data_folder
from agents.adapters.registers.wording import read_wording
from streams.decisions.listening.routes.router import FIRST, LISTED_AUTHOR, Router, Suggestion, router
from streams.decisions.listening.routes.rules import rule_of
from streams.decisions.listening.vocabulary import words_of
from streams.words.cases import CaseSort
from streams.words.posts import Mention
from streams.words.register.wording import RouteRule, WordList, WordLists
from tests import builders
from tests.builders import LIVE, NOW

WORDS = read_wording(data_folder()).words
CHANNEL = builders.register().channels["social"].model_copy(update={"options": {"handle": "@Helyg@social.example"}})
REGISTER = builders.register().model_copy(update={"words": WORDS, "channels": {"social": CHANNEL}})
REPORTER = "acct-reporter"
ROUTER = router(REGISTER, media=[REPORTER])
OURS = frozenset(
    word for rule in WORDS.routes for part in WORDS.listed(rule.trigger) for word in [" ".join(words_of(part))]
)


def post(text: str, **more: object) -> Mention:
    return Mention.model_validate({"id": "m", "mode": LIVE, "author_id": "a", "at": NOW, "text": text, **more})


def route(text: str, routes: Router = ROUTER, **more: object) -> Suggestion | None:
    one = post(text, **more)
    return routes.route(one, words_of(one.text))


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("I'm a reporter with the Vale Gazette, who can I speak to about Helyg?", CaseSort.MEDIA_ENQUIRY),
        ("Do you have a spokesperson? Running a story tonight.", CaseSort.MEDIA_ENQUIRY),
        ("Our deadline is 5pm: could we have a statement from the trust", CaseSort.MEDIA_ENQUIRY),
        ("Gohebydd ydw i, ga i sylw am y tân?", CaseSort.MEDIA_ENQUIRY),
        ("My dad is trapped on the third floor", CaseSort.CALL_FOR_HELP),
        ("We can’t get out, smoke everywhere", CaseSort.CALL_FOR_HELP),
        ("we have no food and no water since last night", CaseSort.CALL_FOR_HELP),
        ("we dont have any insulin left and the road is flooded", CaseSort.CALL_FOR_HELP),
        ("please come quickly, the stairs are gone", CaseSort.CALL_FOR_HELP),
        ("I can't find my daughter, she was on that bus", CaseSort.CALL_FOR_HELP),
        ("I just want to end my life", CaseSort.CALL_FOR_HELP),
        ("Mae mam yn gaeth yn y lifft", CaseSort.CALL_FOR_HELP),
        ("Been waiting 9 hours in A&E with my nan", CaseSort.COMPLAINT),
        ("The receptionist was so rude to my mum", CaseSort.COMPLAINT),
        ("I want to make a complaint about ward 4", CaseSort.COMPLAINT),
        ("my operation was cancelled again", CaseSort.COMPLAINT),
        ("Siomedig iawn gyda'r gofal ar y ward", CaseSort.COMPLAINT),
        ("you lot are pathetic", CaseSort.ABUSE),
        ("you lot at the hospital are pathetic", CaseSort.ABUSE),
        ("F*cking w*nkers", CaseSort.ABUSE),
        ("celwyddgwn i gyd", CaseSort.ABUSE),
        ("you lot on the fourth floor are pathetic", CaseSort.ABUSE),
        ("@helyg a useless bunch of idiots", CaseSort.ABUSE),
        ("what the f*ck is wrong with your nurses", CaseSort.ABUSE),
        ("chi a'ch ffycin apwyntiadau", CaseSort.ABUSE),
        ("I will burn your hospital down", CaseSort.THREAT),
        ("Watch your backs, I know where you live", CaseSort.THREAT),
        ("gwyliwch eich cefnau", CaseSort.THREAT),
        ("get rid of all the foreign nurses", CaseSort.HATE_CRIME),
        ("Muslims are vermin", CaseSort.HATE_CRIME),
        ("that doctor should go back to where they came from", CaseSort.HATE_CRIME),
        ("I will kill those immigrants in ward 3", CaseSort.HATE_CRIME),
        ("dwi'n casáu mewnfudwyr", CaseSort.HATE_CRIME),
    ],
)
def test_a_post_is_suggested_as_what_it_is(text: str, sort: CaseSort) -> None:
    """In English and in Welsh, with the words of our list that fired."""
    found = route(text)
    assert found is not None
    assert found.sort is sort
    assert found.words


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("I know where you work and when your bus goes", CaseSort.THREAT),
        ("We know where she works. Tell her", CaseSort.THREAT),
        ("I'll be waiting for you in the car park", CaseSort.THREAT),
        ("Someone should burn your ward down", CaseSort.THREAT),
        ("I could cut you for this", CaseSort.THREAT),
        ("lets smash up the whole place", CaseSort.THREAT),
        ("somebody should bomb hospitals like that", CaseSort.THREAT),
        ("someone should destroy that hospital", CaseSort.THREAT),
        ("gonna poison the staff up there", CaseSort.THREAT),
        ("somebody needs to burn Helyg hospital to the ground", CaseSort.THREAT),
        ("that ward wants burning to the ground", CaseSort.THREAT),
        ("Hope your car gets torched", CaseSort.THREAT),
        ("Someone should stab him on his way home", CaseSort.THREAT),
        ("I'm going to kill nurse Ceri", CaseSort.THREAT),
        ("I'll break that nurse's fingers", CaseSort.THREAT),
        ("I'm gonna smash your face in", CaseSort.THREAT),
        ("Dr Celyn should be shot for this", CaseSort.THREAT),
        ("you deserve to die, the lot of you", CaseSort.THREAT),
        ("hope you get stabbed on the way home", CaseSort.THREAT),
        ("I will make them pay, every nurse up there", CaseSort.THREAT),
        ("dwi'n gwybod lle ti'n gweithio", CaseSort.THREAT),
        ("Somebody should beat up those migrants on ward 3", CaseSort.HATE_CRIME),
        ("All these immigrants in the waiting room, someone should shoot them", CaseSort.HATE_CRIME),
        ("those foreign nurses ought to be shot", CaseSort.HATE_CRIME),
        ("Muslims like you are nothing but vermin", CaseSort.HATE_CRIME),
        ("immigrants are a plague on this hospital", CaseSort.HATE_CRIME),
        ("disabled lives are not worth saving", CaseSort.HATE_CRIME),
        ("I refuse to be treated by a black doctor", CaseSort.HATE_CRIME),
        ("You are heartless monsters", CaseSort.ABUSE),
        ("@helyg I despise every one of you", CaseSort.ABUSE),
    ],
)
def test_what_would_harm_staff_is_found(text: str, sort: CaseSort) -> None:
    """Threats against a person or a place; harm that is wished to a group of people; insults to our face."""
    found = route(text)
    assert found is not None
    assert found.sort is sort


@pytest.mark.parametrize("to", ["", "@helyg "])
@pytest.mark.parametrize(
    "text",
    [
        "Will the needle hurt her? She is only four",
        "They are going to cut hospitals again",
        "Are they really about to cut the ambulance in Aberllyn?",
        "We will only hurt the trust if we stay away",
        "They are going to destroy hospitals with this budget",
        "That is going to kill the hospital in the end",
        "Time to beat the trust at its own quiz",
        "They want to cut staff on every ward",
        "Someone should cut your budgets for once",
        "They had to break his legs again to straighten them, what a surgeon",
        "She will need to be put to sleep for the scan",
        "Hope she has beaten cancer",
        "what happens if he should die in the night, who calls us?",
        "Nan deserves to die at home, in peace",
        "Please don't make him suffer any longer",
        "Do you know what time you finish visiting hours?",
        "Do you know where they work, the porters?",
        "So ill, burning up since last night, should I come in?",
        "Somebody torched a bin outside the hospital, police are there",
        "We should put an end to violence against women",
        "Council about to cut the grant for women",
        "My disabled brother was left in his own filth",
        "Never been treated by a Polish doctor so kind",
        "I was seen by an Indian doctor, she was lovely",
        "Women should all be offered the scan",
        "Immigrants are all welcome on our wards",
        "They act as if disabled lives don't matter",
        "Will the jab make me sick?",
        "no woman should die in childbirth",
        "Nurses should be paid, not beaten",
        "nobody deserves to be beaten at work, least of all nurses",
        "He deserves to get shot of that cast",
        "You are not a monster, you are tired",
    ],
)
def test_what_a_hospital_hears_on_any_day_is_no_threat_abuse_or_hate_crime(text: str, to: str) -> None:
    """It has words of those rules, of illness, grief and thanks, or it stands up for somebody."""
    found = route(to + text)
    assert found is None or found.sort in {CaseSort.COMPLAINT, CaseSort.CALL_FOR_HELP}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thank you to all the lovely staff on ward five",
        "A journalist told me the parade was cancelled",
        "The film crew is shooting in town tonight, great story",
        "Parking is near the east entrance",
        "People were trapped in the lift at the fair, says the council",
        "Please help us raise money for the new scanner, donate here",
        "Waiting at the bus stop, lovely day",
        "I dont have a doctor yet, how do I register?",
        "The cafe doesnt have food after eight",
        "Saving lives: how our nurses fight cancer",
        "Proud of our nurses from all over the world",
        "Nobody should hate immigrants",
        "This cough is killing me",
        "this cough is the worst, off to A&E",
        "This weather sucks",
        "My kettle is crap, damn thing",
        "wtf, it snows again",
        "Another stupid traffic jam",
        "What the hell happened to the fucking bus",
        "Be' y diawl, mae'n bwrw glaw",
        "A fat pigeon on the roof of the car park",
        "They shoot a film at the old ward",
        "Mae'r staff yn wych, diolch",
    ],
)
def test_an_ordinary_post_is_left_alone(text: str) -> None:
    """Words alone are not enough where ordinary posts have them."""
    assert route(text) is None


def test_a_threat_against_a_group_is_put_first() -> None:
    """A post is one case, of the sort that cannot wait."""
    assert FIRST[0] is CaseSort.HATE_CRIME
    both = route("I will kill those immigrants, you fucking idiots, worst hospital")
    assert both is not None
    assert both.sort is CaseSort.HATE_CRIME


@pytest.mark.parametrize(
    "more",
    [
        {"text": "@helyg you lot are pathetic"},
        {"text": "@Helyg@social.example: you lot are pathetic"},
        {"text": "you lot are pathetic", "addressed": ("helyg@social.example",)},
        {"text": "you lot are pathetic", "reply_to": "social.example/@helyg/12"},
    ],
)
def test_a_post_to_one_of_our_accounts_is_addressed_to_us(more: dict[str, object]) -> None:
    """By its words, by what its source says, or as a reply to a post of that account."""
    found = route(**more)  # type: ignore[arg-type] # the keys are a post's
    assert found is not None
    assert found.addressed
    other = route("you lot are pathetic, @helygen", addressed=("somebody@social.example",), reply_to="other/helygen/1")
    assert other is not None
    assert not other.addressed


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("what a nightmare, do better", CaseSort.COMPLAINT),
        ("two weeks now and I havent heard back", CaseSort.COMPLAINT),
        ("on hold since nine this morning", CaseSort.COMPLAINT),
        ("wtf is this", CaseSort.ABUSE),
        ("this sucks", CaseSort.ABUSE),
    ],
)
def test_some_words_count_only_in_a_post_to_us(text: str, sort: CaseSort) -> None:
    """Said to anybody else they may be about anything."""
    found = route(f"@helyg {text}")
    assert found is not None
    assert (found.sort, found.addressed) == (sort, True)
    assert route(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "can my mum have visitors today?",
        "terrible news, thoughts and prayers with all of you tonight",
        "I am unable to come on Tuesday, can I move my appointment?",
        "having trouble breathing, where do I go?",
        "I lost my dad on your ward last night, the staff were wonderful",
        "what is on your website about parking, is it right?",
        "will you refund parking if I stay over?",
        "what a nightmare night for your staff, you are heroes",
        "this is awful, sending love to the families",
        "disgusting that people attack nurses, well done to you all",
        "great joke from the porter today, made mum laugh",
        "the dirty laundry bag is by the bed, shall I take it home?",
        "I am sick of being ill, can you help?",
        "no reply needed, I just want to say thank you",
    ],
)
def test_questions_grief_and_thanks_that_are_said_to_us_are_no_complaint(text: str) -> None:
    """What people write to a hospital on any day, and on a bad one."""
    assert route(f"@helyg {text}") is None


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("On hold to the ward for fifty minutes, then cut off", "complaint-on-hold"),
        ("Five hour wait with a toddler, and one chair between us", "complaint-time-lost"),
        ("Nan spent nine hours on a trolley at Helyg", "complaint-time-lost"),
        ("no answer from the eye clinic since Monday", "complaint-unanswered"),
        ("No one told us that he had been moved", "complaint-unanswered"),
        ("can't get an appointment for love nor money", "complaint-cannot"),
        ("nowhere to leave the car, could not find a space in an hour", "complaint-cannot"),
        ("The letter never arrived and she missed her scan", "complaint-not-come"),
        ("mum's scan was cancelled by text, no new date", "complaint-not-come"),
        ("charged twice for one hour in the car park", "complaint-charged"),
        ("They lost my nan's dentures", "complaint-lost"),
        ("why do we have to ring three times for one form?", "complaint-reproach"),
        ("A shambles from start to finish", "complaint-hard-word"),
        ("Helyg hospital is filthy, bins overflowing on every floor", "complaint-of-hospital"),
        ("Nowhere to park at the hospital, and a fine for my trouble", "complaint-of-hospital"),
        ("The man at the desk was rude, so this is what the hospital calls welcome", "complaint-of-hospital"),
        ("dim ateb gan y clinig ers oriau", "complaint-welsh"),
        ("maen nhw wedi colli fy llythyr, pa fath o ysbyty yw hwn", "complaint-welsh"),
        ("traed moch yn y dderbynfa, ac apwyntiad wedi ei ganslo eto", "complaint-welsh"),
    ],
)
def test_who_speaks_of_us_and_not_to_us_may_complain_too(text: str, rule: str) -> None:
    """By how they waited, were not heard, or lost something; such a post is counted, and is no case."""
    found = route(text)
    assert found is not None
    assert (found.sort, found.rule, found.addressed) == (CaseSort.COMPLAINT, rule, False)


@pytest.mark.parametrize(
    "text",
    [
        "Terrible news from Helyg hospital, thinking of everyone",
        "Worst storm ever, the hospital roof is off",
        "Shocking pictures from Helyg hospital",
        "Helyg hospital cancelled operations for the strike",
        "Helyg hospital has given no information on the number of hurt",
        "A four hour wait on the bridge after the crash",
        "Roads to Helyg hospital are blocked, avoid the coast road",
        "Power cut at Helyg hospital, phones are down",
        "They lost her at Helyg last night, heartbroken",
        "they lost my baby, I can't stop crying",
        "I lost my glasses in Helyg hospital, where is lost property?",
        "Baby is two weeks late, anyone been induced at Helyg hospital?",
        "In hospital yet again, so bored",
        "Fed up with being in hospital, want my own bed",
        "Feel useless here in hospital",
        "Firm fined after worker taken to hospital",
        "my operation is on hold until my cold is gone",
        "why do I have to fast before the scan?",
        "Nobody told me how beautiful the garden at Helyg hospital is",
        "Long queue at Helyg hospital for the blood donors, well done all",
        "two hour wait, but amazing nurses",
        "llanast ar ôl y storm ger yr ysbyty",
        "wedi colli mam yn yr ysbyty neithiwr",
        "pob apwyntiad wedi ei ganslo yfory, meddai'r ysbyty",
    ],
)
def test_bad_news_grief_and_grumbles_about_us_are_no_complaint(text: str) -> None:
    """Else the share of complaints would rise with each accident, and say nothing of how people are treated."""
    found = route(text)
    assert found is None or found.sort is not CaseSort.COMPLAINT


def test_a_listed_author_of_the_media_who_writes_to_us_is_a_media_enquiry_by_itself() -> None:
    """Without any word; of others it is none, nor where the post is not to us."""
    found = route("@helyg hello", author_id=REPORTER)
    assert found == Suggestion(CaseSort.MEDIA_ENQUIRY, LISTED_AUTHOR, (), addressed=True)
    assert route("@helyg hello") is None
    assert route("hello", author_id=REPORTER) is None


def test_the_words_shown_are_those_of_our_list() -> None:
    """And no other word of the post."""
    found = route("Planted: my nan is trapped with a planted name")
    assert found is not None
    assert found.words == ("my nan", "trapped")


@given(text=st.text())
def test_no_text_breaks_a_rule(text: str) -> None:
    """Whatever somebody posts."""
    for words in ((text,), (text, "trapped"), ("i will kill you", text)):
        route(" ".join(words))


@given(words=st.lists(st.sampled_from(sorted(OURS)), max_size=12))
def test_what_is_shown_is_in_our_lists(words: list[str]) -> None:
    """Any mixture of triggers gives words of our lists alone."""
    known = {
        " ".join(words_of(one))
        for rule in WORDS.routes
        for part in (rule.trigger, rule.before, rule.after, rule.beside)
        for one in WORDS.listed(part or "")
    }
    found = route(" ".join(words))
    assert found is None or known.issuperset(found.words)


COLOURS = WordLists(lists=(WordList(id="colours", owner="Press", note="Invented.", words="red, green"),))


def rule(**more: object) -> RouteRule:
    given = {
        "id": "one",
        "sort": "complaint",
        "language": "en",
        "owner": "Press",
        "note": "Invented.",
        "trigger": "blue door",
        "example": "blue door",
    }
    return RouteRule.model_validate({**given, **more})


@pytest.mark.parametrize(
    ("more", "text", "fits"),
    [
        ({}, "a blue door", True),
        ({}, "a blue big door", False),
        ({"before": "my"}, "my blue door", True),
        ({"before": "my"}, "blue door my", False),
        ({"before": "my", "apart": 1}, "my very very blue door", False),
        ({"after": "is shut"}, "blue door now is shut", True),
        ({"after": "is shut", "apart": 0}, "blue door now is shut", False),
        ({"beside": "red"}, "red and then a blue door", True),
        ({"beside": "blue"}, "a blue door", False),
        ({"unless": "thanks"}, "thanks, a blue door", False),
        ({"addressed": True}, "a blue door", False),
        ({"before": "my, {colours}"}, "red blue door", True),
        ({"before": "my, {colours}"}, "my blue door", True),
        ({"before": "my, {colours}"}, "colours blue door", False),
    ],
)
def test_each_part_of_a_rule_is_asked_for(more: dict[str, object], text: str, *, fits: bool) -> None:
    """Where it is, how far apart, and what may not be there."""
    words = words_of(text)
    assert bool(rule_of(rule(**more), COLOURS).fired(words, words, addressed=False)) is fits


def test_a_register_without_rules_suggests_nothing() -> None:
    """As older records have it."""
    bare = router(builders.register().model_copy(update={"words": WordLists()}))
    assert route("I will burn your hospital down", bare) is None
