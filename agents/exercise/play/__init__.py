"""The play: puts the scenario's events on the topics, watches the answers and scores them."""
