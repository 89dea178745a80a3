"""A Bluesky account over a bad network and with bad tokens: what is certain, what is not, and what gets out."""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import random
import re
import traceback
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from agents.adapters.channels.bluesky import BlueskyChannel
from agents.adapters.channels.bluesky.account import Account as OurAccount
from agents.adapters.channels.bluesky.records import FENCE
from agents.ports import NotSent, Rejected
from streams.words.delivery import Dispatch, Sight, Verb
from tests.adapters.channels.dispatches import WORDS, WORDS_AFTER, after, dispatch
from tests.adapters.channels.test_bluesky import shares
from tests.adapters.channels.troubled_line import ARRIVES, NEVER_ARRIVES, Trouble, TroubledLine, troubled_line
from tests.adapters.grounds import bluesky
from tests.bluesky import NOTHING, REPOST, Account, BlueskyNetwork, own_network, shared_network

FIRST = dispatch()
CHANGES = "com.atproto.repo.applyWrites"
SESSIONS = "com.atproto.server.createSession"
RENEWALS = "com.atproto.server.refreshSession"
JWT_SECRET = b"jwt-secret"


@pytest.fixture
def network() -> BlueskyNetwork:
    return shared_network()


@pytest.fixture
def account(network: BlueskyNetwork) -> Account:
    return network.account()


@pytest.fixture
async def line(network: BlueskyNetwork) -> AsyncIterator[TroubledLine]:
    async with troubled_line(network.url, about=CHANGES) as opened:
        yield opened


@pytest.fixture
async def channel(account: Account, line: TroubledLine) -> BlueskyChannel:
    """A channel whose changes may have troubles; it has a session already."""
    return await ready(account, line.url, seconds=10)


async def ready(account: Account, url: str, *, seconds: float) -> BlueskyChannel:
    """A channel with a session; only what comes afterwards has to be done in so many seconds."""
    channel = bluesky(account, url, "live", seconds=60)
    await channel.check()
    channel._entry = channel._entry.model_copy(update={"deadline_seconds": seconds})
    return channel


def impatient(channel: BlueskyChannel, trouble: Trouble) -> None:
    """Do not wait long for an answer that will not come."""
    if trouble is Trouble.SILENT_AFTER:
        channel._entry = channel._entry.model_copy(update={"deadline_seconds": 2})


def texts(network: BlueskyNetwork, account: Account) -> list[str]:
    return sorted(one["value"]["text"].removesuffix(" #NorthgateFire") for one in network.records(account))


async def unclear(channel: BlueskyChannel, one: Dispatch) -> Exception:
    """Publish, and answer with the error, which must say neither that it was sent nor that it was not."""
    with pytest.raises(Exception, match=r"\w+") as caught:
        await channel.publish(one)
    assert not isinstance(caught.value, NotSent | Rejected)
    return caught.value


@pytest.mark.parametrize("trouble", [*NEVER_ARRIVES, *ARRIVES])
async def test_an_answer_that_is_lost_is_unknown_and_a_repeat_publishes_once(
    network: BlueskyNetwork, account: Account, channel: BlueskyChannel, line: TroubledLine, *, trouble: Trouble
) -> None:
    """Before and after the server took it look the same from here."""
    impatient(channel, trouble)
    line.expect([trouble])
    await unclear(channel, FIRST)
    assert len(network.records(account)) == (0 if trouble in NEVER_ARRIVES else len(WORDS))
    await channel.publish(FIRST)
    assert texts(network, account) == sorted(WORDS.values())
    assert (await channel.look(FIRST)).sight is Sight.SHOWN


@pytest.mark.parametrize("trouble", [*NEVER_ARRIVES, *ARRIVES])
async def test_a_withdrawal_whose_answer_is_lost_is_made_once(
    network: BlueskyNetwork, account: Account, channel: BlueskyChannel, line: TroubledLine, *, trouble: Trouble
) -> None:
    """Both its parts, the deletion and the words."""
    await channel.publish(FIRST)
    withdrawal = after(FIRST, verb=Verb.WITHDRAW)
    impatient(channel, trouble)
    line.expect([trouble])
    await unclear(channel, withdrawal)
    await channel.publish(withdrawal)
    assert texts(network, account) == sorted(WORDS_AFTER.values())


async def test_a_late_copy_lands_as_long_as_nothing_else_was_written(
    network: BlueskyNetwork, account: Account, channel: BlueskyChannel, line: TroubledLine
) -> None:
    """So the tests below show what keeps it out: the line does deliver."""
    line.expect([Trouble.LATE])
    await unclear(channel, FIRST)
    assert network.records(account) == []
    (answer,) = await line.deliver()
    assert b"200 OK" in answer
    assert texts(network, account) == sorted(WORDS.values())


async def test_without_the_state_that_it_was_made_for_a_late_copy_would_be_public_after_its_withdrawal(
    network: BlueskyNetwork,
    account: Account,
    channel: BlueskyChannel,
    line: TroubledLine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that is what keeps it out, and not chance."""
    whole = OurAccount._write

    async def careless(self: OurAccount, method: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return await whole(self, method, {name: value for name, value in body.items() if name != "swapCommit"})

    monkeypatch.setattr(OurAccount, "_write", careless)
    line.expect([Trouble.LATE])
    await unclear(channel, FIRST)
    await channel.publish(after(FIRST, verb=Verb.WITHDRAW))
    await line.deliver()
    assert set(WORDS.values()) < set(texts(network, account))


@pytest.mark.parametrize("verb", [Verb.WITHDRAW, Verb.CORRECT])
@pytest.mark.parametrize("repeated", [True, False])
async def test_a_late_copy_undoes_neither_a_withdrawal_nor_a_correction(
    network: BlueskyNetwork,
    account: Account,
    channel: BlueskyChannel,
    line: TroubledLine,
    *,
    verb: Verb,
    repeated: bool,
) -> None:
    """Neither of a message that was there nor of one that nobody ever saw."""
    line.expect([Trouble.LATE])
    await unclear(channel, FIRST)
    if repeated:
        await channel.publish(FIRST)
    await channel.publish(after(FIRST, verb=verb))
    before = texts(network, account)
    (answer,) = await line.deliver()
    assert b"InvalidSwap" in answer
    assert texts(network, account) == before
    there = [*WORDS_AFTER.values(), *(WORDS.values() if repeated and verb is Verb.CORRECT else ())]
    assert before == sorted(there)


async def test_a_late_copy_doubles_nothing(
    network: BlueskyNetwork, account: Account, channel: BlueskyChannel, line: TroubledLine
) -> None:
    """Of a message that was sent again, nor of the withdrawal."""
    withdrawal = after(FIRST, verb=Verb.WITHDRAW)
    for one in (FIRST, withdrawal):
        line.expect([Trouble.LATE])
        await unclear(channel, one)
        await channel.publish(one)
    for answer in await line.deliver():
        assert b"InvalidSwap" in answer
    assert texts(network, account) == sorted(WORDS_AFTER.values())


async def test_a_late_copy_of_a_share_is_kept_out_by_a_change_that_nobody_sees(
    network: BlueskyNetwork, account: Account, channel: BlueskyChannel, line: TroubledLine
) -> None:
    """There is nothing to delete and there are no words to post when a share is taken back that is not there yet."""
    post = network.post(network.account("fire"), "Avoid Northgate Road.")
    share = shares(Account(post["uri"].split("/")[2], "", "", ""), post["uri"], text="Avoid Northgate Road.")
    line.expect([Trouble.LATE])
    await unclear(channel, share)
    await channel.publish(after(share, verb=Verb.UN_REPOST))
    (answer,) = await line.deliver()
    assert b"InvalidSwap" in answer
    assert [*network.records(account, REPOST), *network.records(account)] == []
    assert len(network.records(account, FENCE)) == 1


async def test_a_change_by_somebody_else_meanwhile_is_no_hindrance(
    network: BlueskyNetwork, account: Account, channel: BlueskyChannel, line: TroubledLine
) -> None:
    """A person posts by hand between our look and our change: the account is looked at, and the change made again."""
    line.content = refusal("InvalidSwap", "Commit was elsewhere")
    line.expect([400, 400])
    network.post(account, "By hand")
    await channel.publish(FIRST)
    assert texts(network, account) == sorted(["By hand", *WORDS.values()])
    assert asked(line, CHANGES) == 3


def refusal(name: str, words: str = "Something is wrong") -> bytes:
    return json.dumps({"error": name, "message": words}).encode()


@pytest.mark.parametrize(
    ("status", "name", "kind", "says"),
    [
        (400, "InvalidRequest", Rejected, "refused it .400 InvalidRequest Something is wrong."),
        (413, "PayloadTooLarge", Rejected, "refused it"),
        (401, "AuthMissing", NotSent, "set the secret to an app password"),
        (401, "AccountTakedown", NotSent, "ask the network's support"),
        (403, "AccountDeactivated", NotSent, "ask the network's support"),
        (429, "RateLimitExceeded", NotSent, "takes no more requests before 22:13:20 UTC"),
        (429, "", NotSent, "takes no more requests"),
    ],
)
async def test_a_clear_refusal_publishes_nothing_and_says_what_to_do(
    channel: BlueskyChannel, line: TroubledLine, *, status: int, name: str, kind: type[Exception], says: str
) -> None:
    """`Rejected` if no try helps, `NotSent` if one may."""
    line.content, line.headers = refusal(name), "ratelimit-reset: 1700000000\r\n"
    line.expect([status])
    with pytest.raises(kind, match=says):
        await channel.publish(FIRST)
    assert (await channel.look(FIRST)).sight is Sight.ABSENT


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (500, refusal("InternalServerError")),
        (502, refusal("UpstreamFailure")),
        (502, b"<html>Bad Gateway</html>"),
        (503, b""),
        (400, b"<html>a wall said no</html>"),
        (404, b""),
        (301, b""),
        (200, b"not JSON"),
    ],
)
async def test_an_answer_that_is_not_the_servers_own_no_is_unknown(
    channel: BlueskyChannel, line: TroubledLine, *, status: int, content: bytes
) -> None:
    """Somebody between us and the server may have answered, after the server took it."""
    line.content = content
    line.expect([status])
    await unclear(channel, FIRST)


async def test_a_server_that_is_down_has_taken_nothing(account: Account) -> None:
    """No connection, no publication."""
    with pytest.raises(NotSent, match="cannot be reached"):
        await bluesky(account, "http://127.0.0.1:9", "live").publish(FIRST)


@pytest.mark.parametrize("trouble", [*Trouble])
async def test_what_cannot_be_looked_at_is_not_sent(
    account: Account, network: BlueskyNetwork, *, trouble: Trouble
) -> None:
    """Before the change only questions are asked: whatever happens to them, nothing was published."""
    async with troubled_line(network.url, about="GET") as line:
        channel = await ready(account, line.url, seconds=10)
        impatient(channel, trouble)
        # The client itself asks once more where a connection ended.
        line.expect([trouble] * 20)
        with pytest.raises(NotSent, match=r"\w+ \w+"):
            await channel.publish(FIRST)
        with pytest.raises(NotSent, match=r"\w+ \w+"):
            await channel.look(FIRST)
    assert network.records(account) == []


def expired(token: str) -> str:
    """The same token as it is two hours later, signed by the server."""

    def part(content: bytes) -> bytes:
        return base64.urlsafe_b64encode(content).rstrip(b"=")

    head, claims = (json.loads(base64.urlsafe_b64decode(one + "==")) for one in token.split(".")[:2])
    claims |= {"iat": claims["iat"] - 9000, "exp": claims["iat"] - 1}
    signed = b".".join(part(json.dumps(one).encode()) for one in (head, claims))
    return (signed + b"." + part(hmac.new(JWT_SECRET, signed, hashlib.sha256).digest())).decode()


def asked(line: TroubledLine, method: str) -> int:
    return sum(method in one for one in line.requests)


async def test_a_login_serves_every_message(account: Account, line: TroubledLine, channel: BlueskyChannel) -> None:
    """The server takes thirty logins in five minutes, and then no more for anybody of the team."""
    before = asked(line, SESSIONS)
    for number in range(5):
        await channel.publish(dispatch(f"message {number}"))
    await channel.check()
    assert (before, asked(line, SESSIONS)) == (1, 1)
    assert account.password not in repr(channel.__dict__)


async def test_an_expired_token_is_renewed_and_the_message_goes_out(
    network: BlueskyNetwork, account: Account, channel: BlueskyChannel, line: TroubledLine
) -> None:
    """It is refused with status 400, as what is really wrong is: the name tells them apart."""
    await channel.check()
    channel._session.access = expired(str(channel._session.access))
    await channel.publish(FIRST)
    assert texts(network, account) == sorted(WORDS.values())
    assert (asked(line, RENEWALS), asked(line, SESSIONS)) == (1, 1)


async def test_a_session_that_cannot_be_renewed_is_replaced_by_a_login(
    network: BlueskyNetwork, account: Account, channel: BlueskyChannel, line: TroubledLine
) -> None:
    """Somebody ended it, and the app password still holds."""
    await channel.check()
    network.call("com.atproto.server.deleteSession", NOTHING, token=channel._session.renewal)
    channel._session.access = expired(str(channel._session.access))
    await channel.publish(FIRST)
    assert texts(network, account) == sorted(WORDS.values())
    assert asked(line, SESSIONS) == 2


async def test_a_password_that_is_refused_is_not_tried_at_every_attempt(
    account: Account, line: TroubledLine, network: BlueskyNetwork
) -> None:
    """A few wrong tries shut the account for everybody; another password is tried at once."""
    wrong = Account(account.did, account.handle, "wrong-pass-word-here", account.token)
    channel = bluesky(wrong, line.url, "live")
    for _ in range(3):
        with pytest.raises(NotSent, match="app password"):
            await channel.publish(FIRST)
    with pytest.raises(NotSent, match="app password"):
        await channel.check()
    assert asked(line, SESSIONS) == 1
    channel._secrets = lambda _: account.password
    await channel.publish(FIRST)
    assert texts(network, account) == sorted(WORDS.values())


async def test_a_secret_that_is_not_set_is_named_and_nothing_is_asked(account: Account, line: TroubledLine) -> None:
    """By its name, which is no secret."""
    unset = Account(account.did, account.handle, "", account.token)
    with pytest.raises(NotSent, match="BLUESKY_APP_PASSWORD is not set"):
        await bluesky(unset, line.url, "live").publish(FIRST)
    assert line.requests == []


async def test_a_server_of_another_account_is_named(account: Account, network: BlueskyNetwork) -> None:
    """`check` says it before the night on which it matters."""
    stranger = Account(f"did:plc:{'a' * 24}", "", account.password, "")
    channel = bluesky(stranger, network.url, "live")
    with pytest.raises(NotSent, match=r"\w+ \w+"):
        await channel.check()


def told(error: BaseException) -> str:
    """All that a log may show of an error: itself, what it came from, and both as a program shows them."""
    chain: list[str] = []
    one: BaseException | None = error
    while one is not None:
        chain += [repr(one), str(one), repr(one.args), repr(vars(one))]
        one = one.__cause__ or one.__context__
    return "\n".join([*chain, *traceback.format_exception(error)])


async def test_no_secret_is_in_an_error_a_receipt_or_a_log_line(
    network: BlueskyNetwork, account: Account, line: TroubledLine, caplog: pytest.LogCaptureFixture
) -> None:
    """Not the password and not the tokens, whatever goes wrong, even if the server repeats what it was given."""
    caplog.set_level(logging.DEBUG)
    line.about = "POST"
    channel = await ready(account, line.url, seconds=5)
    said = [await channel.check(), (await channel.publish(dispatch("before"))).model_dump_json()]
    secrets = [account.password, *channel._session.secrets()]
    assert len(secrets) == 3
    for status in (400, 401, 403, 413, 429, 500, 503):
        for name in (
            "InvalidRequest",
            "AuthMissing",
            "AuthenticationRequired",
            "AccountTakedown",
            "Odd",
            "ExpiredToken",
        ):
            line.content = refusal(name, f"you gave {' and '.join(secrets)}")
            line.plan.clear()
            line.expect([status] * 4)
            said.append(await failure(channel, dispatch(f"{status} {name}")))
            channel._session.access, channel._session.renewal = secrets[1:]
            channel._session.refused = None
    for trouble in Trouble:
        impatient(channel, trouble)
        line.plan.clear()
        line.expect([trouble])
        said.append(await failure(channel, dispatch(trouble.value)))
    whole = "\n".join([*said, caplog.text, repr(channel), str(network.records(account))])
    assert "(secret)" in whole
    assert [secret for secret in secrets if secret in whole] == []


async def failure(channel: BlueskyChannel, one: Dispatch) -> str:
    with pytest.raises(Exception, match=r"\w+") as caught:
        await channel.publish(one)
    return told(caught.value)


@pytest.mark.kill
async def test_a_server_that_is_killed_in_mid_send_loses_nothing_and_doubles_nothing(kills: int) -> None:
    """Each message is sent until it is known to be public; between its tries the server is killed and comes back."""
    drawn = random.Random(kills)
    with own_network() as network:
        account = network.account()
        channel = bluesky(account, network.url, "live", seconds=5)
        for number in range(kills):
            one = dispatch(f"message {number}", texts={"en": f"Message {number}."})
            sending = asyncio.create_task(channel.publish(one))
            await asyncio.sleep(drawn.uniform(0, 0.06))
            network.kill_server()
            await asyncio.gather(sending, return_exceptions=True)
            await asyncio.to_thread(network.start_server)
            await channel.publish(one)
        found = sorted(int(re.sub(r"\D", "", one["value"]["text"])) for one in network.records(account))
    assert found == [*range(kills)]
