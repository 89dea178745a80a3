"""What every process of a measurement does first: log errors only."""

import logging

import structlog


def silence() -> None:
    """Keep log lines out of the measurement."""
    logging.basicConfig(level=logging.ERROR, force=True)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
