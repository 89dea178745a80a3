"""Adapters: implementations of the agents' ports, one file or folder for each thing of the world outside."""
