"""What we hear: pages that show it and that answer it."""
