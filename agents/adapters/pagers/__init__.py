"""Pagers that really wake people: by letter, by text message and by chat. A drill uses `memory.pager`."""

from agents.adapters.pagers.chat import ChatPager
from agents.adapters.pagers.letters import LetterPager
from agents.adapters.pagers.notify import NotifyPager

__all__ = ["ChatPager", "LetterPager", "NotifyPager"]
