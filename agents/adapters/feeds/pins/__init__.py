"""What never changes behind an address of a partner's account: what the register pins it by, as its source says now."""

from agents.adapters.feeds.pins.candidate import Candidate, Directories, Question
from agents.adapters.feeds.pins.finder import candidate_at

__all__ = ["Candidate", "Directories", "Question", "candidate_at"]
