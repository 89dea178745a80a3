"""The writer: the one thread that changes the file, and the jobs that it does."""
