"""The parts of the mentions agent: what it makes of posts that name us or an incident, each with its own tables."""
