"""The ways in: the worker's process and the command line. Live publishers are built only here."""
