"""The Keras model: layers, their loop over time, the optimizer and its rate, precision, average."""
