"""Posts of an Atom or RSS feed, plain ones and those that carry or link to CAP messages."""
