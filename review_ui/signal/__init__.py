"""One signal: reading, judging and forwarding it."""
