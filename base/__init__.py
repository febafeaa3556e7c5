"""What the base model is made from, and how."""
