"""What is measured: ratios, in one run, the contenders taking turns."""
