"""Channel and pager in memory: drills and tests use them instead of real ones."""
