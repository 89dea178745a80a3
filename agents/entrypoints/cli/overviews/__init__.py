"""Commands for people who decide nothing tonight, and have to know: the briefing, the report of a month, the risks."""
