"""Sign-off: which person of a chain is asked next, and when."""
