"""Tables: in memory, rebuilt from their changelogs after an assignment, and able to take a write back."""
