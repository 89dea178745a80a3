"""Commands about what we hear in public posts."""
