"""Where the agents are introduced to one another and to the ground: the one composition root."""
