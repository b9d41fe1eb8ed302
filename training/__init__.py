"""What makes the weights that ``streams.classify`` ships: our own rows, and the command that trains."""
