"""What the parsers of feeds have in common: documents read closed, signatures, entries, CAP messages, posts made."""
