"""tf.data: names, chunks, windows and streams as batches that follow from (seed, epoch) alone."""
