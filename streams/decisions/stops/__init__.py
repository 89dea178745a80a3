"""Stops: drafts, releases and incidents that a person stops, and fields that are held back."""
