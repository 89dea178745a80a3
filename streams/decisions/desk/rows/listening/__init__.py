"""What we hear: orders that come from public posts, and those that answer them."""
