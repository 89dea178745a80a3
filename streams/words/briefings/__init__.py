"""The briefing by mail: who gets it and how often, the order and the facts about it, and their sum."""
