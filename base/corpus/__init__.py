"""The corpus: several hundred thousand real names in many lists, out of packages."""
