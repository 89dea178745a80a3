"""What a directory could say that proves nothing: each lie alone is refused, and the truth is taken."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from yarl import URL

from agents.adapters.clocks import ScaledClock, SystemClock
from agents.adapters.directory import (
    ALGORITHMS,
    OUT_FOR,
    SIGNED_OUT,
    SKEW_SECONDS,
    TOKEN_LENGTH_MAX,
    DirectorySettings,
    OpenIdDirectory,
    Strength,
)
from agents.directory_port import NotStrong
from agents.ports import NotSent, Rejected
from tests.loopback import served

CLIENT, SECRET, NONCE, MAIL = (
    "holdingline",
    "a secret of at least thirty-two characters",
    "nonce-1",
    "ann@trust.example",
)
OWN = RSAKey.generate_key(2048, {"kid": "own"})
OTHER = RSAKey.generate_key(2048, {"kid": "own"})
SHARED = OctKey.import_key(SECRET)


@dataclass(frozen=True)
class Said:
    """What the directory says: of itself, in the ID token and its header, and signed by which key."""

    header: Mapping[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "own"})
    key: RSAKey | OctKey = field(default_factory=lambda: OWN)
    claims: Mapping[str, Any] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    token: str | None = None
    status: int = 200


def signed(said: Said, issuer: str, usual: Mapping[str, Any]) -> str:
    """The token with these claims, as far as what is said changes none of them."""
    now = int(time.time())  # noqa: TID251 - another program has a clock of its own
    always = {"iss": issuer, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300}
    claims = {**always, **usual, **said.claims}
    kept = {name: value for name, value in claims.items() if value is not None}
    return said.token or jwt.encode(dict(said.header), kept, said.key, algorithms=[*ALGORITHMS, "HS256", "none"])


@asynccontextmanager
async def directory(
    said: Said, *, ahead_seconds: int = 0, strength: Strength | None = None
) -> AsyncIterator[tuple[OpenIdDirectory, str]]:
    """The directory as the console asks it, and its issuer."""
    app, at = web.Application(), {"issuer": ""}

    async def document(_: web.Request) -> web.Response:
        places = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "keys"}
        whole = {name: f"{at['issuer']}/{path}" for name, path in places.items()}
        whole |= {"issuer": at["issuer"], "userinfo_endpoint": f"{at['issuer']}/more"}
        return web.json_response({**whole, **said.document})

    async def token(_: web.Request) -> web.Response:
        made = signed(said, at["issuer"], {"nonce": NONCE, "email": MAIL, "email_verified": True})
        return web.json_response({"id_token": made, "access_token": "at"}, status=said.status)

    async def keys(_: web.Request) -> web.Response:
        return web.json_response(KeySet([OWN]).as_dict())

    async def more(_: web.Request) -> web.Response:
        return web.json_response({"sub": "1", "email": MAIL, "email_verified": True, **said.more})

    for path, answer in (("/.well-known/openid-configuration", document), ("/keys", keys), ("/more", more)):
        app.router.add_get(path, answer)
    app.router.add_post("/token", token)
    async with served(app) as port:
        at["issuer"] = f"http://127.0.0.1:{port}"
        settings = DirectorySettings(at["issuer"], CLIENT, SECRET, strength=strength)
        clock = ScaledClock(SystemClock().now() + timedelta(seconds=ahead_seconds), 1.0)
        yield OpenIdDirectory(settings, clock, back="http://localhost:1/back"), at["issuer"]


async def names(said: Said, *, ahead_seconds: int = 0) -> tuple[str, str | None]:
    async with directory(said, ahead_seconds=ahead_seconds) as (asked, _):
        found = await asked.names({"code": "code", "state": "s"}, nonce=NONCE, verifier="v" * 64)
        return found.named, found.mail


TRUTHS: Mapping[str, Said] = {
    "all in the token": Said(),
    "several audiences, for us": Said(claims={"aud": [CLIENT, "other"], "azp": CLIENT}),
    "the e-mail where it is asked apart": Said(claims={"email": None, "email_verified": None}),
}
LIES: Mapping[str, Said] = {
    "another issuer": Said(claims={"iss": "https://elsewhere.example"}),
    "another audience": Said(claims={"aud": "other"}),
    "made for another of several": Said(claims={"aud": [CLIENT, "other"], "azp": "other"}),
    "another nonce": Said(claims={"nonce": "nonce-2"}),
    "no nonce": Said(claims={"nonce": None}),
    "no end": Said(claims={"exp": None}),
    "no issuer": Said(claims={"iss": None}),
    "no audience": Said(claims={"aud": None}),
    "nobody": Said(claims={"sub": None}),
    "an end of words": Said(claims={"exp": "tomorrow"}),
    "another key under the same name": Said(key=OTHER),
    "a key that is not there": Said(header={"alg": "RS256", "kid": "gone"}),
    "our own secret as the key": Said(header={"alg": "HS256", "kid": "own"}, key=SHARED),
    "no signature": Said(token="eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."),
    "no token": Said(token="x"),
    "an unverified e-mail": Said(claims={"email_verified": False}),
    "verified in words": Said(claims={"email_verified": "true"}),
    "no claim at all": Said(claims={"email": None}, more={"email": None}),
    "an e-mail that is no text": Said(claims={"email": ["x"]}),
    "another person where it is asked apart": Said(claims={"email": None}, more={"sub": "2"}),
    "another name for itself": Said(document={"issuer": "https://elsewhere.example"}),
    "a place without https": Said(document={"token_endpoint": "http://elsewhere.example/token"}),
    "no place": Said(document={"jwks_uri": None}),
}


@pytest.mark.parametrize("said", TRUTHS.values(), ids=TRUTHS)
async def test_what_proves_the_sign_in_is_taken(said: Said) -> None:
    assert await names(said) == (MAIL, MAIL)


@pytest.mark.parametrize("said", LIES.values(), ids=LIES)
async def test_what_proves_no_sign_in_is_refused(said: Said) -> None:
    with pytest.raises(Rejected):
        await names(said)


STRONG: Sequence[tuple[str, Mapping[str, Any], bool]] = (
    ("acr=two", {"acr": "two"}, True),
    ("acr=two three", {"acr": "three"}, True),
    ("acr=two", {"acr": "one"}, False),
    ("acr=two", {"acr": "two three"}, False),
    ("acr=1", {"acr": 1}, False),
    ("acr=two", {"amr": ["two"]}, False),
    ("acr=two", {}, False),
    ("amr=mfa", {"amr": ["pwd", "mfa"]}, True),
    ("amr=mfa", {"amr": "mfa"}, True),
    ("amr=mfa", {"amr": ["pwd"]}, False),
    ("amr=mfa", {"amr": []}, False),
    ("amr=mfa", {"amr": [["mfa"]]}, False),
    ("acrs=c1", {"acrs": ["p1", "c1"]}, True),
    ("acrs=c1", {"acrs": {"c1": True}}, False),
)


@pytest.mark.parametrize(("asked", "claims", "enough"), STRONG)
async def test_a_sign_in_counts_only_if_the_token_tells_of_the_strength(
    asked: str,
    claims: Mapping[str, Any],
    enough: bool,  # noqa: FBT001 - a case of the table
) -> None:
    """Only the signed token is believed: what is asked for apart says nothing of how somebody signed in."""
    said = Said(claims=claims, more={"acr": "two", "amr": ["mfa"], "acrs": ["c1"]})
    async with directory(said, strength=Strength.told(asked)) as (there, _):
        answer = there.names({"code": "code", "state": "s"}, nonce=NONCE, verifier="v" * 64)
        if enough:
            assert (await answer).named == MAIL
            return
        with pytest.raises(NotStrong):
            await answer


@pytest.mark.parametrize(
    ("asked", "name", "value"),
    [
        ("acr=gold silver", "acr_values", "gold silver"),
        ("acrs=c1", "claims", '{"id_token":{"acrs":{"essential":true,"value":"c1"}}}'),
        ("acrs=c1 c2", "claims", '{"id_token":{"acrs":{"essential":true,"values":["c1","c2"]}}}'),
        ("amr=mfa", "acr_values", None),
    ],
)
async def test_the_directory_is_asked_for_the_strength_in_its_own_words(
    asked: str, name: str, value: str | None
) -> None:
    async with directory(Said(), strength=Strength.told(asked)) as (there, _):
        found = URL(await there.way_in(state="s", nonce=NONCE, challenge="c")).query
        assert found.get(name) == value
        assert "prompt" not in found


@pytest.mark.parametrize("asked", ["mfa", "acr=", "acr", "email=x", "=gold", "", "amr= "])
def test_what_names_no_strength_is_refused_with_what_to_write(asked: str) -> None:
    with pytest.raises(ValueError, match="as in acr=gold"):
        Strength.told(asked)


@pytest.mark.parametrize(
    ("ago", "shown"), [(60, True), (0, True), (-30, True), (-3600, False), (None, False), ("60", False), (1.5, False)]
)
async def test_when_a_person_showed_who_they_are_is_what_the_token_says_and_never_in_the_future(
    ago: object,
    shown: bool,  # noqa: FBT001 - a case of the table
) -> None:
    now = int(time.time())  # noqa: TID251 - another program has a clock of its own
    moment = now - ago if isinstance(ago, int) else ago
    async with directory(Said(claims={"auth_time": moment})) as (there, _):
        found = await there.names({"code": "code", "state": "s"}, nonce=NONCE, verifier="v" * 64)
        assert (found.there.shown is not None) is shown
        if found.there.shown:
            assert now - 70 < found.there.shown.timestamp() <= now + 30


@pytest.mark.parametrize("ahead_seconds", [0, SKEW_SECONDS - 20, 20 - SKEW_SECONDS, 300 + SKEW_SECONDS - 20])
async def test_a_clock_that_is_a_little_off_keeps_nobody_out(ahead_seconds: int) -> None:
    assert await names(Said(), ahead_seconds=ahead_seconds) == (MAIL, MAIL)


@pytest.mark.parametrize("ahead_seconds", [300 + SKEW_SECONDS + 20, -SKEW_SECONDS - 20, 86_400])
async def test_a_token_of_another_time_is_refused(ahead_seconds: int) -> None:
    with pytest.raises(Rejected):
        await names(Said(), ahead_seconds=ahead_seconds)


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_a_directory_in_trouble_can_be_asked_again(status: int) -> None:
    with pytest.raises(NotSent):
        await names(replace(Said(), status=status))


@pytest.mark.parametrize(
    "issuer", ["http://directory.example", "ftp://x", "directory.example", "https://", "https://d/?q=1"]
)
def test_an_issuer_that_is_not_safe_is_refused_with_a_sentence(issuer: str) -> None:
    with pytest.raises(ValueError, match="give its https address"):
        DirectorySettings(issuer, CLIENT, SECRET)


def test_settings_show_no_secret() -> None:
    assert SECRET not in repr(DirectorySettings("https://d.example", CLIENT, SECRET))


OUT = {"events": {SIGNED_OUT: {}}, "jti": "out-1", "sid": "session-1"}
"""What a logout token has beside what every token has (OpenID Connect Back-Channel Logout 1.0, section 2.4)."""
SIGNED = {"alg": "RS256", "kid": "own", "typ": "logout+jwt"}
SIGN_OUTS: Mapping[str, tuple[Said, str | None, str | None]] = {
    "of one session of a person": (Said(header=SIGNED), "1", "session-1"),
    "of a person": (Said(header=SIGNED, claims={"sid": None}), "1", None),
    "of a session alone": (Said(header=SIGNED, claims={"sub": None}), None, "session-1"),
    "without a type, as older directories send it": (Said(), "1", "session-1"),
    "for several services": (Said(claims={"aud": [CLIENT, "other"]}), "1", "session-1"),
}
NO_SIGN_OUTS: Mapping[str, Said] = {
    "another issuer": Said(claims={"iss": "https://elsewhere.example"}),
    "another service": Said(claims={"aud": "other"}),
    "no end": Said(claims={"exp": None}),
    "over": Said(claims={"exp": 1}),
    "no moment": Said(claims={"iat": None}),
    "no identifier": Said(claims={"jti": None}),
    "nobody": Said(claims={"sub": None, "sid": None}),
    "no event": Said(claims={"events": None}),
    "another event": Said(claims={"events": {"https://elsewhere.example/event": {}}}),
    "an event that is no object": Said(claims={"events": {SIGNED_OUT: True}}),
    "events that are no object": Said(claims={"events": [SIGNED_OUT]}),
    "a nonce, as in an ID token": Said(claims={"nonce": NONCE}),
    "a token for something else": Said(header={**SIGNED, "typ": "at+jwt"}),
    "another key under the same name": Said(key=OTHER),
    "our own secret as the key": Said(header={"alg": "HS256", "kid": "own"}, key=SHARED),
    "no signature": Said(token="eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."),
    "no token": Said(token="x"),
    "a token without end": Said(token="x" * (TOKEN_LENGTH_MAX + 1)),
}


@pytest.mark.parametrize(("said", "subject", "session"), SIGN_OUTS.values(), ids=SIGN_OUTS)
async def test_a_sign_out_that_the_directory_signed_is_taken(
    said: Said, subject: str | None, session: str | None
) -> None:
    async with directory(said) as (asked, issuer):
        left = await asked.signed_out(signed(said, issuer, OUT))
    assert (left.subject, left.session) == (subject, session)


@pytest.mark.parametrize("said", NO_SIGN_OUTS.values(), ids=NO_SIGN_OUTS)
async def test_what_is_no_sign_out_of_the_directory_ends_nothing(said: Said) -> None:
    async with directory(said) as (asked, issuer):
        with pytest.raises(Rejected):
            await asked.signed_out(signed(said, issuer, OUT))


async def test_a_logout_token_counts_once_and_not_long_after_it_was_made() -> None:
    said = Said()
    async with directory(said) as (asked, issuer):
        token = signed(said, issuer, OUT)
        await asked.signed_out(token)
        with pytest.raises(Rejected, match="heard before"):
            await asked.signed_out(token)
        await asked.signed_out(signed(said, issuer, {**OUT, "jti": "out-2"}))
    later = int((OUT_FOR + timedelta(seconds=SKEW_SECONDS)).total_seconds())
    lasting = Said(claims={"exp": 2**33})
    async with directory(lasting, ahead_seconds=later) as (asked, issuer):
        with pytest.raises(Rejected, match="long ago"):
            await asked.signed_out(signed(lasting, issuer, OUT))
