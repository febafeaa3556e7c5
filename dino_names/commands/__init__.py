"""The command line: one module a command, each with its `command`, and what they share.

In: the words a user typed.
Out: results on standard output, sentences on standard error, an exit status.
May use: every room; TensorFlow only where a command trains.
"""
