"""What we hear in words: facts and figures that come from public posts."""
