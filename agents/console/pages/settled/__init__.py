"""Where things are settled that wait for a person, beside messages: one page for each, with its orders."""
