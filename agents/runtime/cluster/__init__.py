"""A Kafka cluster as holdingline needs it: topics, rights, and whether all of it is fit to serve."""
