"""The lab: recurrent networks in NumPy, with their own backward passes, for reading.

It needs no other part of the package. In the order of reading:

==================  =================================================================
`rnn`               the plain RNN: forward, backward through time, clip, sample, train
`island`            the published dinosaur-island run, digit for digit
`gradcheck`         is a backward pass right? compare it with the slope of the loss
`cell`              what recurrent layers have in common
`rnn_cell`          the plain RNN as a layer
`lstm`              the long short-term memory
`gru`               the gated recurrent unit
`network`           layers above one another, a readout, the loss
`text_model`        a network with its characters; sampling with a temperature
`min_char_rnn`      the training loop on running text, for any of the three cells
`diagnostics`       what units respond to, how far back a gradient reaches
==================  =================================================================

`python -m dino_names.scratch island FILE` prints the published run.
"""
