"""Ways to reach a person: in memory, by e-mail, by text message, by chat."""
