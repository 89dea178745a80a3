"""Adapters: the ports of the agents made real, one file or folder for each thing of the world outside."""
