"""Feeds: how the accounts of partners are heard, a folder for each kind; `kinds` is the table of them."""
