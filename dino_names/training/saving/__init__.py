"""Keras's checkpoints of a run, whole or not there, and epochs as model files."""
