"""Places outside where the heads of all chains are noted down; each keeps the port `AnchorPlace`."""

from agents.adapters.anchors.addresses import UnusableAddress, noted_in, place_of

__all__ = ["UnusableAddress", "noted_in", "place_of"]
