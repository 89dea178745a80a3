"""What we hear: commands that show it and that answer it."""
