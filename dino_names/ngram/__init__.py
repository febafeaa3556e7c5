"""Interpolated Kneser-Ney over characters: counts, the trie they are kept in, probabilities."""
