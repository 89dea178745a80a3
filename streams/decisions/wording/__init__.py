"""Wording: what a public text must say, and what it may not hold."""
