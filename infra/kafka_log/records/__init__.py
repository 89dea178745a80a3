"""Records on their way: read from the brokers, and written in batches and transactions."""
