"""The worker: all agents of one mode on one log."""
