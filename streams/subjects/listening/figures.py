"""What is heard of the trust, in a sentence for the person who is asked; a page in another language has its own."""

from streams.words.influence.entries import CALLED
from streams.words.listening.influence import ListedNoted
from streams.words.listening.watch import WatchNoted

DAY_MINUTES = 24 * 60


def told_heard(one: WatchNoted) -> str:
    """How many people, together with which words, how many usually do, and whether an incident is declared."""
    begins = "Again: about " if one.peak and one.is_estimate else "Again: " if one.peak else "about " * one.is_estimate
    still = " still" if one.looked else ""
    words = f" together with {' or '.join(one.words)}" if one.words else ""
    twice = f", twice the highest so far ({one.peak})" if one.peak else ""
    goes_on = f"Incident {one.incident} goes on, and they use none of its words."
    said = f"{begins}{one.people} people in {one.minutes} minutes{still} name {one.trust}{words}{twice}"
    other = " It is another hazard than what was settled before." if one.is_other else ""
    return f"{said}; usual: {told_usual(one)}.{other} {goes_on if one.incident else 'No incident is declared.'}"


def told_listed_of_us(one: ListedNoted) -> str:
    """That listed authors post about us while no incident goes on: how many posts, never whose or what they say."""
    posts = "1 post" if one.posts == 1 else f"{one.posts} posts"
    return f"{CALLED[one.category]} on your list post about the trust: {posts}"


def told_usual(one: WatchNoted) -> str:
    """How many usually do in that time; where that is less than one, how many in a day."""
    if one.usual >= 1:
        return str(round(one.usual))
    return f"{usual_a_day(one) or 'none'} in a day"


def usual_a_day(one: WatchNoted) -> int:
    """How many people usually do in a day."""
    return round(one.usual / one.minutes * DAY_MINUTES)
