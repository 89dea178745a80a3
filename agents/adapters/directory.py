"""The trust's own directory of people, by OpenID Connect: it says who has signed in, and its word is verified here.

The authorisation code flow with PKCE (OpenID Connect Core 1.0, RFC 7636); the answer may name its issuer (RFC 9207).
It says too who has signed out there (OpenID Connect Back-Channel Logout 1.0).
"""

import hmac
import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, urlsplit

import aiohttp
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from yarl import URL

from agents.adapters.channels.vendor import NO_HEADERS, Refusal, VendorLine, always
from agents.directory_port import NamedThere, NotStrong, NotVouched, SignInThere, SignOutThere
from agents.ports import Clock, NotSent, Rejected, Unclear
from streams.values import sentence

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures by a key that the directory alone has: neither `none` nor one that our own secret could make."""
SKEW_SECONDS = 60
"""So far two clocks may be apart."""
OUT_FOR = timedelta(minutes=10)
"""A sign-out that is older than this is not believed, so that what was heard is remembered no longer."""
SIGNED_OUT = "http://schemas.openid.net/event/backchannel-logout"
TOKEN_LENGTH_MAX = 16_384
KNOWN_FOR = timedelta(minutes=10)
"""So long where the directory answers is not asked again; its keys are asked for at each sign-in."""
ASKED_SECONDS_MAX = 20.0
ENDS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
SCOPE = "openid email profile"

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Strength:
    """How strong a sign-in there has to be: the claim of the ID token that tells it, and the values that are enough.

    `acr` is the class that OpenID Connect asks for, `amr` the means that were used, `acrs` Entra's contexts.
    """

    claim: str
    values: tuple[str, ...]

    @classmethod
    def told(cls, text: str) -> "Strength":
        """The strength of a text such as `acr=gold silver`; `ValueError` says what to write."""
        claim, _, values = text.partition("=")
        if claim.strip() not in {"acr", "amr", "acrs"} or not values.split():
            raise ValueError(
                f"{sentence(text)[:80]} is no strength: give the claim and what is enough, "
                "as in acr=gold, amr=mfa or acrs=c1"
            )
        return cls(claim.strip(), tuple(values.split()))

    def asks(self) -> Mapping[str, str]:
        """What the request says of it; no directory is asked for means by their names."""
        match self.claim:
            case "acr":
                return {"acr_values": " ".join(self.values)}
            case "acrs":
                enough = {"values": self.values} if self.values[1:] else {"value": self.values[0]}
                asked = {"id_token": {"acrs": {"essential": True, **enough}}}
                return {"claims": json.dumps(asked, separators=(",", ":"))}
            case _:
                return {}

    def is_met(self, claims: Mapping[str, Any]) -> bool:
        """Whether an ID token tells of one of the values."""
        found = claims.get(self.claim)
        told = found if isinstance(found, list) else [found]
        return any(isinstance(one, str) and one in self.values for one in told)


@dataclass(frozen=True, slots=True)
class DirectorySettings:
    """Which directory, what we are called there and the secret for it, and the claim that names a person.

    With a `strength` no weaker sign-in counts. `ValueError` says what is wrong with the issuer.
    """

    issuer: str
    client: str
    secret: str = field(repr=False)
    claim: str = "email"
    strength: Strength | None = None

    def __post_init__(self) -> None:
        if not is_safe(self.issuer) or URL(self.issuer).query or URL(self.issuer).fragment:
            raise ValueError(
                f"{sentence(self.issuer)} is no issuer of a directory: give its https address as the directory has it"
            )


class OpenIdDirectory:
    """A directory that speaks OpenID Connect; `back` is the address of ours to which it sends people back.

    `NotSent`: it cannot be asked now. `Rejected`: what it or the browser said proves nobody's sign-in.
    """

    def __init__(self, settings: DirectorySettings, clock: Clock, *, back: str) -> None:
        self._settings, self._clock, self._back = settings, clock, back
        self._line = VendorLine("", "the directory", ASKED_SECONDS_MAX, always({}), (settings.secret,))
        self._known: tuple[datetime, Document] | None = None
        self._heard: dict[str, datetime] = {}

    async def way_in(self, *, state: str, nonce: str, challenge: str, again: bool = False) -> str:
        """Where a person signs in there, and comes back from with this `state`."""
        document = await self._document()
        asked = {
            "response_type": "code",
            "client_id": self._settings.client,
            "redirect_uri": self._back,
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **(self._settings.strength.asks() if self._settings.strength else {}),
            # Not every directory heeds both; what it did is looked up in `auth_time`.
            **({"prompt": "login", "max_age": "0"} if again else {}),
        }
        return str(URL(document["authorization_endpoint"]).update_query(asked))

    async def way_out(self, *, back: str) -> str | None:
        """Where a person signs out there too, and comes `back` from; None if it has no such place."""
        end = (await self._document()).get("end_session_endpoint")
        if not isinstance(end, str) or not is_safe(end):
            return None
        return str(URL(end).update_query(client_id=self._settings.client, post_logout_redirect_uri=back))

    async def names(self, answer: Mapping[str, str], *, nonce: str, verifier: str) -> NamedThere:
        """What the directory calls the person who came back with this answer."""
        document = await self._document()
        issuer = answer.get("iss")
        if (issuer or document.get("authorization_response_iss_parameter_supported")) and issuer != document["issuer"]:
            raise Rejected("the answer names another directory")
        if "error" in answer or "code" not in answer:
            raise Rejected(
                f"the directory signed the person in for nothing ({sentence(answer.get('error', '-'))[:80]})"
            )
        tokens = await self._tokens(document, answer["code"], verifier=verifier)
        claims = await self._claims(document, tokens.get("id_token"), nonce=nonce)
        if self._settings.strength and not self._settings.strength.is_met(claims):
            told = sentence(str(claims.get(self._settings.strength.claim, "-")))[:80]
            raise NotStrong(f"the directory's {self._settings.strength.claim} is {told}")
        if self._settings.claim not in claims:
            claims = {**await self._more(document, tokens, sub=claims["sub"]), **claims}
        named = claims.get(self._settings.claim)
        if not isinstance(named, str) or not named.strip():
            raise Rejected(f"the directory names the person by no claim {self._settings.claim}")
        vouched = claims.get("email") if claims.get("email_verified") is True else None
        if self._settings.claim == "email" and vouched is None:
            raise NotVouched("the directory does not say that the person's e-mail address is verified")
        there = SignInThere(str(claims["sub"]), _text_of(claims, "sid"), self._shown(claims.get("auth_time")))
        mail = vouched if isinstance(vouched, str) else None
        return NamedThere(named.strip(), mail, there, issuer=document["issuer"])

    def _shown(self, seconds: object) -> datetime | None:
        """The moment of `auth_time`; None if the directory says none, or one that is still to come."""
        now = self._clock.now()
        if type(seconds) is not int or not 0 <= seconds <= now.timestamp() + SKEW_SECONDS:
            return None
        return min(datetime.fromtimestamp(seconds, now.tzinfo), now)

    async def signed_out(self, token: str) -> SignOutThere:
        """Whom the directory signed out, by its logout token; each counts once, and not long after it was made."""
        if len(token) > TOKEN_LENGTH_MAX:
            raise Rejected("the logout token is too long")
        now = self._clock.now()
        document = await self._document()
        header, claims = await self._verified(document, token, called="logout token", needs=("jti", "events"))
        events = claims["events"]
        if not isinstance(events, Mapping) or not isinstance(events.get(SIGNED_OUT), Mapping):
            raise Rejected("the directory's token tells of no sign-out")
        if "nonce" in claims or str(header.get("typ", "JWT")).casefold() not in {"jwt", "logout+jwt"}:
            raise Rejected("the directory's token was made for a sign-in")
        subject, session = _text_of(claims, "sub"), _text_of(claims, "sid")
        if subject is None and session is None:
            raise Rejected("the directory's logout token names nobody")
        if claims["iat"] < (now - OUT_FOR).timestamp():
            raise Rejected("the directory's logout token was made long ago")
        self._heard = {one: until for one, until in self._heard.items() if until >= now}
        if (name := str(claims["jti"])) in self._heard:
            raise Rejected("the directory's logout token was heard before")
        until = datetime.fromtimestamp(claims["iat"] + SKEW_SECONDS, now.tzinfo)
        self._heard[name] = until + OUT_FOR
        return SignOutThere(subject, session, until)

    async def _document(self) -> Document:
        """What the directory says of itself, if it is the one that was meant."""
        now = self._clock.now()
        if self._known and now < self._known[0] + KNOWN_FOR:
            return self._known[1]
        issuer = self._settings.issuer
        found = await self._asked("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise Rejected("the directory calls itself by another issuer than the settings")
        if not all(isinstance(found.get(one), str) and is_safe(found[one]) for one in ENDS):
            raise Rejected("the directory does not say where it is asked, or not by https")
        self._known = now, found
        return found

    async def _tokens(self, document: Document, code: str, *, verifier: str) -> Document:
        """The tokens for a code, which counts once; our secret stays out of every address."""
        form = aiohttp.FormData(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._back,
                "code_verifier": verifier,
            }
        )
        pair = f"{quote_plus(self._settings.client)}:{quote_plus(self._settings.secret)}"
        ours = {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
        return await self._asked("POST", document["token_endpoint"], form=form, headers=ours)

    async def _more(self, document: Document, tokens: Document, *, sub: str) -> Mapping[str, Any]:
        """What the directory says of the same person where it is asked apart; many put only `sub` into the token."""
        address, token = document.get("userinfo_endpoint"), tokens.get("access_token")
        if not isinstance(address, str) or not is_safe(address) or not isinstance(token, str):
            return {}
        found = await self._asked("GET", address, headers={"Authorization": f"Bearer {token}"})
        if found.get("sub") != sub:
            raise Rejected("the directory told of another person than the one who signed in")
        return found

    async def _claims(self, document: Document, token: object, *, nonce: str) -> Mapping[str, Any]:
        """What an ID token says, once its signature, issuer, audience, moment and nonce are right."""
        if not isinstance(token, str):
            raise Rejected("the directory gave no ID token")
        _, claims = await self._verified(document, token, called="ID token", needs=("sub", "nonce"))
        if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
            raise Rejected("the directory's ID token was made for another sign-in")
        # With several audiences, or one that acts for another, it was made for us only if it says so.
        if claims.get("azp", self._settings.client) != self._settings.client:
            raise Rejected("the directory's ID token was made for another service")
        return claims

    async def _verified(
        self, document: Document, token: str, *, called: str, needs: Sequence[str]
    ) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Header and claims of a token of the directory for us that holds now and has the claims that it `needs`."""
        keys = await self._asked("GET", document["jwks_uri"])
        rules = jwt.JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()),
            leeway=SKEW_SECONDS,
            iss={"essential": True, "value": document["issuer"]},
            aud={"essential": True, "value": self._settings.client},
            exp={"essential": True},
            iat={"essential": True},
            **{name: jwt.ClaimsOption(essential=True) for name in needs},
        )
        try:
            read = jwt.decode(token, KeySet.import_key_set({"keys": keys["keys"]}), algorithms=[*ALGORITHMS])
            rules.validate(read.claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise Rejected(f"the directory's {called} is not right ({sentence(str(error))[:120]})") from None
        return read.header, read.claims

    async def _asked(
        self,
        method: str,
        address: str,
        *,
        form: aiohttp.FormData | None = None,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> Document:
        try:
            return await self._line.ask(method, address, body=form, headers=headers)
        except Refusal as error:
            raise Rejected(str(error)) from None
        except Unclear as error:
            raise NotSent(str(error)) from None


def _text_of(claims: Mapping[str, Any], name: str) -> str | None:
    found = claims.get(name)
    return found if isinstance(found, str) and found else None


def is_safe(address: str) -> bool:
    """Whether an address is by https, or on this machine, as in a trial."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"})
    )
