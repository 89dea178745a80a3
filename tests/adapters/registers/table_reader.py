"""The printed decision table, read as a person would: by the words in its cells, and nothing of our rules."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from lxml import html

LONDON = ZoneInfo("Europe/London")
OFFSETS = {"GMT": UTC, "BST": timezone(timedelta(hours=1))}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Cells = Sequence[str]


class Reader:
    """Answers from the page alone, which must show somebody away."""

    def __init__(self, page: str) -> None:
        tree = html.fromstring(page)
        self.powers: dict[str, list[Cells]] = {
            section.get("data-power"): list(_rows(section)) for section in tree.iter("section")
        }
        self.rota = [
            (rota, who, _moment(begins), _moment(ends)) for rota, who, begins, ends in _rows(_by_id(tree, "rota"))
        ]
        away = _by_id(tree, "away")
        self.away = (
            [(who, _moment(begins), _moment(ends)) for who, begins, ends in _rows(away)] if away is not None else []
        )
        keys = _by_id(tree, "keys")
        self.keys = list(_rows(keys)) if keys is not None else []
        self.holidays = {_day(one.text_content()) for one in _by_id(tree, "holidays").iter("li")}
        found = re.search(r"Working hours are (\d\d:\d\d) to (\d\d:\d\d) on ([\w, ]+), bank", tree.text_content())
        assert found, "the page does not say its hours"
        self.opens, self.closes = time.fromisoformat(found[1]), time.fromisoformat(found[2])
        self.days = [DAYS.index(day) for day in found[3].split(", ")]

    def may(self, who: str, power: str, *, case: Mapping[str, str], at: datetime) -> bool:
        """Tell whether some line of this power holds for this person, in this case, at this moment."""
        if not self._can_sign(who, power, at) or self._is_away(who, at):
            return False
        return any(
            who == self._holder(row, at) and self._holds(row, who, case=case, at=at) for row in self.powers[power]
        )

    def _can_sign(self, who: str, power: str, at: datetime) -> bool:
        """By the page's own words: in files nothing is signed; else with a key, from the first one on."""
        mine = [(begins, ends) for one, begins, ends in self.keys if one == who]
        spans = [(_moment(begins), _moment(ends)) for begins, ends in mine if ends]
        signs = len(mine) > len(spans) or any(begins <= at for begins, _ in spans)
        in_files = power in {"amplify", "enrol-key"}
        return in_files or not signs or any(begins <= at < ends for begins, ends in spans)

    def _holder(self, row: Cells, at: datetime) -> str | None:
        """Who uses this line now: its own person, or if they are away, their first deputy who is there."""
        if not self._is_away(row[0], at):
            return row[0]
        return next((one for one in row[5].split(", else ") if one != "nobody" and not self._is_away(one, at)), None)

    def _holds(self, row: Cells, who: str, *, case: Mapping[str, str], at: datetime) -> bool:
        _, types, levels, channels, when, _, _ = row
        named = re.search(r"on the rota (\S+)$", when)
        hours = {"in w": True, "out ": False}.get(when[:4])
        return (
            (types == "every incident" or case["type"] in _listed(types.removesuffix(" incidents")))
            and (levels == "every level" or case["level"] in _listed(levels.removeprefix("level ")))
            and (channels == "every channel" or case["channel"] in _listed(channels.removeprefix("only on ")))
            and (hours is None or self._works(at) is hours)
            and (named is None or self._on_call(named[1], who, at))
        )

    def _works(self, at: datetime) -> bool:
        local = at.astimezone(LONDON)
        worked = local.weekday() in self.days and local.date() not in self.holidays
        return worked and self.opens <= local.time() < self.closes

    def _on_call(self, rota: str, who: str, at: datetime) -> bool:
        return any((name, one) == (rota, who) and begins <= at < ends for name, one, begins, ends in self.rota)

    def _is_away(self, who: str, at: datetime) -> bool:
        return any(one == who and begins <= at < ends for one, begins, ends in self.away)


def _by_id(tree: html.HtmlElement, name: str) -> html.HtmlElement:
    return tree.get_element_by_id(name, None)


def _rows(part: html.HtmlElement) -> Iterator[Cells]:
    for body in part.iter("tbody"):
        for row in body.iter("tr"):
            yield tuple(" ".join(cell.text_content().split()) for cell in row)


def _listed(words: str) -> Sequence[str]:
    return re.split(r", | or ", words)


def _day(words: str) -> date:
    return datetime.strptime(words.strip(), "%A %d %B %Y").replace(tzinfo=LONDON).date()


def _moment(words: str) -> datetime:
    day, clock, zone = words.rsplit(" ", 2)
    return datetime.combine(_day(day), time.fromisoformat(clock), OFFSETS[zone])
