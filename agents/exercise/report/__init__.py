"""The report of an exercise, for people and for machines."""
