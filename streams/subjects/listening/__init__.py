"""What we hear: the states of subjects that come from public posts."""
