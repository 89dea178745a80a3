"""The worker's process: `holdingline serve`, with everything live that it needs."""
