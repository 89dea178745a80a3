"""The pages, each answering one visit. What they offer is what the rules would take now; the desk decides."""
