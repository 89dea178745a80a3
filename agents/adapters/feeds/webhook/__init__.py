"""A signed webhook: a control room sends us its posts as JSON, and proves each request with a shared secret."""

from agents.adapters.feeds.webhook.feed import WEBHOOK

__all__ = ["WEBHOOK"]
