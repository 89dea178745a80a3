"""The part of the mentions agent that hears stories: what people say of an incident in much the same words."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from agents.listening.rows import row
from agents.ports import Store
from streams.decisions.listening.added import Added
from streams.decisions.listening.crowd import bin_of, moment_of
from streams.decisions.listening.stories import (
    POSTS_KEPT,
    StoriesKept,
    StoryFinder,
    StoryPosts,
    counts_of,
)
from streams.decisions.listening.usual import quarter_of
from streams.decisions.listening.vocabulary import words_of
from streams.decisions.listening.wordings import KnownWordings, WordingShelf, hashed
from streams.subjects.incident import Incident
from streams.values import Purpose
from streams.words.listening.stories import NoteStory, NoteStoryCourse
from streams.words.register.entries import Register


@dataclass(frozen=True, slots=True)
class StoryTables:
    """The stories of each incident, the wordings that are known, by incident and shelf, and the posts of its stories.

    `posts` is private: this agent and the people of the trust alone read it, and it is emptied.
    """

    stories: Store[StoriesKept]
    wordings: Store[WordingShelf]
    posts: Store[StoryPosts]


def stories(name: str, added: Added, *, tables: StoryTables, register: Register) -> Iterator[tuple[str, NoteStory]]:
    """Hear what people say of an incident; each story that has become large enough is put before the commander.

    Each order comes with its cause, the story after the last order about it: a batch that comes again gives the same.
    """
    voices = [one for one in added.voices if one.wording]
    if not voices:
        return
    before, posts = row(tables.stories, name, nothing=StoriesKept()), row(tables.posts, name, nothing=StoryPosts())
    known = KnownWordings(lambda shelf: row(tables.wordings, _shelf(name, shelf), nothing=WordingShelf()))
    finder = StoryFinder(before, known, posts=posts)
    for voice in voices:
        if found := finder.hear(voice, added.wordings):
            counts = counts_of(found.story, before=found.before, read_one_in=added.read_one_in)
            nearest = finder.nearest(found.story, _own_words(register))
            note = NoteStory(story=found.story.called, counts=counts, nearest=nearest)
            yield f"story {found.story.called} {found.before}", note
    tables.stories.put(name, finder.kept(read_one_in=added.read_one_in))
    for number, shelf in known.shelves().items():
        tables.wordings.put(_shelf(name, number), shelf)
    if (now := finder.posts()) != posts:
        tables.posts.put(name, now)


def courses(incident: Incident, tables: StoryTables, *, now: datetime) -> Iterator[tuple[str, NoteStoryCourse]]:
    """How stories went on, once a whole quarter of an hour has passed after the one in which the answer came out."""
    quarter = quarter_of(bin_of(now))
    for one in incident.stories.known.values():
        if one.answered_at is None or one.course:
            continue
        out = quarter_of(bin_of(one.answered_at))
        if quarter > out + 1:
            told = row(tables.stories, incident.id, nothing=StoriesKept()).story(one.story)
            people = told.quarters if told else {}
            course = NoteStoryCourse(
                story=one.story,
                message_id=one.answers[-1],
                people_before=people.get(out - 1, 0),
                people_after=people.get(out + 1, 0),
                asking=told.asking if told else 0,
            )
            yield f"course {one.story} {course.message_id}", course


def forget(tables: StoryTables, live: Collection[str], *, now: datetime) -> None:
    """Posts go as soon as the log may have let their words go; an incident's stories once no one tells any."""
    for name in [*tables.posts.keys()]:
        kept = row(tables.posts, name, nothing=StoryPosts())
        left = kept.kept_at(bin_of(now))
        if not left.posts:
            tables.posts.remove(name)
        elif left != kept:
            tables.posts.put(name, left)
    for name in [*tables.stories.keys()]:
        known = row(tables.stories, name, nothing=StoriesKept())
        if moment_of(known.heard) >= now - POSTS_KEPT:
            continue
        if name not in live:
            tables.stories.remove(name)
        elif known.stories:
            # A later story takes no number that one of these had.
            tables.stories.put(name, StoriesKept(numbered=known.numbered, called=known.called))
        for shelf in [*tables.wordings.keys(f"{name}|")]:
            tables.wordings.remove(shelf)


def _shelf(name: str, number: int) -> str:
    return f"{name}|{number}"


def _own_words(register: Register) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The words of each approved template's holding texts, by language."""
    for template in register.templates.values():
        for text in template.texts.get(Purpose.HOLDING, {}).values() if template.approval else ():
            yield template.id, hashed(words_of(text))
