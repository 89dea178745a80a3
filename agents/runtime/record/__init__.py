"""The record: checked against the log, and exported as evidence."""
