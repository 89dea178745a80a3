"""Views: what a worker knows beside its own tables, folded from topics."""
