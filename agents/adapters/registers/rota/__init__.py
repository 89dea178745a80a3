"""The rota: turns from files and from calendars, fetched copies included."""
