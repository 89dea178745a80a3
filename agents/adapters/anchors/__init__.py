"""Places outside where the heads of all chains are noted down; each keeps the port `AnchorPlace`."""

from agents.adapters.anchors.addresses import UnusableAddress, place_of

__all__ = ["UnusableAddress", "place_of"]
