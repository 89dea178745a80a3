"""Pagers that really wake people: by letter, by text message and by chat. A drill has its own, in `memory_pager`."""

from agents.adapters.pager.chat import ChatPager
from agents.adapters.pager.letters import LetterPager
from agents.adapters.pager.notify import NotifyPager

__all__ = ["ChatPager", "LetterPager", "NotifyPager"]
