"""Placeholders: what people leave in a text that is not finished."""
