"""What we hear: what the worker does about it as time passes."""
