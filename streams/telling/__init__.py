"""Telling: a fact or a state in words for people, the same words wherever they are shown."""
