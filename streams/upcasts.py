"""Older versions of orders and facts, lifted to the shape that is read today. What is stored for ever never changes.

Hash and signature are over the stored JSON, so what is lifted here still verifies. Here nothing is checked: a message
that makes no sense comes out as it went in, and the codec refuses it.
"""

from collections.abc import Callable
from typing import Any

Stored = dict[str, Any]
Upcast = Callable[[Stored], Stored]

RENAMED = {"withdraw_amplification": "note_post_change"}
"""Kinds of orders that have another name since version 2."""


def second_order(first: Stored) -> Stored:
    """An order of version 1 as version 2: it has a subject and a receipt has parts; one has another name."""
    return {**_about(first), "version": 2, "body": _order_body(first.get("body"))}


def second_fact(first: Stored) -> Stored:
    """A fact of version 1 as version 2: it has a subject and a receipt has parts."""
    return {**_about(first), "version": 2, "body": _with_receipt(first.get("body"))}


def _about(first: Stored) -> Stored:
    """The register's log was kept as an incident of this name once."""
    if "incident_id" not in first:
        return first
    name = first["incident_id"]
    subject = {"kind": "register" if name == "register" else "incident", "id": name}
    return {**{field: value for field, value in first.items() if field != "incident_id"}, "subject": subject}


def _order_body(body: Any) -> Any:  # noqa: ANN401 - any JSON
    if not isinstance(body, dict):
        return body
    kind = body.get("kind")
    renamed = RENAMED.get(kind, kind) if isinstance(kind, str) else kind
    return _with_receipt({**body, "kind": renamed})


def _with_receipt(body: Any) -> Any:  # noqa: ANN401 - any JSON
    """A receipt was a sentence once."""
    if isinstance(body, dict) and isinstance(body.get("receipt"), str):
        return {**body, "receipt": {"words": body["receipt"]}}
    return body
