"""What flows through holdingline, and the rules that decide about it.

`words` holds every order (a person or an agent may give it), every fact (it happened) and what facts add up to;
`topics` says which of them flows where, `codec` how it is written, `chain` how facts are tied together.
`subjects` folds the facts of one subject into its state; `decisions` holds every rule as a pure function;
`telling` puts facts in words for people; `record` checks what was kept.
Nothing here touches the world: no clock, no file, no socket, no randomness.
"""
