"""Pictures; every function takes ax=None, returns ax and never shows."""
