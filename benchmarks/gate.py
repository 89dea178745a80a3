"""P14: the gate that every post passes, with as many words as it takes, beside decoding and validating the post."""

import random
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from benchmarks.figures import Aim, Figure
from streams.decisions.listening.keep import WATCH
from streams.decisions.listening.vocabulary import Vocabulary, vocabulary, words_of
from streams.values import LIVE
from streams.words.posts import Mention
from tests.builders import NOW

HAZARDS, TERMS = 2_000, 200
AIM_MICROSECONDS = 4.0
NAMED_SHARE, HAZARD_SHARE = 0.05, 0.05
"""So many posts name us, and so many use a hazard word."""
WORDS_EACH = (8, 30)
LETTERS = "abcdefghijklmnoprstuw"
SEED = 14
AIM = Aim(0.8)
"""Four microseconds over the five that validation takes where both were measured first."""


def gate(*, posts: int, runs: int) -> Figure:
    """Microseconds of the processor a post for the gate, over those for validating it, by turns."""
    chance = random.Random(SEED)  # noqa: S311 - for the same posts each time, not for secrets
    known, texts = _known(chance), []
    hazards, terms = sorted(known.hazards), sorted(known.words)
    common = [_word(chance) for _ in range(5_000)]
    for _ in range(posts):
        words = [chance.choice(common) for _ in range(chance.randint(*WORDS_EACH))]
        words += [chance.choice(terms)] if chance.random() < NAMED_SHARE else []
        words += [chance.choice(hazards)] if chance.random() < HAZARD_SHARE else []
        texts.append(" ".join(words))
    written = [_post(number, text).model_dump_json() for number, text in enumerate(texts)]
    ours: list[float] = []
    baseline: list[float] = []
    for _ in range(runs):
        ours.append(_microseconds(lambda: _pass(texts, known), posts))
        baseline.append(_microseconds(lambda: _validate(written), posts))
    caption = f"{HAZARDS} hazard words and {TERMS} terms of ours; the aim is {AIM_MICROSECONDS:g} microseconds a post"
    return Figure("P14 the gate", "none", "us a post", ours, baseline, "validating the mention", AIM, caption)


def _known(chance: random.Random) -> Vocabulary:
    """Half of our terms are phrases, as the names of sites are."""
    terms = [_word(chance) if number % 2 else f"{_word(chance)} {_word(chance)}" for number in range(TERMS)]
    return vocabulary([(WATCH, tuple(sorted({*terms})))], hazards=[_word(chance) for _ in range(HAZARDS)])


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(LETTERS, k=chance.randint(3, 9)))


def _post(number: int, text: str) -> Mention:
    at = NOW + timedelta(milliseconds=number)
    return Mention(id=f"m-{number}", mode=LIVE, author_id=f"a-{number}", at=at, text=text)


def _pass(texts: Sequence[str], known: Vocabulary) -> None:
    """As `keep` does it with each post."""
    for text in texts:
        words = words_of(text)
        if WATCH in known.owners(words):
            known.hazards_in(text, words)


def _validate(written: Sequence[str]) -> None:
    for one in written:
        Mention.model_validate_json(one)


def _microseconds(work: Callable[[], None], posts: int) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) / posts * 1_000_000
