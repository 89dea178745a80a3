"""The briefing: one page for people who decide nothing tonight, and have to know. Sections, figures, and the letter."""
