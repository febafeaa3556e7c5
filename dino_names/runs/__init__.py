"""Run folders as anybody may read and resume them, without TensorFlow."""
