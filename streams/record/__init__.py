"""The record: one incident's facts in a file that can be checked anywhere, without the log.

`container` writes and reads the file, `checks` checks what is in it, `second_judgement` judges every order again,
`register_then` asks whether each register was in force, `word_trail` follows the words and the deliveries.
`anchors` are notes, kept elsewhere, of how far each chain had come; `search_audit` finds late steps of a search.
The file is described in docs/evidence.md.
"""
