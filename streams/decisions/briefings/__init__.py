"""When a briefing goes by mail, and what is recorded of it."""
