"""Hearing the partners: their feeds, and the process that reads them."""
