"""Routes: which posts somebody must answer or hand on, by which rule and which words of our list; never an action."""
