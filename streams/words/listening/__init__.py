"""What we hear: orders and facts that come from public posts."""
