"""Sessions: what a worker does with its partitions, from an assignment to its loss."""
