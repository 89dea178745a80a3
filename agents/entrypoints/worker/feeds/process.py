"""The process of the feeds: it hears the partners of the register in force, and has no other secrets than theirs."""

from collections.abc import Coroutine
from random import SystemRandom
from typing import Any

import structlog

from agents.adapters.clocks import SystemClock
from agents.adapters.feeds.hooking import Hooks
from agents.adapters.feeds.tools import Tools
from agents.entrypoints.cli.options import Misused, secret
from agents.entrypoints.worker.feeds.wiring import feed_of
from agents.entrypoints.worker.monitor.listener import ListenAt
from agents.runtime.feeds.carried import CarriedPosts
from agents.runtime.feeds.hearings import HEARING, Hearings

logger = structlog.get_logger(__name__)


def hearing(mode: str, log: str, *, hooks: ListenAt | None) -> Coroutine[Any, Any, None]:
    """Hear until cancelled; `Misused` for a mode that hears no partner."""
    if mode not in HEARING:
        raise Misused(f"mode {mode} hears no partner: an exercise has a script that says what they post")
    clock, chance = SystemClock(), SystemRandom().random
    carried = CarriedPosts()
    called = Hooks((hooks.host, hooks.port) if hooks else None)
    tools = Tools(mode, clock, secret, chance, called, carried.of)
    logger.info("hearing partners", mode=mode)
    return Hearings(mode, log, lambda account: feed_of(account, tools), clock, chance, carried).run()
