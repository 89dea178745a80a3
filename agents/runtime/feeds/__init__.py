"""Hearing the partners: one task for each account, and what is on the log about each of them."""
