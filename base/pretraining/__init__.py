"""The base model, trained on all lists of the corpus at once: `python -m base.pretraining`."""
