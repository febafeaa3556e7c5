"""What steps in NumPy: networks, several as one, a network with its n-gram; and the draw."""
