"""Planned posts: how they are planned, at what pace, what holds them, and how they go on after an incident."""
