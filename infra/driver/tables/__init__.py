"""Tables: in memory or read row by row, whole after an assignment, and able to take a write back."""
