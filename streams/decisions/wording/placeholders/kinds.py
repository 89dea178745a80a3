"""Placeholders: every kind of them, with an example of each."""

from streams.decisions.wording.placeholders.holes import HOLES
from streams.decisions.wording.placeholders.notes import NOTES
from streams.decisions.wording.placeholders.phrases import PHRASES
from streams.decisions.wording.placeholders.signs import SIGNS

KINDS = (*SIGNS, *HOLES, *PHRASES, *NOTES)
