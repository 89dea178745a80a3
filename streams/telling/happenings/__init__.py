"""What happened to an incident, as people say it: a fact gives sentences of `words.json`, in every language of pages.

No sentence has an identifier: a person has name and role, a message its first words, a channel its title.
`streams.telling.facts` has the exact line with all of them.
"""
