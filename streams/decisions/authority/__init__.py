"""Authority: who may act now, and how an order is shown to be theirs."""
