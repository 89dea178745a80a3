"""The consumer group: a seat in it, what its member may commit, and what it has committed."""
