"""What is said of the incident by others: surges, stories, hashtags and listed authors."""

from collections.abc import Iterator

from streams.telling.briefing.sections import BriefingLine, NamedWord
from streams.telling.happenings.names import NameBook, WrittenWords
from streams.words.incident import SignalNoted
from streams.words.listening.influence import ListedNoted
from streams.words.listening.stories import RebuttalProposed, StoryCourseNoted, StoryFact, StoryLeftAlone, StoryNoted
from streams.words.listening.tags import TagsNoted


def surge_line(body: SignalNoted) -> BriefingLine:
    """How many people spoke; older records count posts in a minute."""
    if body.minutes is None:
        return BriefingLine("happened-posts", {"count": body.count})
    gaps = {"count": body.count, "minutes": body.minutes, "usual": round(body.usual or 0)}
    return BriefingLine("happened-surge-again" if body.peak else "happened-surge", gaps)


def story_lines(body: StoryFact, known: NameBook) -> Iterator[BriefingLine]:
    """How a story goes, and what we do about it."""
    match body:
        case StoryNoted(counts=counts):
            figures = {"people": counts.people, "minutes": counts.minutes, "posts": counts.posts}
            yield BriefingLine("happened-story", {"story": body.story})
            yield BriefingLine("story-counts", {**figures, "wordings": counts.wordings})
        case StoryCourseNoted():
            gaps = {"story": body.story, "before": body.people_before, "after": body.people_after}
            yield BriefingLine("happened-story-course", gaps)
        case RebuttalProposed():
            what, evidence = known.message(body.message_id), WrittenWords(body.evidence)
            yield BriefingLine("happened-story-answer", {"story": body.story, "what": what, "evidence": evidence})
        case StoryLeftAlone():
            gaps = {"story": body.story, "count": body.people}
            yield BriefingLine("happened-story-left", {**gaps, "reason": WrittenWords(body.reason)})


def heard_line(body: TagsNoted | ListedNoted) -> BriefingLine:
    """Hashtags that people use, or posts of listed authors."""
    if isinstance(body, ListedNoted):
        who = NamedWord(f"influence-{body.category}")
        return BriefingLine("listed", {"who": who, "posts": body.posts, "moment": body.since})
    tags = tuple(one.tag for one in body.tags)
    return BriefingLine("happened-tags" if tags else "happened-tags-none", {"tags": tags})
