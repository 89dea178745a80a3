"""The console, against a real worker and in a real browser."""
