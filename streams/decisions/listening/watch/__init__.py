"""The watch: what is heard of the trust before an incident is declared, put before a person and answered."""
