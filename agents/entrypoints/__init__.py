"""The ways in: the worker's process and the command line. Only here are live publishers built."""
