"""The script of an exercise: what happens at which time, and what is expected."""
