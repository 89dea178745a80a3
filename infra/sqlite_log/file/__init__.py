"""The file: its tables and their versions, connections to it, and what is read from it."""
