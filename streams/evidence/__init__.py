"""Evidence: one incident's record in a file that can be checked anywhere, without our log.

`container` writes and reads the file, `checking` checks what is in it, `judging_again` judges every order anew,
`standing` asks whether each register was in force, `following` follows the words and the deliveries.
The file is described in docs/evidence.md.
"""
