"""What every process of a measurement does first: know the grounds, and log errors only."""

import logging

import structlog

from infra.transports import register_transports


def prepare() -> None:
    """Make the addresses known, and keep log lines out of the measurement."""
    register_transports()
    silence()


def silence() -> None:
    """Keep log lines out of the measurement."""
    logging.basicConfig(level=logging.ERROR, force=True)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
