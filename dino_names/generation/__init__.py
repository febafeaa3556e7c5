"""Models ready to use: names and texts drawn, and how likely a model finds them."""
