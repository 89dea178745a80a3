"""Placeholders: every kind of them, with an example of each."""

from streams.decisions.placeholder_holes import HOLES
from streams.decisions.placeholder_notes import NOTES
from streams.decisions.placeholder_phrases import PHRASES
from streams.decisions.placeholder_signs import SIGNS

KINDS = (*SIGNS, *HOLES, *PHRASES, *NOTES)
