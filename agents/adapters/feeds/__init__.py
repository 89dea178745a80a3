"""How partners are heard: one folder for each kind of feed, with a pure `parse` of what its source sends."""
