"""Hashtags of an incident: how many people use which, which of them may be offered, and the order that offers them."""
