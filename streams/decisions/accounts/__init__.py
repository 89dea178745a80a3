"""Accounts on which we speak: who shuts and opens one, how old its secret is, and how much goes out on it."""
