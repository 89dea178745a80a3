"""The console: pages on which people see, decide and sign, on a telephone first; no order without its proof."""
