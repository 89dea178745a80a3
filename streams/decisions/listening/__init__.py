"""Listening: which incident a post is about, and when there are so many posts that a word is due."""
