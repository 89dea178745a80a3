"""A partner's posts: what goes out by the register's rule, what a person is asked about, and what is taken back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.authority.powers import may
from streams.decisions.desk.order_table import answer
from streams.decisions.release.amplification import WAITING_MAX
from streams.decisions.release.delivery_orders import may_send
from streams.decisions.verdict import Allowed
from streams.decisions.wording.listed_names import name_prints
from streams.subjects.attention import waiting
from streams.subjects.fold import fold_all
from streams.subjects.incident import Incident
from streams.subjects.past import Past, set_aside, whole
from streams.telling.facts import fact_line, picture
from streams.telling.names import names_of
from streams.values import Power, Purpose
from streams.words.delivery import DeliveryAsked, DeliveryClaimed, DeliveryState, RecordOutcome, Verb
from streams.words.facts import CommandRefused, Fact
from streams.words.register.accounts import PartnerStopped
from streams.words.register.entries import Register
from streams.words.release import Amplify, LineDrafted, Message, MessageAuthorised, NotePostChange, SignOff
from streams.words.sign_off import SignOffSought
from streams.words.stops import Freeze, ResumePartner
from tests import builders, searches
from tests.builders import COMMANDER, DRILL, NOW, SIGNER, WRITER

AGENT = "amplification-agent"
WORDS = "Please keep away."


def post(number: int = 1, text: str = WORDS, **credit: Any) -> Amplify:
    given = {"post_id": f"post-{number}", **credit}
    return Amplify(credit=builders.credit(**given), text=text, posted_at=NOW)


def edit(text: str | None = "Please come.", **credit: Any) -> NotePostChange:
    return NotePostChange(credit=builders.credit(**credit), change="edited", text=text)


GONE = NotePostChange(credit=builders.credit(), change="deleted")


def after(incident: Incident, body: Any, by: str = AGENT, **changes: Any) -> tuple[Sequence[Fact], Incident]:
    return builders.judged(builders.order(body, incident, by, **changes))


def public(incident: Incident) -> Incident:
    """The incident once every channel confirmed what it was asked for."""
    while sending := [one for one in incident.deliveries.values() if one.state is DeliveryState.SENDING]:
        done = RecordOutcome(delivery_id=sending[0].id, attempt=sending[0].attempt, outcome="confirmed")
        _, incident = after(incident, done, "publishing-agent")
    return incident


def echoed(mode: str = builders.LIVE, **changes: Any) -> Incident:
    """An incident in which a partner's post is out."""
    return public(after(builders.declared(mode), post(), **changes)[1])


def withdrawals(facts: Sequence[Fact]) -> list[Message]:
    bodies = [fact.body for fact in facts if isinstance(fact.body, MessageAuthorised)]
    return [body.message for body in bodies if body.message.purpose is Purpose.WITHDRAWAL]


@pytest.mark.parametrize("change", [edit(), edit(None), GONE], ids=["edited", "edited to nothing", "deleted"])
@pytest.mark.parametrize("mode", [builders.LIVE, DRILL])
def test_what_its_author_changes_is_taken_back_where_it_is_public(change: NotePostChange, mode: str) -> None:
    """By the rule that let it out, on the same channels, in every language; nobody has to be found for that."""
    incident = echoed(mode)
    [copy] = incident.messages.values()
    facts, then = after(incident, change)
    [withdrawal] = withdrawals(facts)
    assert withdrawal.follows == copy.id
    assert withdrawal.channels == copy.channels
    assert set(withdrawal.texts) == {"en", "cy"}
    assert WORDS not in str(withdrawal.texts)
    asked = [fact.body.verb for fact in facts if isinstance(fact.body, DeliveryAsked)]
    assert asked == [Verb.UN_REPOST]
    assert after(then, change, id="again")[0] == [] or not withdrawals(after(then, change, id="again")[0])


@given(spaces=st.sampled_from([" ", "\n", "   "]), accent=st.sampled_from(["\u0177", "y\u0302"]))
def test_an_edit_that_changes_no_word_changes_nothing(spaces: str, accent: str) -> None:
    """Networks call it an edit when a picture comes; spaces, and how an accent is written, are no words."""
    _, incident = after(builders.declared(), post(text="The t\u0177 is closed."))
    assert answer(builders.order(edit(f"The{spaces}t{accent} is closed."), incident, AGENT)) == []
    assert answer(builders.order(edit(f"The{spaces}t{accent} is open."), incident, AGENT)) != []


def test_it_is_taken_back_when_the_partner_the_person_and_the_power_are_gone() -> None:
    """To stop is the easier thing: only the letting out needs all of them."""
    incident = echoed()
    people = {name: one for name, one in builders.people().items() if name != WRITER}
    left = builders.register(partners={}, people=people)
    assert not isinstance(may(WRITER, builders.order(GONE, incident).act(Power.AMPLIFY), register=left), Allowed)
    facts, _ = after(incident, GONE, register=left)
    [withdrawal] = withdrawals(facts)
    [claimed] = [fact.body for fact in facts if isinstance(fact.body, DeliveryClaimed)]
    assert claimed.dispatch.message == withdrawal
    assert isinstance(may_send(claimed.dispatch, left, now=NOW), Allowed)
    late = may_send(claimed.dispatch, left, now=NOW + timedelta(hours=25))
    assert not isinstance(late, Allowed)


@pytest.mark.parametrize("stop", ["frozen", "stood down"])
def test_neither_a_freeze_nor_the_end_of_the_incident_keeps_it_up(stop: str) -> None:
    incident = echoed()
    if stop == "frozen":
        _, incident = after(incident, Freeze(reason="wait"), COMMANDER)
    else:
        incident = incident.model_copy(update={"status": "stood-down"})
    assert withdrawals(after(incident, GONE)[0])


def test_what_had_not_gone_out_yet_never_goes() -> None:
    """The order waits on its channel: it is refused there, and no letter tells of words that nobody read."""
    incident = builders.carried_out(builders.declared(), post(), by=AGENT)
    facts, then = after(incident, GONE)
    assert not withdrawals(facts)
    assert {one.state for one in then.deliveries.values()} == {DeliveryState.REFUSED}


def test_what_is_just_being_sent_is_taken_back_after_it() -> None:
    """It may become public: the withdrawal waits for it on its channel."""
    _, incident = after(builders.declared(), post())
    facts, then = after(incident, GONE)
    assert withdrawals(facts)
    assert withdrawals(facts)[0].id in {one.message_id for one in then.deliveries.values()}
    assert public(then).deliveries.keys() == then.deliveries.keys()
    assert all(one.state is DeliveryState.CONFIRMED for one in public(then).deliveries.values())


def test_what_left_the_record_is_taken_back_like_what_is_in_it() -> None:
    """A settled message leaves memory: the same facts follow."""
    incident = echoed()
    thinned, rows = set_aside(incident, at=NOW)
    assert not thinned.messages
    order = builders.order(GONE, incident, AGENT)
    facts, then = builders.judged(order)
    again, later = builders.judged(replace(order, state=thinned, past=Past(rows.get)))
    assert [fact.body for fact in again] == [fact.body for fact in facts]
    assert whole(later, rows).messages.keys() == then.messages.keys()


def burst(count: int, register: Register) -> list[Fact]:
    found, state = list[Fact](), builders.declared()
    for number in range(1, 1 + count):
        facts, state = after(state, post(number, f"{WORDS} {number}"), register=register)
        found += facts
    return found


def test_forty_posts_at_once_become_a_few_and_one_question() -> None:
    """The register says how many; then the partner is stopped, and the rest waits for a yes: none of it is lost."""
    register = builders.register(chains={"any": searches.chain(COMMANDER, power=Power.AMPLIFY)})
    facts = burst(40, register)
    out = [fact for fact in facts if isinstance(fact.body, MessageAuthorised)]
    assert len(out) == register.partners["ambulance"].posts_max
    assert [type(fact.body) for fact in facts].count(PartnerStopped) == 1
    assert [type(fact.body) for fact in facts].count(LineDrafted) == 40 - len(out)
    assert [type(fact.body) for fact in facts].count(SignOffSought) == 1
    assert CommandRefused not in [type(fact.body) for fact in facts]
    incident = fold_all(builders.declared(), facts)
    waits = [one.what for one in waiting(incident, NOW) if one.kind == "draft"]
    assert waits == list(incident.drafts)
    assert "resume-partner inc-1 ambulance" in "\n".join(picture(incident, zone=UTC))
    assert any("STOPPED, no post of Vale Ambulance from account did:vale:1" in fact_line(fact) for fact in facts)


def test_each_post_that_the_rate_held_back_goes_out_on_a_persons_yes() -> None:
    """One by one, also while the partner is stopped; no search has to be begun for it."""
    register = builders.register(partners={"ambulance": builders.partner(posts_max=2)})
    incident = fold_all(builders.declared(), burst(9, register))
    assert len(incident.drafts) == 7
    for draft in incident.drafts.values():
        yes = SignOff(message_id=draft.id, content_hash=draft.content_hash)
        facts, incident = after(incident, yes, WRITER, register=register)
        assert isinstance(facts[0].body, MessageAuthorised)
    assert incident.stops.accounts


def test_an_account_that_sends_without_end_fills_no_record() -> None:
    """Sixty of its posts wait; it is then refused, with what to do."""
    facts = burst(100, builders.register())
    incident = fold_all(builders.declared(), facts)
    assert len(incident.drafts) == WAITING_MAX
    assert "sign off or withdraw some first" in fact_line(facts[-1])


@given(elsewhere=st.integers(0, 12), here=st.integers(0, 8))
def test_posts_for_other_incidents_count_in_the_rate(elsewhere: int, here: int) -> None:
    """An account that somebody took over may not speak six times in each incident."""
    register = builders.register()
    incident = fold_all(builders.declared(), burst(here, register))
    last = post(99, "One more.").model_copy(update={"elsewhere": elsewhere})
    facts, _ = after(incident, last, register=register)
    let_out = isinstance(facts[0].body, MessageAuthorised)
    assert let_out == (here + elsewhere < register.partners["ambulance"].posts_max and not incident.stops.accounts)
    assert let_out or LineDrafted in map(type, [fact.body for fact in facts])


def test_the_rate_counts_only_what_is_new_and_of_that_partner() -> None:
    """Posts over a night, and those of others, stop nobody."""
    police = builders.partner(id="police", name="Vale Police", account_id="did:vale:2", posts_max=2)
    register = builders.register(partners={"ambulance": builders.partner(posts_max=2), "police": police})
    incident, now = builders.declared(), NOW
    for number in range(8):
        now += timedelta(seconds=100)
        who = ("police", "did:vale:2") if number % 2 else ("ambulance", "did:vale:1")
        body = post(number, f"{WORDS} {number}", partner=who[0], account_id=who[1])
        facts, incident = after(incident, body.model_copy(update={"posted_at": now}), register=register, now=now)
        assert isinstance(facts[0].body, MessageAuthorised)


def test_what_is_taken_back_does_not_count() -> None:
    """A partner that mends its words is not stopped for that."""
    register = builders.register(partners={"ambulance": builders.partner(posts_max=2)})
    incident = public(after(builders.declared(), post(), register=register)[1])
    _, incident = after(incident, GONE, register=register)
    facts, _ = after(incident, post(2, "Crews are here."), register=register)
    assert isinstance(facts[0].body, MessageAuthorised)


def test_a_person_resumes_a_partner_and_the_count_begins_afresh() -> None:
    """With the power to amplify or to release; nothing that was refused goes out by itself."""
    register = builders.register(partners={"ambulance": builders.partner(posts_max=2)})
    incident = fold_all(builders.declared(), burst(4, register))
    resume = ResumePartner(partner="ambulance", reason="they rang us")
    assert builders.kinds(answer(builders.order(resume, incident, SIGNER)))[0] == "command_refused"
    later = NOW + timedelta(seconds=1)
    _, resumed = after(incident, resume, WRITER, register=register, now=later)
    assert not resumed.stops.accounts
    facts, _ = after(resumed, post(9, "Please keep well away."), register=register, now=later)
    assert isinstance(facts[0].body, MessageAuthorised)


def test_a_person_may_share_one_post_of_a_stopped_partner() -> None:
    """Theirs is the yes then, and their name stands on it."""
    register = builders.register(partners={"ambulance": builders.partner(posts_max=1)})
    incident = fold_all(builders.declared(), burst(3, register))
    [yes, *_] = answer(builders.order(post(9, "Crews are here."), incident, WRITER, register=register))
    assert isinstance(yes, MessageAuthorised)
    assert (yes.authorisation.person, yes.authorisation.standing) == (WRITER, None)


@pytest.mark.parametrize(
    "text",
    [
        "20 % off all tickets",
        "20% OFF",
        "50  %  off",
        "\uff12\uff10% off",
        "£5 off today",
        "Half-price kits",
        "Buy now!",
        "Hanner pris heddiw",
        "Vote for Jones",
        "VOTE FOR change",
        "Vote Labour",
        "Pleidleisiwch dros Jones",
        "Our candidate visits",
        "See our election manifesto",
    ],
)
def test_what_sells_or_asks_for_votes_waits_for_a_person(text: str) -> None:
    """It is neither sent nor lost: it waits for a yes, with what was found, and a yes sends it."""
    facts, incident = after(builders.declared(), post(text=f"{text}, at Ashby Junction."))
    [draft] = incident.drafts.values()
    assert builders.kinds([fact.body for fact in facts]) == ["line_drafted"]
    assert any("we share nothing of that kind" in one for one in draft.doubts)
    yes = SignOff(message_id=draft.id, content_hash=draft.content_hash)
    assert isinstance(after(incident, yes, WRITER)[0][0].body, MessageAuthorised)
    assert isinstance(after(incident, post(text=text), WRITER)[0][0].body, MessageAuthorised)


@pytest.mark.parametrize(
    "text",
    [
        "20 % of the road is open.",
        "The office is closed.",
        "Turn off at junction 20.",
        "We back our colleagues.",
        "Devoted crews are here.",
        "The vote of thanks is postponed.",
        "Buyers of tickets, wait at home.",
        "Ar gau: y ffordd.",
    ],
)
def test_what_only_sounds_alike_goes_out(text: str) -> None:
    """The rule is plain: what it does not name, it does not stop."""
    assert isinstance(after(builders.declared(), post(text=text))[0][0].body, MessageAuthorised)


def test_a_draft_of_a_post_that_its_author_changes_waits_no_more() -> None:
    _, incident = after(builders.declared(), post(text="20 % off at Ashby."))
    facts, then = after(incident, GONE)
    assert builders.kinds([fact.body for fact in facts]) == ["draft_withdrawn"]
    assert not then.drafts


LINKS = (
    "https://vale-ambulance.example@evil.example/",
    "https://vale-ambulance.example:80@evil.example/",
    "https://evil.example\\@vale-ambulance.example/",
    "https://evil.example#@vale-ambulance.example/",
    "https://evil.example?vale-ambulance.example",
    "https://vale-ambulance.example.evil.example/",
    "https://evilvale-ambulance.example/",
    "https://vale-ambulance.example:8443/",
    "https://v\u0430le-ambulance.example/",
    "https://evil.example/vale-ambulance.example",
    "//vale-ambulance.example/",
    "javascript://vale-ambulance.example/%0aalert(1)",
    "https:vale-ambulance.example",
    "https://user@vale-ambulance.example/",
    "https://[::ffff:1.2.3.4]/",
    "https://vale-ambulance.example /",
)


@pytest.mark.parametrize("url", LINKS)
@pytest.mark.parametrize("by", [AGENT, WRITER])
def test_a_link_that_does_not_lead_to_the_partner_never_goes_out(url: str, by: str) -> None:
    """The words go out without it, and the record says so."""
    facts, incident = after(builders.declared(), post(url=url), by)
    [message] = incident.messages.values()
    assert message.credit is not None
    assert message.credit.url is None
    assert message.texts == {"en": f"Vale Ambulance: {WORDS}"}
    assert by == WRITER or "the link is left out" in fact_line(facts[0])


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://vale-ambulance.example/news/1?a=b#c", "https://vale-ambulance.example/news/1?a=b#c"),
        ("https://news.vale-ambulance.example", "https://news.vale-ambulance.example"),
        ("HTTPS://Vale-Ambulance.EXAMPLE:443/@crew/1", "https://vale-ambulance.example/@crew/1"),
        ("https://vale-ambulance.example./a", "https://vale-ambulance.example/a"),
        ("https://social.example/@vale/1", "https://social.example/@vale/1"),
        ("https://vale-ambulance.example/t\u0177", "https://vale-ambulance.example/t%C5%B7"),
    ],
)
def test_a_link_to_the_partner_goes_out_as_it_goes_over_the_wire(url: str, shown: str) -> None:
    register = builders.register(partners={"ambulance": builders.partner(link_domains=("Social.example",))})
    facts, _ = after(builders.declared(), post(url=url), register=register)
    yes = facts[0].body
    assert isinstance(yes, MessageAuthorised)
    assert yes.message.credit is not None
    assert yes.message.credit.url == shown
    assert yes.message.texts["en"].endswith(f" {shown}")


@pytest.mark.parametrize("category", ["ambulance", "police", "fire", "council"])
@pytest.mark.parametrize("passes", [None, True, False])
def test_whether_a_partner_passes_holds_is_said_in_its_entry(category: str, passes: bool | None) -> None:  # noqa: FBT001 - a case of the table
    """If it is not said, police and ambulance do; a name that a hold lists passes for nobody."""
    partner = builders.partner(category=category, passes_holds=passes)
    register = builders.register(partners={"ambulance": partner})
    goes = category in {"ambulance", "police"} if passes is None else passes
    first = after(builders.declared(), post(text="The fire was caused by a fault."), register=register)[0][0].body
    assert isinstance(first, MessageAuthorised) is goes


def test_what_a_hold_keeps_back_of_a_post_waits_for_a_person_and_goes_out_once_it_is_lifted() -> None:
    """Else nobody would hear that the fire service has told what we hold back; a yes before that says who may lift."""
    register = builders.register(partners={"ambulance": builders.partner(category="fire")})
    facts, incident = after(builders.declared(), post(text="The fire was caused by a fault."), register=register)
    [draft] = incident.drafts.values()
    assert [type(fact.body) for fact in facts] == [LineDrafted]
    assert any("hold" in one and register.called(COMMANDER) in one for one in draft.doubts)
    yes = SignOff(message_id=draft.id, content_hash=draft.content_hash)
    [refused], _ = after(incident, yes, WRITER, register=register)
    assert isinstance(refused.body, CommandRefused)
    assert {*refused.body.reasons} <= {*draft.doubts}
    lifted = incident.model_copy(update={"holds": incident.holds.model_copy(update={"lifted": {"cause": None}})})
    assert isinstance(after(lifted, yes, WRITER, register=register)[0][0].body, MessageAuthorised)


def test_a_post_with_a_name_that_a_hold_lists_is_in_no_draft() -> None:
    """A draft is in the record, and how it begins is in the text message that asks for a yes."""
    listed = builders.hold(id="listed", field="names", names=name_prints(["Elis Wyn Puw"], "s1"), salt="s1")
    register = builders.register(holds={"listed": listed})
    [refused], _ = after(builders.declared(), post(text="Elis Wyn Puw is safe."), register=register)
    assert isinstance(refused.body, CommandRefused)
    assert "Elis" not in refused.model_dump_json()


def test_the_record_says_by_whose_rule_a_post_went_out_and_was_taken_back() -> None:
    """Nobody gave a yes that night: two people of the register let the partner in, and both are named."""
    facts, incident = after(builders.declared(), post())
    facts = [*facts, *after(public(incident), GONE)[0]]
    register = builders.register()
    lines = [fact_line(fact, names_of(facts, register)) for fact in facts if isinstance(fact.body, MessageAuthorised)]
    rule = f"by the rule that {register.called(SIGNER)} registered and {register.called(WRITER)} approved"
    assert len(lines) == 2
    assert all(rule in line for line in lines)
    assert "standing yes" not in "".join(lines)
