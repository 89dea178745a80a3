"""Rates: how often one address may try something in a minute, so that a flood stops at the door."""

from collections.abc import Collection
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address, ip_network

from aiohttp import web
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

FORWARDED = "X-Forwarded-For"


@dataclass(frozen=True, slots=True)
class AddressRate:
    """So many in a minute from one address. With `failed_only` what succeeds is not counted.

    A whole hospital may come from one address: on a bad night twenty people sign in there within a minute.
    """

    name: str
    a_minute: int
    failed_only: bool = False


@dataclass(frozen=True, slots=True)
class Rates:
    """What was tried in the last minute, in memory. `proxies` are addresses of reverse proxies that are believed."""

    proxies: Collection[str] = ()
    _counted: SlidingWindowCounterRateLimiter = field(
        default_factory=lambda: SlidingWindowCounterRateLimiter(MemoryStorage())
    )

    def address(self, request: web.Request) -> str:
        """Where a request comes from; behind a proxy that is believed, the last address that this proxy names."""
        address = request.remote or "-"
        named = ",".join(request.headers.getall(FORWARDED, ())).split(",")
        while address in self.proxies and named and named[-1].strip():
            address = named.pop().strip()
        return _grouped(address)

    def is_spent(self, rate: AddressRate, request: web.Request) -> bool:
        """Whether this address tried so often that it has to wait."""
        return not self._counted.test(RateLimitItemPerMinute(rate.a_minute), rate.name, self.address(request))

    def count(self, rate: AddressRate, request: web.Request) -> None:
        """Count one more."""
        self._counted.hit(RateLimitItemPerMinute(rate.a_minute), rate.name, self.address(request))


def _grouped(address: str) -> str:
    """The address; of IPv6 the network, since one home has as many addresses as it likes."""
    try:
        known = ip_address(address)
    except ValueError:
        return "unreadable"
    return str(ip_network((known, 64), strict=False)) if isinstance(known, IPv6Address) else str(known)
