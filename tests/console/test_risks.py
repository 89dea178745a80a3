"""The risks on the page of the register, in both languages."""

import asyncio
from datetime import date
from pathlib import Path

from streams.values import TRAINING
from streams.words.attention import AttentionRule
from streams.words.risks.entries import DOES, Rating, Safeguard
from tests.architecture.tree import ROOT
from tests.console.bench import night
from tests.console.test_console_words import WORDS
from tests.console.visitor import Visitor, read, visiting

DOCS = (ROOT / "docs/accounts.md").read_text(encoding="utf-8")


async def test_the_register_shows_each_risk_and_what_is_amiss_in_the_language_of_the_page(tmp_path: Path) -> None:
    async with night(tmp_path, mode=TRAINING) as on, visiting(on) as chief:
        seen = await chief.reads("/register")
        for one in (
            "Somebody who has left the trust still publishes on one of its accounts. 4, moderate",
            "It concerns Incident pages of the trust's website",
            "Before mitigations Likelihood 3, impact 5 15, extreme",
            "After mitigations Likelihood 2, impact 4 8, high",
            "The service: one order shuts an account in every incident.",
            "Owner Dilys Maenhir (emergency preparedness manager)",
            "never keeps words back",
        ):
            assert one in seen
        assert "No risk is assessed" not in seen
        assert "Review overdue" not in seen
        welsh = await chief.reads("/register", language="cy")
        assert "Rhywun sydd wedi gadael yr ymddiriedolaeth yn dal i gyhoeddi ar un o'i chyfrifon. 4, cymedrol" in welsh
        await chief.reads("/register", language="en")

        worst = Rating(likelihood=5, impact=4)
        risk = on.register.risks["wrong-account"].model_copy(
            update={"channels": ("site",), "after": worst, "review_on": date(2026, 1, 13)}
        )
        risk = risk.model_copy(update={"mitigations": on.register.risks["wrong-word-stands"].mitigations})
        never = {**on.register.attention, "story": AttentionRule(id="story", pages="never")}
        assert "Not switched on" not in seen
        await on.put_in_force(on.register.model_copy(update={"risks": {risk.id: risk}, "attention": never}))
        assert "Heb ei droi ymlaen: ni elwir ar neb am stori." in await chief.reads("/register", language="cy")
        await chief.reads("/register", language="en")
        seen = await chief.reads("/register")
        for one in (
            "Not switched on: no person is paged for a story.",
            "20, extreme Review overdue",
            "No risk is assessed: E-mail to newsrooms",
            "No risk is assessed: the activity as a whole",
            "Over risk wrong-account: to be reviewed: 2026-01-13",
        ):
            assert one in seen

        waits = "The review of a risk is overdue: Somebody publishes on the trust's account"
        await _shows(chief, waits)
        assert 'href="/register"' in chief.shown
        await on.put_in_force(on.register.model_copy(update={"risks": {}}))
        await _shows(chief, "Nothing waits")


async def _shows(chief: Visitor, words: str) -> None:
    """Look at the first page until it says this: the worker looks at the register once a second."""
    seen = await chief.reads("/")
    async with asyncio.timeout(180):
        while words not in seen:
            await chief.looks_again()
            seen = read(chief.shown)


def test_every_safeguard_is_in_the_guide_and_in_both_languages() -> None:
    for one in Safeguard:
        assert WORDS["en"][f"safeguard-{one}"] == f"The service: {DOES[one]}."
        assert f"safeguard-{one}" in WORDS["cy"]
        assert f"| `{one}` | {DOES[one]}" in DOCS
