"""A line by prompts or in an editor: nothing that was typed is lost, and it is shown before it is handed in."""

import io
import json
import stat
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import typer

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.lines import posts, prompts
from agents.entrypoints.cli.lines.kept import KeptAnswers
from agents.entrypoints.cli.lines.prompts import LineWriter
from agents.entrypoints.cli.options import Misused
from streams.decisions.desk.order_table import answer
from streams.decisions.release.lines import written
from streams.moments import ahead
from streams.subjects.incident import Incident
from streams.words.delivery import DeliveryConfirmed
from streams.words.listening.tags import TagsNoted, TagUse
from streams.words.release import DraftLine, Message
from tests import builders
from tests.builders import INCIDENT, WRITER

KEPT = Path(f"line-{INCIDENT}.json")
TEXT_FILE = KEPT.with_suffix(".txt")
EDITOR = """
import sys
path = sys.argv[1]
text = open(path, encoding="utf-8").read()
open(path, "w", encoding="utf-8").write(({change})(text))
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def place(incident: Incident | None = None, *, in_editor: bool = False) -> LineWriter:
    return LineWriter(WRITER, incident or declared(), builders.register(), in_editor)


def declared(*, released: bool = False) -> Incident:
    """An incident of this hour; the prompts go by the real clock."""
    incident = builders.declared()
    if released:
        incident = builders.carried_out(incident, builders.holding())
        incident = builders.after(incident, [DeliveryConfirmed(delivery_id=one) for one in incident.deliveries])
    return incident


def typed(patch: pytest.MonkeyPatch, *lines: str) -> None:
    patch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def next_word() -> tuple[str, str]:
    """A time to promise, as it is typed and as the public reads it."""
    now, zone = SystemClock().now(), builders.register().hours.zone
    at = (now + timedelta(minutes=40)).replace(second=0, microsecond=0)
    return at.isoformat(), ahead(at, now=now, zone=zone, language="en")


def text(more: str = "") -> str:
    return f"The coach crash at Ashby Junction at 22:15: our teams are ready.{more}"


def shown(at: LineWriter, body: DraftLine) -> Message:
    message = written(at.order(body), body)
    assert isinstance(message, Message), message
    return message


def test_a_line_is_asked_for_and_what_cannot_be_is_asked_again_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A channel that is not there, a time that is over, nothing where something is needed; all else is kept."""
    by, told = next_word()
    wrong = ("websit", "website, social", "2026-01-01T00:00:00+00:00", by, "", text(f" Next word by {told}."))
    typed(monkeypatch, *wrong, "", "coach crash", "Ashby Junction", "22:15", "y")
    at = place()
    body, kept = prompts.line(at)
    assert shown(at, body).texts == {"en": text(f" Next word by {told}.")}
    assert body.channels == ("website", "social")
    said = capsys.readouterr().err
    for reason in ("there is no websit: write one of website, social", "is over, it was", "it cannot be left out"):
        assert reason in said
    assert "  website in en: the en text has " in said
    assert json.loads(kept.path.read_text("utf-8"))["where"] == "Ashby Junction"
    kept.drop()
    assert not KEPT.exists()


def test_after_a_refusal_only_what_is_wrong_is_typed_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The checks' reasons come before anybody is asked for a yes; Enter keeps each answer."""
    by, told = next_word()
    first = ("", by, text(), "", "coach crash", "Ashby Junction", "22:15", "y")
    again = ("", "", text(f" Next word by {told}."), "", "", "", "", "y")
    typed(monkeypatch, *first, *again)
    at = place()
    body, _ = prompts.line(at)
    assert shown(at, body).channels == ("website", "social")
    assert f"the en text does not say when the next word comes ({told}): promise a time" in capsys.readouterr().err


@pytest.mark.parametrize("ends", [(), ("n", "n")])
def test_what_was_typed_stays_in_a_file_of_its_writer_alone_and_is_taken_up_again(
    ends: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whether the terminal goes in the middle, or the person says no in the end."""
    by, told = next_word()
    answers = ("", by, text(f" Next word by {told}."), "", "coach crash", "Ashby Junction", "22:15")
    typed(monkeypatch, *(answers if ends else answers[:5]), *ends)
    at = place()
    with pytest.raises(typer.Exit):
        prompts.line(at)
    assert f"What was typed is in {KEPT}: give the command again" in capsys.readouterr().err
    assert stat.S_IMODE(KEPT.stat().st_mode) == 0o600
    rest = ("",) * 7 if ends else ("", "", "", "", "", "Ashby Junction", "22:15")
    typed(monkeypatch, *rest, "y")
    body, _ = prompts.line(at)
    assert shown(at, body).texts == {"en": text(f" Next word by {told}.")}


@pytest.mark.parametrize("found", ["", "[]", "nonsense", '{"channels": 7, "texts": "x", "follows": {"a": 1}}'])
def test_a_file_that_holds_no_answers_is_as_none(found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    KEPT.write_text(found, encoding="utf-8")
    by, told = next_word()
    typed(monkeypatch, "", by, text(f" Next word by {told}."), "", "coach crash", "Ashby Junction", "22:15", "y")
    at = place()
    assert shown(at, prompts.line(at)[0]).titles == {"en": "Coach crash – Ashby Junction"}


def test_a_correction_is_chosen_by_its_number_and_goes_where_the_wrong_words_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The wrong words are shown; each language in which they are out is asked for; no promise is needed."""
    incident = declared(released=True)
    (first,) = incident.messages.values()
    typed(monkeypatch, "2", "1", "", "", "It was 22:05, not 22:15.", "", "Am 22:05 yr oedd, nid 22:15.", "y")
    at = place(incident)
    body, _ = prompts.line(at)
    assert (body.follows, body.channels, set(body.texts)) == (first.id, first.channels, {"en", "cy"})
    said = capsys.readouterr().err
    assert "there is no 2: write one of " in said
    assert f"It corrects, en: {first.texts['en']}" in said
    assert "it cannot be left out" in said
    assert builders.kinds(answer(at.order(body))) == ["line_drafted"]


def in_editor(patch: pytest.MonkeyPatch, change: str) -> None:
    """An editor that changes the file by this function, written in Python."""
    Path("editor.py").write_text(EDITOR.format(change=change), encoding="utf-8")
    patch.setenv("VISUAL", f"{sys.executable} editor.py")


def test_the_texts_are_written_in_the_persons_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part for each language, with notes that do not become words of ours; lines may follow each other."""
    by, told = next_word()
    words = text(f"\n\nNext word by {told}.")
    in_editor(monkeypatch, f"lambda text: text.replace('=== en\\n', '=== en\\n' + {words!r}, 1)")
    typed(monkeypatch, "", by, "coach crash", "Ashby Junction", "22:15", "y")
    at = place(in_editor=True)
    body, kept = prompts.line(at)
    assert body.texts == {"en": words}
    assert shown(at, body).texts == {"en": words}
    assert stat.S_IMODE(TEXT_FILE.stat().st_mode) == 0o600
    kept.drop()
    assert not TEXT_FILE.exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("lambda text: text.replace('=== en', '=== english') + 'My words.'", "leave the headings as they were, en, cy"),
        ("lambda text: text + 'My words.' + str(sys.exit(1))", "the editor ended with an error"),
    ],
)
def test_what_an_editor_leaves_that_cannot_be_read_stays_in_its_file(
    change: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_editor(monkeypatch, change)
    typed(monkeypatch, "", next_word()[0])
    with pytest.raises(Misused, match=says):
        prompts.line(place(in_editor=True))
    assert TEXT_FILE.exists()


def test_an_editor_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor")
    typed(monkeypatch, "", next_word()[0])
    with pytest.raises(Misused, match="no-such-editor does not start"):
        prompts.line(place(in_editor=True))


def test_a_partners_post_is_asked_for_with_its_partner_from_the_register(monkeypatch: pytest.MonkeyPatch) -> None:
    """The account and the name are the register's own; a link may be left out."""
    typed(monkeypatch, "vale", "1", "post-9", "no link", "-", "Crews are here.", "", "", "y")
    post = posts.asked(builders.register().partners, KeptAnswers(Path("post-inc-1.json")))
    assert post.credit == builders.credit(post_id="post-9")
    assert (post.text, post.language) == ("Crews are here.", "en")


def test_the_hashtags_in_use_are_asked_for_with_their_reasons_and_go_before_ours(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """None goes with it unless the person says so."""
    by, told = next_word()
    use = TagUse(tag="#ashbyfire", people=19, minutes=10, before=0)
    incident = builders.after(declared(), [TagsNoted(tags=(use,))])
    answers = ("", by, text(f" Next word by {told}."), "", "coach crash", "Ashby Junction", "22:15")
    typed(monkeypatch, *answers, "#ashbyfire", "y")
    chosen, kept = prompts.line(place(incident))
    assert chosen.hashtags == ("#Ashbyfire", "#AshbyCrash")
    assert "#ashbyfire: 19 people in 10 minutes, not seen in the week before" in capsys.readouterr().err
    kept.drop()
    typed(monkeypatch, *answers, "", "y")
    plain, _ = prompts.line(place(incident))
    assert plain.hashtags == ()
