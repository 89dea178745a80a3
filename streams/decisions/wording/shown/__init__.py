"""What is shown: the exact words that the public of a channel reads of a message, before and after they are sent."""
