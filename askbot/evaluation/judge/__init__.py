"""A chat model as judge of the answers."""
