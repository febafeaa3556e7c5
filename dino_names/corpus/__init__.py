"""Lists and texts: read, checked, split; their characters and ids."""
