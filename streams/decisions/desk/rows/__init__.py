"""The rows of the table of orders, one file a domain."""

from streams.decisions.desk.rows import (
    accounts,
    briefings,
    cases,
    delivery,
    incident,
    listening,
    network,
    plans,
    register,
    release,
    sign_off,
    stops,
)

DOMAINS = (
    incident,
    network,
    release,
    sign_off,
    stops,
    delivery,
    briefings,
    listening,
    register,
    cases,
    plans,
    accounts,
)
