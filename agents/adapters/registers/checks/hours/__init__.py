"""Checks of hours: rotas, calendars, and the hours in which no person could act."""
