"""Pages to read: record and briefing of an incident, the register, templates, how the service is, drills."""
