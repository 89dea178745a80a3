"""The ground: the only folder that touches a broker or a log."""
