"""What notebooks show: pictures with descriptions, tables, sliders, interrupted trainings."""
