"""The loop over time of a recurrent layer and, written out, the way back through it.

Written out, it keeps only what it needs, and the gradient of the recurrent kernel is one
product over all steps after the loop instead of a sum over products in it. A step is one
matrix product and one compiled function that fuses everything between two products.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import tensorflow as tf

from dino_names.training.network.cell_equations import Equations, Tensors

Source = tuple[tf.Tensor, ...]
# Below so many units, compiling takes longer than it will ever save.
WORTH_COMPILING = 64


def product(a: tf.Tensor, b: tf.Tensor, precision: str) -> tf.Tensor:
    """A matrix product of float32 tensors, in the precision asked for.

    Arguments:
        a: (rows, inner).
        b: (inner, columns).
        precision: `float32` or `bfloat16`.

    Returns:
        (rows, columns), in that precision.
    """
    dtype = tf.as_dtype(precision)

    @tf.custom_gradient
    def run(a: tf.Tensor, b: tf.Tensor) -> Any:
        half_a, half_b = tf.cast(a, dtype), tf.cast(b, dtype)

        def back(upstream: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            d_a = tf.matmul(upstream, turn(half_b), transpose_b=dtype == tf.bfloat16)
            d_b = tf.matmul(half_a, upstream, transpose_a=True)
            return tf.cast(d_a, tf.float32), tf.cast(d_b, tf.float32)

        return tf.matmul(half_a, half_b), back

    return run(a, b)


def turn(factor: tf.Tensor) -> tf.Tensor:
    """A second factor as its transposed product wants it: in float32, transposed in memory.

    A float32 product that reads its second factor transposed takes up to three times as long.
    """
    if factor.dtype == tf.bfloat16:
        return factor
    # A copy, since TensorFlow would make one such product of a transpose and a product.
    return tf.raw_ops.Snapshot(input=tf.transpose(factor))


def run_over_time(
    equations: Equations,
    source: Source,
    biases: tuple[tf.Tensor, tf.Tensor],
    kernel: tf.Tensor,
    states: Tensors,
) -> tuple[tf.Tensor, ...]:
    """Run a cell over a sequence.

    Arguments:
        equations: of the cell.
        source: where the inputs' share of the gates comes from. Either one tensor (time, batch,
            gates x units), or a table (rows, gates x units) and int32 row numbers (time, batch).
            The dtype of the tensor or table is that of the products.
        biases: of the inputs' share (gates x units,), and the late one (units,).
        kernel: recurrent, (units, gates x units), float32.
        states: before the first step, each (batch, units), float32.

    Returns:
        The output of each step, (time, batch, units), and the last of each further state.
    """
    rows, numbers = source[0], source[1:]
    number_of_states = len(states)

    @tf.custom_gradient
    def run(*tensors: tf.Tensor) -> Any:
        rows, early, late, kernel = tensors[:4]
        loop = _Loop(equations, (rows, *numbers), (early, late), kernel, tensors[4:])
        outputs, last = loop.forward()

        def back(upstream: tf.Tensor, *d_last: tf.Tensor) -> tuple[tf.Tensor, ...]:
            return loop.backward(upstream, d_last)

        return (outputs, *last), back

    results = run(rows, *biases, kernel, *states)
    return results if number_of_states > 1 else (results[0],)


class _Loop:
    """One run over a sequence, and what its way back needs of it."""

    def __init__(
        self,
        equations: Equations,
        source: Source,
        biases: tuple[tf.Tensor, tf.Tensor],
        kernel: tf.Tensor,
        states: Tensors,
    ) -> None:
        self.equations = equations
        self.source, self.biases, self.states = source, biases, states
        self.dtype = source[0].dtype
        self.kernel = tf.cast(kernel, self.dtype)
        self.time = tf.shape(source[-1])[0]
        self.units, self.width = kernel.shape
        worth = self.units >= WORTH_COMPILING
        self.step = compiled(_step_forward, equations, worth)
        self.step_back = compiled(_step_backward, equations, worth)

    def forward(self) -> tuple[tf.Tensor, Tensors]:
        """The outputs of all steps and the last of each further state."""
        half = tf.cast(self.states[0], self.dtype)

        def step(
            t: tf.Tensor, half: tf.Tensor, states: Tensors, before: Any, kept: Any
        ) -> tuple[Any, ...]:
            hidden = tf.matmul(half, self.kernel)
            source = tuple(part if part is table else part[t] for part in self.source)
            half, states, keep = self.step(source, *self.biases, hidden, states)
            return (
                t + 1,
                half,
                states,
                _write(before, t + 1, (half, *states)),
                _write(kept, t, keep),
            )

        # With a table, rows are chosen from all of it in every step.
        table = self.source[0] if len(self.source) == 2 else None
        before = (
            self._array(self.units, self.dtype),
            *(self._array(self.units) for _ in self.states),
        )
        kept = tuple(self._array(width) for width in self.equations.widths(self.units))
        _, _, last, (self.halves, *self.before), self.kept = tf.while_loop(
            lambda t, *_: t < self.time,
            step,
            (0, half, self.states, _write(before, 0, (half, *self.states)), kept),
            parallel_iterations=1,
        )
        return self.before[0].stack()[1:], last[1:]

    def backward(self, upstream: tf.Tensor, d_last: Tensors) -> Tensors:
        """The gradients of rows, biases, kernel and states, in this order."""
        zeros = tf.zeros_like(self.states[0])
        turned, transpose = turn(self.kernel), self.dtype == tf.bfloat16

        def step(t: tf.Tensor, d_half: tf.Tensor, d_states: Tensors, shares: Any) -> Any:
            results, d_states = self.step_back(
                tuple(array.read(t) for array in self.kept),
                tuple(array.read(t) for array in self.before),
                d_states,
                d_half,
                upstream[t],
            )
            d_half = tf.matmul(results[-1], turned, transpose_b=transpose)
            return t - 1, d_half, d_states, _write(shares, t, results)

        count = 1 if self.equations.shared else 2
        shares = tuple(self._array(self.width, self.dtype) for _ in range(count))
        start = (self.time - 1, tf.cast(zeros, self.dtype), (zeros, *d_last), shares)
        _, d_half, d_states, shares = tf.while_loop(
            lambda t, *_: t >= 0, step, start, parallel_iterations=1
        )
        d_inputs, d_hidden = shares[0].stack(), shares[-1].stack()
        d_states = (d_states[0] + tf.cast(d_half, tf.float32), *d_states[1:])
        return (*self._gradients(d_inputs[: self.time], d_hidden[: self.time]), *d_states)

    def _gradients(self, d_inputs: tf.Tensor, d_hidden: tf.Tensor) -> Tensors:
        """The gradients of rows, biases and kernel from those of both shares of the gates."""
        flat, flat_hidden = (tf.reshape(share, (-1, self.width)) for share in (d_inputs, d_hidden))
        halves = tf.reshape(self.halves.stack()[:-1], (-1, self.units))
        d_kernel = tf.matmul(halves, flat_hidden, transpose_a=True)
        d_late = _sum_of_rows(flat_hidden)[-self.units :]
        if len(self.source) == 1:
            return d_inputs, _sum_of_rows(flat), d_late, tf.cast(d_kernel, tf.float32)
        numbers = tf.reshape(self.source[1], (-1,))
        chosen = tf.one_hot(numbers, self.source[0].shape[0], dtype=self.dtype)
        d_table = tf.matmul(chosen, flat, transpose_a=True)
        d_early = tf.reduce_sum(tf.cast(d_table, tf.float32), 0)
        return d_table, d_early, d_late, tf.cast(d_kernel, tf.float32)

    def _array(self, width: int, dtype: tf.DType = tf.float32) -> tf.TensorArray:
        shape = (self.states[0].shape[0], width)
        size = self.time + 1
        return tf.TensorArray(dtype, size, element_shape=shape, clear_after_read=False)


def _sum_of_rows(matrix: tf.Tensor) -> tf.Tensor:
    """As a product, which reads bfloat16 as it is and adds in float32."""
    ones = tf.ones((1, tf.shape(matrix)[0]), matrix.dtype)
    return tf.cast(tf.matmul(ones, matrix), tf.float32)[0]


def _write(arrays: Any, t: Any, values: Any) -> Any:
    return tuple(array.write(t, value) for array, value in zip(arrays, values, strict=True))


@cache
def compiled(step: Callable[..., Any], equations: Equations, worth: bool) -> Callable[..., Any]:
    """A step of these equations, everything in it fused where that is worth it."""

    def bound(*arguments: Any) -> Any:
        return step(equations, *arguments)

    return tf.function(bound, jit_compile=True, autograph=False) if worth else bound


def _step_forward(
    equations: Equations,
    source: Source,
    early: tf.Tensor,
    late: tf.Tensor,
    hidden: tf.Tensor,
    states: Tensors,
) -> tuple[tf.Tensor, Tensors, Tensors]:
    """The output in the precision of the products, the states after the step, what to keep."""
    rows = source[0] if len(source) == 1 else tf.gather(*source)
    inputs = tf.cast(rows, tf.float32) + early
    after, keep = equations.forward(inputs, tf.cast(hidden, tf.float32), late, states)
    return tf.cast(after[0], hidden.dtype), after, keep


def _step_backward(
    equations: Equations,
    kept: Tensors,
    states: Tensors,
    d_states: Tensors,
    d_half: tf.Tensor,
    upstream: tf.Tensor,
) -> tuple[Tensors, Tensors]:
    """The gradients of both shares of the gates, or of the one both are, and of the states."""
    d_output = d_states[0] + tf.cast(d_half, tf.float32) + upstream
    d_inputs, d_hidden, d_before = equations.backward(kept, states, (d_output, *d_states[1:]))
    shares = (d_hidden,) if equations.shared else (d_inputs, d_hidden)
    return tuple(
        tf.concat([tf.cast(gate, d_half.dtype) for gate in s], 1) for s in shares
    ), d_before
