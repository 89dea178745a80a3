"""What of the responders' network follows from an incident: posts of partners that are out, and where they differ."""
