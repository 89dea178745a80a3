"""Partners that the files have otherwise than two people confirmed: they wait for those who may propose them."""

from datetime import UTC

from streams.projections.inbox import answers, inbox
from streams.subjects import attention
from streams.subjects.register_log import RegisterLog
from streams.telling.attention import told_content
from streams.words.attention import PAGES
from streams.words.register.changes import Changes, Difference, WithdrawChange, differences
from streams.words.register.entries import Register
from streams.words.register.kept import UNCONFIRMED_CHARACTERS_MAX, NoteUnconfirmed, partner_contents
from tests import builders, changing
from tests.builders import NOW, NURSE
from tests.changing import CHIEF, CLERK, answered, given

FILES = changing.register()
FOUNDED = changing.founded(FILES)
COAST = builders.partner(id="coast", name="The coastguard (invented)")
WRITTEN = FILES.model_copy(update={"partners": {**FILES.partners, "coast": COAST}})


def noted(log: RegisterLog, files: Register = WRITTEN) -> RegisterLog:
    found = partner_contents(differences(files, log.changes))
    return given(log, NoteUnconfirmed(partners=found), FILES, by="clock")


def waits(log: RegisterLog) -> list[tuple[str, str]]:
    return [(one.kind, one.what) for one in attention.waiting(log, NOW) if one.kind != "change"]


def test_a_partner_that_is_only_written_waits_until_somebody_proposes_it() -> None:
    """Then the change waits for the next person; taken back, the partner waits again; confirmed, it does not."""
    log = noted(FOUNDED)
    assert waits(log) == [("unconfirmed", "coast")]
    proposed = given(log, changing.proposal(WRITTEN, "coast", "partners"), FILES, by=CHIEF)
    assert waits(proposed) == []
    back = WithdrawChange(change_id=changing.waiting(proposed).id, reason="Not yet")
    assert waits(given(proposed, back, FILES, by=CHIEF)) == [("unconfirmed", "coast")]
    confirmed = given(proposed, changing.yes_to(changing.waiting(proposed)), FILES, by=CLERK)
    assert waits(confirmed) == [], "also before the worker looks at the files again"
    assert waits(noted(confirmed)) == []


def test_only_those_who_may_change_the_register_have_it_in_their_inbox_with_the_order_that_proposes_it() -> None:
    log = noted(FOUNDED)
    [mine] = inbox(CHIEF, log, register=FILES, now=NOW)
    [order] = answers(mine, log)
    assert not any(one.kind == "command_refused" for one in answered(log, order, FILES, by=CHIEF))
    assert [*inbox(NURSE, log, register=FILES, now=NOW)] == []
    assert "  + name: The coastguard (invented)" in [*told_content(mine, log, zone=UTC)]
    assert PAGES[mine.kind] == "never"


def test_the_same_again_is_no_news_and_one_that_the_files_lost_waits_too() -> None:
    log = noted(FOUNDED)
    assert answered(log, NoteUnconfirmed(partners=log.unconfirmed), FILES, by="clock") == []
    proposed = given(log, changing.proposal(WRITTEN, "coast", "partners"), FILES, by=CHIEF)
    confirmed = given(proposed, changing.yes_to(changing.waiting(proposed)), FILES, by=CLERK)
    lost = noted(confirmed, FILES)
    assert waits(lost) == [("unconfirmed", "coast")]
    [gone] = attention.waiting(lost, NOW)
    assert next(told_content(gone, lost, zone=UTC)).endswith("partners coast is taken out")


def test_no_entry_of_a_person_is_noted_and_one_fact_stays_small() -> None:
    """A fact is kept for ever; what does not fit waits until the first are settled."""
    person = Difference(section="people", entry="x", old=None, new="{}")
    large = [Difference(section="partners", entry=f"p-{n}", old=None, new="x" * 40_000) for n in range(3)]
    assert [*partner_contents([person, *large])] == ["p-0"]
    assert len(large[0].new or "") < UNCONFIRMED_CHARACTERS_MAX
    assert partner_contents(differences(WRITTEN, Changes())) == {}, "before the founding the files count as they are"
