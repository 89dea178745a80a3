"""A real OpenID Connect provider on the loopback, as a trust's directory of people."""

from tests.directory.provider import CLIENT, SECRET, Provider, provider

__all__ = ["CLIENT", "SECRET", "Provider", "provider"]
