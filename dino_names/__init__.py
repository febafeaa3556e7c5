"""Learns a list of names, character by character, and invents new ones."""
