"""Evidence: one incident's record in a file that can be checked anywhere, without our log.

`container` writes and reads the file, `checking` checks what is in it, `judging_again` judges every order anew and
`following` follows the words and the deliveries. The file is described in docs/evidence.md.
"""
