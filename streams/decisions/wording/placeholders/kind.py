"""What a kind of placeholder is: something that people leave in a text that was not finished."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to leave a gap: its name, what it looks like, and an example.

    `plain` ignores the case of letters; `needs` are signs and `words` small words between bars, of which every such gap
    has one, to be quick where none is; `in_links` looks inside links and addresses too.
    """

    name: str
    pattern: str
    example: str
    plain: bool = False
    needs: str = ""
    words: str = ""
    in_links: bool = False

    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE if self.plain else 0)

    def may_stand_in(self, signs: AbstractSet[str], small: str) -> bool:
        """Whether a text of these signs, which reads so in small letters, can hold such a gap at all."""
        if self.words:
            return any(word in small for word in self.words.split("|"))
        return not self.needs or not signs.isdisjoint(self.needs)
