"""A partner's word on a live incident goes out again; if it is taken back, each live incident gets an order on it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from agents.amplification import Changed, Needs, UnregisteredPartner, Wordless, handle, handle_declaration
from streams.decisions.authority.order import Order
from streams.decisions.desk.order_table import answer
from streams.errors import MessageError
from streams.subjects.incident import Incident, Status
from streams.subjects.register_log import RegisterLog
from streams.values import THE_REGISTER
from streams.words.facts import Fact
from streams.words.orders import Command
from streams.words.posts import AccountChange, PartnerChange, PartnerPost
from streams.words.register.partners import NoteLookAlike, PartnerAccount
from streams.words.release import Amplify, NotePostChange
from streams.words.stops import StopPartner
from tests import builders
from tests.agents.doubles import MemoryIncidents, MemoryPosts, clock_at
from tests.builders import INCIDENT, LIVE, NOW
from tests.strategies import built


def post(**changes: Any) -> PartnerPost:
    plain: dict[str, Any] = {
        "id": "pp-1",
        "mode": LIVE,
        "account_id": "did:vale:1",
        "domain": "vale-ambulance.example",
        "post_id": "post-1",
        "at": NOW - timedelta(minutes=2),
        "text": "Crews are at Ashby Junction.",
    }
    return PartnerPost(**{**plain, **changes})


def needs(*incidents: Incident, posts: tuple[PartnerPost, ...] = ()) -> Needs:
    register = builders.register()
    return Needs(clock_at(), lambda: register, MemoryIncidents(incidents or (builders.declared(),)), MemoryPosts(posts))


def declared_fact() -> Fact:
    return builders.facts_of(Incident(id=INCIDENT, mode=LIVE), answer(builders.order(builders.declaration())))[0]


async def test_a_partners_post_on_a_live_incident_is_ordered_once() -> None:
    """By stream or by poll, the same post gives the same order."""
    [one] = await handle(post(), needs())
    [again] = await handle(post(id="pp-polled"), needs())
    assert one == again
    assert isinstance(one.body, Amplify)
    assert one.body.credit == builders.credit()


@pytest.mark.parametrize("text", ["Roadworks on the A1.", "ashby", "#Other"])
async def test_a_post_on_something_else_is_left_alone(text: str) -> None:
    """Only what speaks of the incident goes out again."""
    assert await handle(post(text=text), needs()) == []


async def test_what_is_over_takes_no_new_posts() -> None:
    """A stood-down incident is not live."""
    assert await handle(post(), needs(builders.declared().model_copy(update={"status": Status.STOOD_DOWN}))) == []


@pytest.mark.parametrize("changes", [{"account_id": "did:fake:1"}, {"domain": "weather.example"}])
async def test_an_account_that_is_not_pinned_is_set_aside_with_the_reason(changes: dict[str, Any]) -> None:
    """Account and domain both have to be the registered ones; a name proves nothing."""
    with pytest.raises(UnregisteredPartner, match="no registered partner"):
        await handle(post(**changes), needs())


async def test_invisible_characters_do_not_keep_a_partners_word_back() -> None:
    """Hard spaces become spaces, and what turns letters goes; what joins a picture belongs to it."""
    text = "Crews\u00a0are at Ashby Junction\u200b.\n\U0001f468\u200d\U0001f692 \u202eon scene"
    [one] = await handle(post(text=text), needs())
    assert isinstance(one.body, Amplify)
    assert one.body.text == "Crews are at Ashby Junction.\n\U0001f468\u200d\U0001f692 on scene"


@pytest.mark.parametrize("text", ["", " \n", "\u200b"])
async def test_a_post_without_words_is_set_aside_with_the_reason(text: str) -> None:
    """A picture alone needs a person's eye."""
    with pytest.raises(Wordless, match="no words"):
        await handle(post(text=text), needs())


@pytest.mark.parametrize("change", ["edited", "deleted"])
async def test_what_the_partner_changes_is_told_to_every_live_incident(change: str) -> None:
    """Also where our own order to amplify it is still on its way: it is answered in turn."""
    [one] = await handle(post(change=change, text=""), needs())
    assert isinstance(one.body, NotePostChange)
    assert one.body.change == change


async def test_what_is_taken_back_after_the_end_is_told_to_the_incident_that_carries_it() -> None:
    """And each later change is an order of its own."""
    [order] = await handle(post(), needs())
    carrying = builders.carried_out(builders.declared(), order.body, by=order.by)
    ended = carrying.model_copy(update={"status": Status.STOOD_DOWN})
    first, second = [
        await handle(post(change="edited", text="", id=name), needs(ended)) for name in ("change-1", "change-2")
    ]
    assert len(first) == len(second) == 1
    assert first[0].id != second[0].id


def elsewhere(number: int) -> PartnerPost:
    return post(post_id=f"other-{number}", text="Crews are at Pont Ddu.")


async def test_the_order_says_how_many_posts_came_for_other_incidents() -> None:
    """What matches no incident, or this one, is not among them; what a person resumed begins afresh."""
    other = builders.declared().model_copy(
        update={"id": "inc-2", "declaration": builders.declaration(words=("Pont Ddu",), hashtags=())}
    )
    came = (elsewhere(1), post(post_id="here"), elsewhere(2), post(post_id="none", text="Roadworks."), elsewhere(3))
    [order] = await handle(post(), needs(builders.declared(), other, posts=(*came, post(), elsewhere(4))))
    assert isinstance(order.body, Amplify)
    assert order.body.elsewhere == 3
    stops = other.stops.model_copy(update={"resumed": {"ambulance": NOW}})
    resumed = other.model_copy(update={"stops": stops})
    [order] = await handle(post(), needs(builders.declared(), resumed, posts=(*came, post())))
    assert isinstance(order.body, Amplify)
    assert order.body.elsewhere == 0


async def test_a_post_from_before_the_declaration_is_found() -> None:
    """The same order as if it had come after."""
    told = needs(posts=(post(), post(post_id="post-2", text="Elsewhere."), post(account_id="did:fake:1")))
    found = await handle_declaration(declared_fact(), told)
    assert found == await handle(post(), told)


async def test_a_post_that_was_taken_back_before_the_declaration_stays_where_it_is() -> None:
    """We do not send out what its author has withdrawn."""
    told = needs(posts=(post(), post(change="deleted", text="")))
    assert await handle_declaration(declared_fact(), told) == []


@pytest.mark.parametrize("change", [{"change": "deleted", "text": ""}, {"change": "edited", "text": "Elsewhere."}])
@pytest.mark.parametrize("first", ["post", "change"])
async def test_a_change_that_comes_before_its_post_is_remembered(change: dict[str, Any], first: str) -> None:
    """Feeds deliver out of order, and try again: the words that were withdrawn never go out, and it is told why."""
    known = (post(), post(**change)) if first == "post" else (post(**change), post())
    with pytest.raises(Changed, match="edited or deleted post post-1"):
        await handle(post(), needs(posts=known))
    assert await handle_declaration(declared_fact(), needs(posts=known)) == []


async def test_a_post_that_comes_again_after_its_deletion_is_held_back() -> None:
    with pytest.raises(Changed):
        await handle(post(id="again"), needs(posts=(post(), post(change="deleted", text=""), post(id="again"))))


async def test_an_edit_that_changed_no_word_does_not_hold_its_post_back() -> None:
    """A picture was added, say."""
    known = (post(change="edited", text="Crews  are at Ashby Junction."), post())
    assert await handle(post(), needs(posts=known)) == await handle(post(), needs())


async def test_other_words_under_the_same_identifier_are_an_edit() -> None:
    """A poll brings every post as new: what it says now reaches each incident that carries it, or soon will."""
    changed = post(id="polled", text="Crews have left Ashby Junction.")
    order, renewed = await handle(changed, needs(posts=(post(), changed)))
    assert isinstance(renewed.body, Amplify)
    assert (renewed.body.text, renewed.body.renews) == (changed.text, True)
    assert order.body == NotePostChange(credit=builders.credit(), change="edited", text=changed.text)
    with pytest.raises(Changed):
        await handle(post(), needs(posts=(post(), changed)))


async def test_a_post_that_is_out_is_not_ordered_again_but_compared() -> None:
    """However often it is polled, it gives one order for each wording."""
    [order] = await handle(post(), needs())
    carrying = builders.carried_out(builders.declared(), order.body, by=order.by)
    polled = [await handle(post(id=name), needs(carrying, posts=(post(),))) for name in ("a", "b")]
    assert polled[0] == polled[1]
    [compared] = polled[0]
    assert isinstance(compared.body, NotePostChange)
    assert answer(Order(compared, carrying, builders.register(), NOW)) == []


async def test_a_post_goes_out_for_the_incident_that_was_declared_first_and_for_no_other() -> None:
    """A second incident at the same place sends no post once more, on the page or to the readers of letters."""
    first = builders.declared().model_copy(update={"declared_at": NOW - timedelta(minutes=5)})
    second = builders.declared().model_copy(update={"id": "inc-0", "declared_at": NOW})
    told = needs(first, second, posts=(post(),))
    [order] = await handle(post(), told)
    assert order.subject == first.subject
    begun = declared_fact().model_copy(update={"subject": second.subject})
    assert await handle_declaration(begun, told) == []
    assert len(await handle_declaration(declared_fact(), told)) == 1


async def test_a_post_that_an_ended_incident_carries_does_not_go_out_for_the_next() -> None:
    [order] = await handle(post(), needs())
    carrying = builders.carried_out(builders.declared(), order.body, by=order.by)
    ended = carrying.model_copy(update={"id": "inc-0", "status": Status.STOOD_DOWN})
    told = needs(ended, builders.declared(), posts=(post(),))
    assert await handle_declaration(declared_fact(), told) == []
    assert [one.subject.id for one in await handle(post(id="polled"), told)] == ["inc-0"]


@pytest.mark.parametrize(
    ("pinned", "comes"),
    [
        ("vale-ambulance.example", "Vale-Ambulance.EXAMPLE"),
        ("vale-ambulance.example", "vale-ambulance.example."),
        ("vale-ambulance.example", " vale-ambulance.example"),
        ("Vale-Ambulance.example", "vale-ambulance.example"),
        ("ambiwlans-t\u0177.example".encode("idna").decode(), "ambiwlans-t\u0177.example"),
        ("ambiwlans-t\u0177.example", "AMBIWLANS-T\u0176.example"),
        ("ambiwlans-t\u0177.example", "ambiwlans-ty\u0302.example"),
    ],
)
async def test_a_domain_has_no_case_and_one_form(pinned: str, comes: str) -> None:
    """RFC 4343 and IDNA: what a reader's program takes for the same domain is the same here."""
    register = builders.register(partners={"ambulance": builders.partner(domain=pinned)})
    told = Needs(clock_at(), lambda: register, MemoryIncidents((builders.declared(),)), MemoryPosts())
    assert len(await handle(post(domain=comes), told)) == 1


@pytest.mark.parametrize(
    "domain", ["v\u0430le-ambulance.example", "vale-ambulance.example.example", "vale-ambulance.example.evil"]
)
async def test_a_domain_that_only_looks_alike_is_no_partner_and_is_noted(domain: str) -> None:
    """Once for an account, however often it posts: nothing goes out, and people hear of it."""
    [order] = await handle(post(domain=domain), needs())
    assert isinstance(order.body, NoteLookAlike)
    assert (order.subject, order.body.imitates, order.body.post_id) == (THE_REGISTER, "ambulance", "post-1")
    [again] = await handle(post(domain=domain, id="pp-2", post_id="post-2"), needs())
    assert again.id == order.id


async def test_a_domain_that_looks_like_nothing_we_know_is_set_aside() -> None:
    with pytest.raises(UnregisteredPartner):
        await handle(post(domain="ambulance.example"), needs())


def second_account(**changes: Any) -> Needs:
    """A partner that speaks from two accounts."""
    further = PartnerAccount(
        kind="cap",
        account_id="urn:vale:cap",
        domain="alerts.vale.example",
        address="https://alerts.vale.example/",
        evidence="They told us on the telephone.",
    )
    partner = builders.partner(accounts=(further,), **changes)
    register = builders.register(partners={"ambulance": partner})
    return Needs(clock_at(), lambda: register, MemoryIncidents((builders.declared(),)), MemoryPosts())


FROM_THE_SECOND = {"account_id": "urn:vale:cap", "domain": "alerts.vale.example"}


async def test_the_account_that_spoke_is_the_one_that_is_credited() -> None:
    """Each account of a partner is the partner's; of the two parts of a pin none fits to another account's."""
    told = second_account()
    [order] = await handle(post(**FROM_THE_SECOND), told)
    assert isinstance(order.body, Amplify)
    assert (order.body.credit.partner, order.body.credit.account_id) == ("ambulance", "urn:vale:cap")
    assert builders.kinds(answer(Order(order, builders.declared(), told.registers(), NOW)))[0] == "message_authorised"
    with pytest.raises(UnregisteredPartner):
        await handle(post(account_id="urn:vale:cap"), told)


async def test_the_rate_is_that_of_one_account_of_a_partner() -> None:
    """Another account of the same partner has its own, so that a burst stops no account but its own."""
    other = builders.declared().model_copy(
        update={"id": "inc-2", "declaration": builders.declaration(words=("Pont Ddu",), hashtags=())}
    )
    told = second_account()
    came = (elsewhere(1), elsewhere(2).model_copy(update=FROM_THE_SECOND), post())
    many = replace(told, incidents=MemoryIncidents((builders.declared(), other)), posts=MemoryPosts(came))
    [order] = await handle(post(), many)
    assert isinstance(order.body, Amplify)
    assert order.body.elsewhere == 1


def change(what: AccountChange, **changes: Any) -> PartnerChange:
    plain: dict[str, Any] = {"id": "pc-1", "mode": LIVE, "account_id": "did:vale:1", "at": NOW}
    return PartnerChange(**{**plain, "domain": "vale-ambulance.example", "change": what, **changes})


STOPPING = [one for one in AccountChange if one is not AccountChange.BACK]


@pytest.mark.parametrize("what", STOPPING)
async def test_what_becomes_of_an_account_stops_it_alone_in_all_incidents(what: AccountChange) -> None:
    """With the reason, and with what becomes of that which is out."""
    [order] = await handle(change(what, before="vale", called="crew"), needs())
    assert order.subject == THE_REGISTER
    assert isinstance(order.body, StopPartner)
    assert order.body.account_id == "did:vale:1"
    assert order.body.reason.startswith("its account did:vale:1 at vale-ambulance.example ")
    assert ("from “vale” to “crew”" in order.body.reason) is (what is AccountChange.RENAMED)
    assert ("taken back" in order.body.reason) is (what in {AccountChange.SUSPENDED, AccountChange.GONE})
    stopped = answer(Order(order, RegisterLog(mode=LIVE), builders.register(), NOW))
    assert builders.kinds(stopped) == ["partner_stopped"]


@pytest.mark.parametrize("what", STOPPING)
@pytest.mark.parametrize("status", [Status.DECLARED, Status.STOOD_DOWN])
async def test_what_we_carry_of_an_account_that_ended_is_taken_back(what: AccountChange, status: Status) -> None:
    """At once, post by post, also after the end of the incident; of an account that was renamed a person decides."""
    [order] = await handle(post(), needs())
    carrying = builders.carried_out(builders.declared(), order.body, by=order.by)
    ended = carrying.model_copy(update={"status": status})
    _, *orders = await handle(change(what), needs(ended))
    bodies = [one.body for one in orders]
    if what in {AccountChange.SUSPENDED, AccountChange.GONE}:
        assert [(one.subject, one.body.kind) for one in orders] == [(carrying.subject, "note_post_change")]
        assert "delivery_refused" in builders.kinds(answer(Order(orders[0], ended, builders.register(), NOW)))
    else:
        assert bodies == []


async def test_what_is_still_on_its_way_when_its_account_ends_is_taken_back_too() -> None:
    """Its order stands before this one on the topic of the same incident, and no fact tells of it yet."""
    _, *orders = await handle(change(AccountChange.GONE), needs(posts=(post(), post(account_id="did:vale:2"))))
    assert [(one.subject.id, one.body.kind) for one in orders] == [(INCIDENT, "note_post_change")]


async def test_an_account_that_is_back_waits_for_a_person() -> None:
    assert await handle(change(AccountChange.BACK), needs()) == []


async def test_what_becomes_of_an_account_that_is_not_ours_to_know_is_set_aside() -> None:
    with pytest.raises(UnregisteredPartner):
        await handle(change(AccountChange.GONE, account_id="did:fake:1"), needs())


async def test_a_partners_own_drill_and_its_time_reach_the_desk() -> None:
    """The desk says why it does not go out, where the commander reads it."""
    [order] = await handle(post(status="exercise", expires_at=NOW), needs())
    assert isinstance(order.body, Amplify)
    assert (order.body.status, order.body.credit.lapses_at) == ("exercise", NOW)


async def test_of_an_account_on_the_web_only_the_domain_has_no_case() -> None:
    """The rest of an identifier is another's, letter by letter."""
    register = builders.register(partners={"ambulance": builders.partner(account_id="did:web:Vale.example:Crew")})
    told = Needs(clock_at(), lambda: register, MemoryIncidents((builders.declared(),)), MemoryPosts())
    [order] = await handle(post(account_id="did:web:VALE.example:Crew"), told)
    assert isinstance(order.body, Amplify)
    assert order.body.credit.account_id == "did:web:Vale.example:Crew"
    for other in ("did:web:vale.example:crew", "did:vale:1"):
        with pytest.raises(UnregisteredPartner):
            await handle(post(account_id=other), told)


async def test_other_facts_do_not_concern_it() -> None:
    """Only a declaration makes it look back."""
    refused = builders.order(builders.declaration()).refused("no")
    [fact] = builders.facts_of(builders.declared(), refused)
    assert await handle_declaration(fact, needs(posts=(post(),))) == []


@given(given_post=built(PartnerPost))
async def test_whatever_a_registered_partner_posts_gives_orders_or_a_reason(given_post: PartnerPost) -> None:
    """Any post the types allow: orders that can be answered, or a reason to set it aside."""
    one = given_post.model_copy(
        update={
            "account_id": "did:vale:1",
            "domain": "vale-ambulance.example",
            "text": given_post.text + " #AshbyCrash",
        }
    )
    for told in (one, given_post):
        try:
            orders = await handle(told, needs())
        except MessageError:
            orders = ()
        assert all(isinstance(order, Command) for order in orders)
        for order in orders:
            asked = order.model_copy(update={"mode": LIVE})
            answer(Order(asked, builders.declared(), builders.register(), NOW))


async def test_an_edited_warning_is_taken_back_and_shared_as_it_says_now_in_that_order() -> None:
    """So is a post that is no warning."""
    raised = post(change="edited", text="Flood warning at Ashby Junction", genre="warning", id="pp-2")
    note, renewed = await handle(raised, needs())
    assert isinstance(note.body, NotePostChange)
    assert isinstance(renewed.body, Amplify)
    assert (renewed.body.renews, renewed.body.text) == (True, "Flood warning at Ashby Junction")
    assert note.id != renewed.id
    plain = await handle(raised.model_copy(update={"genre": "post"}), needs())
    assert [one.body for one in plain] == [note.body, renewed.body]


async def test_a_warning_goes_out_again_where_it_was_out_whatever_words_it_has_now() -> None:
    [first] = await handle(post(genre="warning"), needs())
    carrying = builders.carried_out(builders.declared(), first.body, by=first.by)
    *_, renewed = await handle(post(change="edited", text="Severe flood", genre="warning", id="pp-2"), needs(carrying))
    assert isinstance(renewed.body, Amplify)
    assert renewed.subject == carrying.subject


@pytest.mark.parametrize(("says", "goes_out"), [("Ashby Junction is clear.", True), ("Lost: a dog.", False)])
async def test_an_edited_post_goes_out_again_where_it_was_out_if_it_still_speaks_of_it(
    says: str, *, goes_out: bool
) -> None:
    """By an edit as by a poll, which brings the newer words as new; other words are only taken back."""
    [first] = await handle(post(), needs())
    carrying = builders.carried_out(builders.declared(), first.body, by=first.by)
    for change in ("edited", "new"):
        edited = post(change=change, text=says, id="pp-2")
        orders = await handle(edited, needs(carrying, posts=(post(), edited)))
        renewed = [one.body.text for one in orders if isinstance(one.body, Amplify) and one.body.renews]
        assert (orders[0].body.kind, renewed) == ("note_post_change", [says] if goes_out else [])


async def test_a_warning_that_comes_again_as_it_was_is_not_shared_again() -> None:
    [first] = await handle(post(genre="warning"), needs())
    carrying = builders.carried_out(builders.declared(), first.body, by=first.by)
    again = await handle(post(genre="warning", id="pp-2"), needs(carrying, posts=(post(genre="warning"),)))
    assert [one.body.kind for one in again] == ["note_post_change"]


async def test_two_accounts_whose_names_run_into_their_posts_give_two_orders() -> None:
    """A slash may stand in an account and in a post: neither is taken for the other's."""
    whose = [("did:web:vale.example", "crew/1"), ("did:web:vale.example/crew", "1")]
    partners = {
        f"p{number}": builders.partner(id=f"p{number}", account_id=name) for number, (name, _) in enumerate(whose)
    }
    register = builders.register(partners=partners)
    told = Needs(clock_at(), lambda: register, MemoryIncidents((builders.declared(),)), MemoryPosts())
    orders = [await handle(post(account_id=name, post_id=post_id), told) for name, post_id in whose]
    assert len({order.id for [order] in orders}) == 2
