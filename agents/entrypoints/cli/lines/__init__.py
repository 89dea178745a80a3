"""Words that a person writes at the command line: asked for one by one, kept until they are handed in."""
