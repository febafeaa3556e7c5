"""What neither a list nor a model file may hold, apart from what reads lists: that is slow."""

from __future__ import annotations

# Unicode's categories of characters that cannot be seen: control, format, halves, separators.
FORBIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
# Zero width non-joiner and joiner, which some spellings need all the same.
JOINERS = "\u200c\u200d"
# More lists than a model is told of.
MAX_CATEGORIES = 4_096
# What to do with a file that does not fit into memory.
TOO_MANY = "Take a part; or of names make a folder to train on: dino-names prepare."
