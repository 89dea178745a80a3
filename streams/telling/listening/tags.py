"""Hashtags that people use, in words: which are offered where words are prepared, each with its reason."""

from collections.abc import Iterator

from streams.subjects.incident import Incident
from streams.words.listening.tags import TagsNoted, TagUse, TagWithheld


def told_tags(body: TagsNoted) -> str:
    """The hashtags that were put before the commander, in one sentence."""
    said = [told_tag(one) for one in body.tags] or ["none may be offered"]
    if body.overtook and body.tags:
        said[0] += f"; it overtook {body.overtook}"
    return f"hashtags in use: {'. '.join([*said, *map(told_withheld, body.withheld)])}"


def told_tag(one: TagUse) -> str:
    """A hashtag and why it is offered."""
    if not one.people:
        return f"{one.tag}: {one.partner_name} uses it"
    minutes = f"{one.minutes} minutes" if one.minutes > 1 else "a minute"
    said = f"{one.tag}: {one.people} {'people' if one.people > 1 else 'person'} in {minutes}"
    if one.before is not None:
        said += f", seen {one.before} times in the sample of the week before" if one.before else _NEW
    return f"{said}; {one.partner_name} uses it" if one.partner_name else said


def told_withheld(one: TagWithheld) -> str:
    """A hashtag that is not named, and why."""
    return f"A hashtag of {one.people} people is not offered: {one.reason}"


def tag_lines(incident: Incident) -> Iterator[str]:
    """The hashtags of an incident, one line each; it is said which of them are ours already."""
    if incident.tags is None:
        return
    ours = incident.own_tags
    for one in incident.tags.tags:
        yield f"hashtag in use: {told_tag(one)}{'; it is ours' if one.tag in ours else ''}"
    yield from map(told_withheld, incident.tags.withheld)


_NEW = ", not seen in the week before"
