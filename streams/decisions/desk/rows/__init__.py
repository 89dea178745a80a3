"""The rows of the table of orders, one file a domain."""
