"""Commands that show the responders of an incident and the steps of the crisis process."""
