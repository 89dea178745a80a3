"""Commands about the registers: who may do what, changes, keys, delegations."""
