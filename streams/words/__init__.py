"""What is said between the parts: orders, facts and what they add up to, one module for each domain."""
