"""The register in words: its entries, its slots, its keys, and how they change."""
