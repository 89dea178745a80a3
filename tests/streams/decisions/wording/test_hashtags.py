"""At most three hashtags, none twice, each of them readable: mended where the service adds them, refused in a line."""

import pytest

from streams.decisions.desk.order_table import answer
from streams.decisions.wording.message_policy import HASHTAGS_MAX, kept_hashtags
from streams.decisions.wording.renderer import SHARE
from streams.words.release import Amplify, DraftLine
from tests import builders
from tests.builders import NOW, WRITER

MANY = ("#AshbyCrash", "#AshbyVale", "#A42", "#Major")


def answered(line: DraftLine) -> str:
    return builders.reasons(answer(builders.order(line, builders.declared(), WRITER)))


def test_the_hashtags_of_the_incident_come_first_and_three_are_kept() -> None:
    incident = builders.carried_out(builders.declared(hashtags=MANY), builders.holding())
    (message,) = incident.messages.values()
    assert message.hashtags == MANY[:HASHTAGS_MAX]


@pytest.mark.parametrize(
    ("given", "texts", "kept"),
    [
        (("#ashbyCrash", "#AshbyCrash"), (), ("#AshbyCrash",)),
        (MANY, ("Stay away. #Ashby #AshbyCrash",), ("#AshbyVale",)),
        (MANY, ("#One #Two #Three",), ()),
        ((), (), ()),
    ],
)
def test_what_is_in_the_words_already_counts(given: tuple[str, ...], texts: tuple[str, ...], kept: object) -> None:
    assert kept_hashtags(given, texts) == kept


@pytest.mark.parametrize(
    ("hashtags", "says"),
    [(MANY, "the en text has 4 hashtags: keep the 3"), (("#ashbycrash",), "#ashbycrash is read out as one word")],
)
def test_a_line_with_too_many_or_unreadable_hashtags_is_refused(hashtags: tuple[str, ...], says: str) -> None:
    assert says in answered(builders.line(hashtags=hashtags))


def test_a_line_asks_to_share_it_in_each_language_and_each_form_if_it_is_to() -> None:
    """The person who signs reads the request: it is part of the words."""
    text = builders.line().texts["en"]
    body = builders.line(texts={"en": text, "cy": text}, what={"en": "coach crash", "cy": "coach crash"})
    for asks, ends in ((True, SHARE), (False, {"en": "23:30.", "cy": "23:30."})):
        line = body.model_copy(update={"asks_to_share": asks, "short_texts": body.texts})
        (draft,) = builders.carried_out(builders.declared(), line, by=WRITER).drafts.values()
        assert all(said.endswith(ends[language]) for _, language, said in draft.written())


@pytest.mark.parametrize(("text", "kept"), [("Crews are here. #ValeCrash", ()), ("Crews are here.", ("#AshbyCrash",))])
def test_a_partners_own_hashtag_takes_the_place_of_ours(text: str, kept: tuple[str, ...]) -> None:
    post = Amplify(credit=builders.credit(), text=text, posted_at=NOW)
    incident = builders.carried_out(builders.declared(hashtags=("#AshbyCrash",)), post, by="amplification-agent")
    (message,) = incident.messages.values()
    assert message.hashtags == kept
