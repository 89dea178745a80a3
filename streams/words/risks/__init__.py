"""The risk register: what could happen with our accounts and with what we do there, and what is done about it."""
