"""A GRU for the processor: `keras.layers.GRU` with the same weights and results, but faster.

Three things make it so, all from the equations of Cho et al. 2014 as `reset_after` has them:

- the input's share of all gates, for all steps, is one matrix product before the loop;
- the way back is written out, so only what it needs is kept, and the gradient of the recurrent
  kernel is one product over all steps after the loop instead of a sum over products in it;
- the products may run in bfloat16, where the processor has it, with float32 weights,
  gate arithmetic and gradients.
"""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

Tensors = tuple[tf.Tensor, ...]


@keras.saving.register_keras_serializable(package="dino_names")
class GRU(keras.layers.GRU):
    """A drop-in for `keras.layers.GRU(reset_after=True)` with sigmoid and tanh.

    Arguments:
        units: width of the state.
        precision: `float32` or `bfloat16`, of the matrix products alone.
        weight_dropout: share of the recurrent kernel left out in each training step, the same
            for all characters of it (Merity, Keskar, Socher 2018, "Regularizing and optimizing
            LSTM language models").
        kwargs: those of `keras.layers.GRU`.

    Masks, recurrent dropout, other activations and a GPU are left to the stock layer's path.
    """

    def __init__(
        self,
        units: int,
        *,
        precision: str = "float32",
        weight_dropout: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(units, **kwargs)
        self.precision = precision
        self.weight_dropout = weight_dropout
        # Made only where it is used: the weight files of both layers are then the same.
        self.weight_seeds = (
            keras.random.SeedGenerator(kwargs.get("seed")) if weight_dropout else None
        )

    def get_config(self) -> dict[str, Any]:
        """The stock layer's configuration, the precision and the weight dropout."""
        own = {"precision": self.precision, "weight_dropout": self.weight_dropout}
        return {**super().get_config(), **own}

    def inner_loop(
        self,
        sequences: tf.Tensor,
        initial_state: Any,
        mask: tf.Tensor | None,
        training: bool = False,
    ) -> tuple[tf.Tensor, tf.Tensor, list[tf.Tensor]]:
        """Run over a sequence; called by `keras.layers.GRU.call`.

        Arguments:
            sequences: (batch, time, features).
            initial_state: one tensor (batch, units), in a list or not.
            mask: None, or the stock layer takes over.
            training: whether dropout applies.

        Returns:
            The last output (batch, units), all outputs (batch, time, units), the last state.
        """
        if mask is not None or not self._fast():
            return super().inner_loop(sequences, initial_state, mask, training)
        if training and self.dropout:
            sequences = sequences * self.cell.get_dropout_mask(sequences[:, 0])[:, None]
        state = initial_state[0] if isinstance(initial_state, (list, tuple)) else initial_state
        bias = tf.convert_to_tensor(self.cell.bias)
        inputs = project(sequences, self.cell.kernel, self.precision) + bias[0]
        kernel = tf.convert_to_tensor(self.cell.recurrent_kernel)
        if training and self.weight_dropout:
            kernel = keras.random.dropout(kernel, self.weight_dropout, seed=self.weight_seeds)
        states = gru(inputs, state, kernel, bias[1], self.precision)
        outputs = tf.transpose(states, (1, 0, 2))
        return states[-1], outputs, [states[-1]]

    def _fast(self) -> bool:
        return (
            self.cell.reset_after
            and self.cell.use_bias
            and not self.recurrent_dropout
            and not self.go_backwards
            and not tf.config.list_logical_devices("GPU")
        )


def product(a: tf.Tensor, b: tf.Tensor, precision: str, **transposed: bool) -> tf.Tensor:
    """A matrix product in the precision asked for, as float32."""
    if precision == "bfloat16":
        a, b = tf.cast(a, tf.bfloat16), tf.cast(b, tf.bfloat16)
    return tf.cast(tf.matmul(a, b, **transposed), tf.float32)


def project(sequences: tf.Tensor, kernel: tf.Tensor, precision: str) -> tf.Tensor:
    """Time-major inputs of all gates: (batch, time, features) to (time, batch, gates)."""
    kernel = tf.convert_to_tensor(kernel)
    features, width = kernel.shape

    @tf.custom_gradient
    def run(sequences: tf.Tensor, kernel: tf.Tensor) -> tuple[tf.Tensor, Any]:
        turned = tf.transpose(sequences, (1, 0, 2))
        flat = tf.reshape(turned, (-1, features))
        result = product(flat, kernel, precision)

        def back(upstream: tf.Tensor) -> Tensors:
            upstream = tf.reshape(upstream, (-1, width))
            d_flat = product(upstream, kernel, precision, transpose_b=True)
            d_kernel = product(flat, upstream, precision, transpose_a=True)
            return tf.transpose(tf.reshape(d_flat, tf.shape(turned)), (1, 0, 2)), d_kernel

        shape = tf.concat([tf.shape(turned)[:2], [width]], 0)
        return tf.reshape(result, shape), back

    return run(sequences, kernel)


def gru(
    inputs: tf.Tensor,
    state: tf.Tensor,
    recurrent_kernel: tf.Tensor,
    bias: tf.Tensor,
    precision: str,
) -> tf.Tensor:
    """The loop over time and, by hand, the way back.

    ::

        z, r = sigmoid(inputs_zr + h R_zr + b_zr)
        c = tanh(inputs_c + r (h R_c + b_c))
        h' = z h + (1 - z) c

    Arguments:
        inputs: (time, batch, 3 units), the inputs' share of z, r, c with its bias.
        state: (batch, units), h before the first step.
        recurrent_kernel: R, (units, 3 units).
        bias: b, (3 units,).
        precision: of the products.

    Returns:
        h after each step, (time, batch, units).
    """
    units = recurrent_kernel.shape[0]

    @tf.custom_gradient
    def run(inputs: tf.Tensor, state: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor) -> Any:
        time = tf.shape(inputs)[0]
        half = tf.cast(kernel, tf.bfloat16) if precision == "bfloat16" else kernel

        def arrays(count: int, width: int) -> list[tf.TensorArray]:
            return [
                tf.TensorArray(tf.float32, time, element_shape=(state.shape[0], width))
                for _ in range(count)
            ]

        def forward(t: tf.Tensor, h: tf.Tensor, *kept: tf.TensorArray) -> tuple[Any, ...]:
            x = inputs[t]
            hidden = product(h, half, precision) + bias
            gates = tf.sigmoid(x[:, : 2 * units] + hidden[:, : 2 * units])
            z, r = gates[:, :units], gates[:, units:]
            hc = hidden[:, 2 * units :]
            c = tf.tanh(x[:, 2 * units :] + r * hc)
            h = c + z * (h - c)
            values = (h, gates, c, hc)
            return (t + 1, h, *(array.write(t, v) for array, v in zip(kept, values, strict=True)))

        widths = (units, 2 * units, units, units)
        kept = [arrays(1, width)[0] for width in widths]
        result = tf.while_loop(
            lambda t, *_: t < time, forward, (0, state, *kept), parallel_iterations=1
        )
        states, gates, candidates, hidden = (array.stack() for array in result[2:])
        before = tf.concat([state[None], states[:-1]], 0)

        def back(upstream: tf.Tensor) -> Tensors:
            def step(
                t: tf.Tensor, dh: tf.Tensor, d_in: tf.TensorArray, d_rec: tf.TensorArray
            ) -> tuple[Any, ...]:
                dh = dh + upstream[t]
                z, r = gates[t][:, :units], gates[t][:, units:]
                c, hc = candidates[t], hidden[t]
                da = dh * (1 - z) * (1 - c * c)
                dz = dh * (before[t] - c) * z * (1 - z)
                dr = da * hc * r * (1 - r)
                d_gates = tf.concat([dz, dr, da], 1)
                d_hidden = tf.concat([dz, dr, da * r], 1)
                dh = dh * z + product(d_hidden, half, precision, transpose_b=True)
                return t - 1, dh, d_in.write(t, d_gates), d_rec.write(t, d_hidden)

            _, d_state, d_in, d_rec = tf.while_loop(
                lambda t, *_: t >= 0,
                step,
                (time - 1, tf.zeros_like(state), *arrays(2, 3 * units)),
                parallel_iterations=1,
            )
            d_inputs, d_hidden = d_in.stack(), tf.reshape(d_rec.stack(), (-1, 3 * units))
            d_kernel = product(
                tf.reshape(before, (-1, units)), d_hidden, precision, transpose_a=True
            )
            return d_inputs, d_state, d_kernel, tf.reduce_sum(d_hidden, 0)

        return states, back

    return run(inputs, state, recurrent_kernel, tf.convert_to_tensor(bias))
