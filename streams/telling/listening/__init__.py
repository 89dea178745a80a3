"""What was heard in public posts, in words."""
