"""The version names exactly one content of a register, however often it is asked for."""

from streams.words.register.entries import Register
from streams.words.register.kept import RegisterRecord
from streams.words.register.wording import WordLists
from tests import builders
from tests.examples import example_register


def test_a_copy_that_differs_has_another_version() -> None:
    """Also after the version of the first was asked for; one that does not differ has the same."""
    register = builders.register()
    before = register.version()
    assert register.model_copy().version() == register.model_copy(deep=True).version() == before
    assert register.model_copy(update={"trust": "Other"}).version() != before
    assert register.version() == before == RegisterRecord.of(register, mode="live").id


def test_the_word_lists_count() -> None:
    """An order that was judged by other lists was judged by another register."""
    register = builders.register()
    assert register.model_copy(update={"words": WordLists()}).version() != register.version()
    assert register == Register.model_validate_json(register.model_dump_json())


def test_word_lists_are_equal_by_what_they_hold() -> None:
    """Whatever they are compared with, and whether their version was asked for before or not."""
    lists = example_register().words
    fresh = WordLists.model_validate_json(lists.model_dump_json())
    assert (lists == fresh, hash(lists)) == (True, hash(fresh))
    held = lists.held[:-1]
    for other in (WordLists(), lists.model_copy(update={"held": held}), fresh.model_copy(update={"parts": ()})):
        assert lists != other
    assert lists != lists.model_dump()


def test_the_copy_of_a_template_has_a_hash_of_its_own_content() -> None:
    template = builders.register().templates["major-incident"]
    before = template.content_hash()
    assert template.model_copy(update={"title": "Other"}).content_hash() != before
    assert template.model_copy(update={"approval": None}).content_hash() == before
