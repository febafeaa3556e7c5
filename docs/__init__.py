"""The pages and the picture that are made: `python -m docs`, or `make docs`."""
