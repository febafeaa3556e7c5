"""What a training tells whoever waits: the protocol, and its forms on a terminal and in a pipe."""
