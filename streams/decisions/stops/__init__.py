"""Stops: a person stops a draft, a release or an incident, or holds a field back."""
