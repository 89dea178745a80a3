"""Warnings as the Common Alerting Protocol (CAP 1.0, 1.1, 1.2) writes them, alone or in a feed."""
