"""`holdingline init`: a trust answers questions, and has a register, messages and an exercise of its own."""
