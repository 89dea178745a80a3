"""The rules. Every decision is a pure function and answers with a value that carries its reasons."""
