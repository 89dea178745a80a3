"""What an operator does with a cluster: look at its topics, make and change them, grant rights."""
