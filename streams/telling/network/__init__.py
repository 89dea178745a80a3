"""The responders' network in words: who is in and leads, what each reports beside the others, and the steps."""
