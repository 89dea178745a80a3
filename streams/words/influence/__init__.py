"""The influence list: authors of whom a person vouched that their posts about us matter."""
