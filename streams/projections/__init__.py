"""Projections: what people want to read, folded from facts without looking at anything else. The runtime keeps them."""
