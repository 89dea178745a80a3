"""What facts add up to: one state for each kind of subject, and nothing in it but the fold of its facts."""
