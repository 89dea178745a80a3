"""Pagers that really wake people: by letter and by text message. A drill has its own, in `memory_pager`."""

from agents.adapters.pager.letters import LetterPager
from agents.adapters.pager.notify import NotifyPager

__all__ = ["LetterPager", "NotifyPager"]
