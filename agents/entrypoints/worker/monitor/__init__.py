"""What watches over a running worker: its health and readiness, its figures, and word to the service manager."""
