"""The console: pages on which people see, decide and sign, on a telephone first. It gives no order without its proof."""
