"""The plain recurrent network, forward and backward, with nothing hidden.

Symbols, used in every function below (n_x inputs, n_a units, n_y outputs)::

    x<t>  (n_x, 1)    one-hot character, or zeros where there is none yet
    a<t>  (n_a, 1)    hidden state after step t; a<0> is carried in
    y<t>  (n_y, 1)    probabilities of the next character
    Wax (n_a, n_x)  Waa (n_a, n_a)  Wya (n_y, n_a)  b (n_a, 1)  by (n_y, 1)

    z<t> = Wax x<t> + Waa a<t-1> + b
    a<t> = tanh(z<t>)
    y<t> = softmax(Wya a<t> + by)
    loss = - sum over t of log y<t>[Y<t>]

A sequence is a stack with one row per step, (time, n): what does not wait for the previous
step is one matrix product over all. Only a<t> and its gradient are found step by step. float64.

Source: Andrew Ng, Deep Learning Specialization, Sequence Models (notation); Paul Werbos,
"Backpropagation through time", 1990 (method).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from dino_names.scratch.errors import LabError

Array = npt.NDArray[np.float64]
Parameters = dict[str, Array]
Ids = Sequence[int | None]
Stacks = tuple[Array, Array, Array]
Choose = Callable[[int, Array], int]
Rng = np.random.Generator | np.random.RandomState


def initial_parameters(n_x: int, n_a: int, n_y: int, rng: Rng) -> Parameters:
    """Small random weights, drawn in the order Wax, Waa, Wya, each times 0.01; zero biases."""
    return {
        "Wax": rng.standard_normal((n_a, n_x)) * 0.01,
        "Waa": rng.standard_normal((n_a, n_a)) * 0.01,
        "Wya": rng.standard_normal((n_y, n_a)) * 0.01,
        "b": np.zeros((n_a, 1)),
        "by": np.zeros((n_y, 1)),
    }


def softmax(logits: Array) -> Array:
    """Probabilities along the last axis; the largest logit is taken off so exp cannot overflow."""
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def one_hot(ids: Ids, n: int) -> Array:
    """A stack of one-hot rows (time, n); an id of None gives a row of zeros."""
    rows = np.zeros((len(ids), n))
    for t, index in enumerate(ids):
        if index is not None:
            rows[t, index] = 1.0
    return rows


def unroll(drive: Array, Waa: Array, b: Array, a_prev: Array) -> Array:
    """The states a<0> to a<time>, found one after the other.

    Arguments:
        drive: what the inputs contribute, Wax x<t>, (time, n_a).
        Waa: (n_a, n_a).
        b: (n_a, 1).
        a_prev: a<0>, any shape of n_a numbers.

    Returns:
        (time + 1, n_a); row 0 is a_prev, row t the state after step t.
    """
    a = np.empty((len(drive) + 1, len(Waa)))
    a[0], b = a_prev.ravel(), b.ravel()
    for t, wax_x in enumerate(drive, start=1):
        a[t] = np.tanh(wax_x + Waa @ a[t - 1] + b)
    return a


def unroll_backward(da_out: Array, Waa: Array, a: Array) -> tuple[Array, Array]:
    """Backward through time: what each z<t> and each carried state did to the loss.

    Arguments:
        da_out: gradient that reaches a<1> to a<time> from their own outputs, (time, n_a).
        Waa: (n_a, n_a).
        a: the states as `unroll` gave them, (time + 1, n_a).

    Returns:
        dz (time, n_a), and da (time, n_a): row t is the gradient at the state that step t + 1
        was handed, so row 0 belongs to a_prev.
    """
    slope = 1 - a[1:] * a[1:]  # of tanh, (time, n_a)
    dz, da = np.empty_like(slope), np.empty_like(slope)
    later = np.zeros(len(Waa))
    for t in reversed(range(len(slope))):
        dz[t] = slope[t] * (da_out[t] + later)
        da[t] = later = Waa.T @ dz[t]
    return dz, da


def predict(X: Ids, a_prev: Array, parameters: Parameters) -> Stacks:
    """Read a sequence, with arguments as for `forward`.

    Returns:
        The stacks x (time, n_x), a (time + 1, n_a) with a_prev as row 0, and y (time, n_y).
    """
    Wax, Waa, Wya, b, by = (parameters[name] for name in ("Wax", "Waa", "Wya", "b", "by"))
    x = one_hot(X, Wax.shape[1])
    a = unroll(x @ Wax.T, Waa, b, a_prev)
    y = softmax(a[1:] @ Wya.T + by.T)
    return x, a, y


def forward(
    X: Ids, Y: Sequence[int], a_prev: Array, parameters: Parameters
) -> tuple[float, Stacks]:
    """Read a sequence and score it.

    Arguments:
        X: ids that are read, None for no input.
        Y: ids that should have been predicted, as many.
        a_prev: a<0>, (n_a, 1).
        parameters: Wax, Waa, Wya, b, by.

    Returns:
        The cross-entropy in nats summed over the steps, and the stacks x, a, y.

    Raises:
        LabError: X and Y differ in length, or are empty.
    """
    if len(X) != len(Y) or not Y:
        raise LabError(f"expected as many targets as inputs, received {len(Y)} for {len(X)}.")
    x, a, y = predict(X, a_prev, parameters)
    loss = -np.log(y[range(len(Y)), Y]).sum()
    return float(loss), (x, a, y)


def backward(Y: Sequence[int], parameters: Parameters, stacks: Stacks) -> Parameters:
    """Gradients dWax, dWaa, dWya, db, dby, from Y, parameters and stacks as in `forward`."""
    x, a, y = stacks
    dy = y - one_hot(Y, y.shape[1])  # at the logits, (time, n_y)
    dz, _ = unroll_backward(dy @ parameters["Wya"], parameters["Waa"], a)  # (time, n_a)
    return {
        "dWax": dz.T @ x,
        "dWaa": dz.T @ a[:-1],
        "dWya": dy.T @ a[1:],
        "db": dz.sum(axis=0)[:, None],
        "dby": dy.sum(axis=0)[:, None],
    }


def clip(gradients: Mapping[str, Array], limit: float) -> Parameters:
    """Every number of every gradient brought between -limit and limit; the input stays as it is.

    A product of many Jacobians can grow without bound (Pascanu and others, 2013); one such
    sequence must not undo what the others have taught. LabError if the limit is not above 0.
    """
    if not limit > 0:
        raise LabError(f"limit: expected a number above 0, received {limit!r}.")
    return {name: np.clip(gradient, -limit, limit) for name, gradient in gradients.items()}


def optimize(
    X: Ids,
    Y: Sequence[int],
    a_prev: Array,
    parameters: Parameters,
    *,
    learning_rate: float = 0.01,
    limit: float = 5.0,
) -> tuple[float, Parameters, Array]:
    """One step of gradient descent on one sequence; the parameters are changed in place.

    Returns:
        The loss before the step, the clipped gradients, and a<time> (n_a, 1) to carry on.
    """
    loss, stacks = forward(X, Y, a_prev, parameters)
    gradients = clip(backward(Y, parameters, stacks), limit)
    for name, value in parameters.items():
        value -= learning_rate * gradients[f"d{name}"]
    return loss, gradients, stacks[1][-1:].T


def sample(
    parameters: Parameters, choose: Choose, *, end: int = 0, max_length: int = 50
) -> list[int]:
    """Write one name, feeding each character back in.

    Arguments:
        parameters: as for `forward`.
        choose: called with k, the position from 0, and the probabilities (n_y,); gives an id.
        end: the id that ends a name, 0 by default.
        max_length: characters at most, 50 by default.

    Returns:
        The ids; the last is `end`, also where the length ran out.
    """
    ids: list[int] = []
    previous, a = None, np.zeros((1, len(parameters["Waa"])))
    while previous != end and len(ids) < max_length:
        _, a, y = predict([previous], a[-1], parameters)
        previous = choose(len(ids), y[0])
        ids.append(previous)
    return ids if previous == end else [*ids, end]


def train(
    names: Sequence[Sequence[int]],
    parameters: Parameters,
    *,
    iterations: int,
    learning_rate: float = 0.01,
    limit: float = 5.0,
    end: int = 0,
) -> Iterator[tuple[int, float]]:
    """The training loop: one name per iteration, round and round.

    The network reads nothing and then the name, and predicts the name and then `end`; its
    state is carried into the next name.

    Arguments:
        names: each as ids, without `end`.
        parameters: changed in place.
        iterations, learning_rate, limit: steps to take, and as for `optimize`.
        end: the id that ends a name, 0 by default.

    Yields:
        The iteration from 0, and the loss of its name in nats before its step.

    Raises:
        LabError: there is no name.
    """
    if not names:
        raise LabError("names: expected at least one, received none.")
    a_prev = np.zeros((len(parameters["Waa"]), 1))
    for iteration in range(iterations):
        name = list(names[iteration % len(names)])
        loss, _, a_prev = optimize(
            [None, *name],
            [*name, end],
            a_prev,
            parameters,
            learning_rate=learning_rate,
            limit=limit,
        )
        yield iteration, loss
