"""The door: how a person or a program outside reaches a log."""
