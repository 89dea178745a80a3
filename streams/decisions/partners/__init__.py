"""Partners: what bounds their posts, what becomes of their accounts, and accounts that only look like theirs."""
