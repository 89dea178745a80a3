"""What flows through holdingline, and the rules that decide about it.

Commands go in (`commands`), facts come out (`events`), others speak (`posts`);
`topics` says where each flows and `codec` how it is written.
`incident` folds the facts of one incident into its state; `decisions` holds every rule as a pure function.
Nothing here touches the world: no clock, no file, no socket, no randomness.
"""
