"""The desk: how every order is judged, and who else could give it."""
