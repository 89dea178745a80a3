"""Channel and pager in memory: what a drill and the tests have instead of the world."""
