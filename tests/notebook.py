"""The notebook that gdviz grew from, in its own words: plain lists, no arrays. The oracle of many tests.

Data and epochs are arguments here; the arithmetic and its order are the notebook's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Vector = list[float]


def difference_quotient(f: Callable[[float], float], x: float, h: float) -> float:
    return (f(x + h) - f(x)) / h


def partial_difference_quotient(f: Callable[[Vector], float], v: Sequence[float], i: int, h: float) -> float:
    """The i-th partial difference quotient of f at v."""
    w = [v_j + (h if j == i else 0) for j, v_j in enumerate(v)]  # add h to just the i-th element of v
    return (f(w) - f(list(v))) / h


def estimate_gradient(f: Callable[[Vector], float], v: Sequence[float], h: float = 0.0001) -> Vector:
    return [partial_difference_quotient(f, v, i, h) for i in range(len(v))]


def gradient_step(v: Sequence[float], gradient: Sequence[float], step_size: float) -> Vector:
    """Move step_size in the gradient's direction from v."""
    step = [step_size * g_i for g_i in gradient]
    return [v_i + s_i for v_i, s_i in zip(v, step, strict=True)]


def sum_of_squares(v: Sequence[float]) -> float:
    return sum(v_i * v_i for v_i in v)


def sum_of_squares_gradient(v: Sequence[float]) -> Vector:
    return [2 * v_i for v_i in v]


def linear_gradient(x: float, y: float, theta: Sequence[float]) -> Vector:
    slope, intercept = theta
    error = slope * x + intercept - y  # predicted - actual
    return [2 * error * x, 2 * error]  # the gradient of the squared error


def vector_mean(vectors: Sequence[Sequence[float]]) -> Vector:
    n = len(vectors)
    return [sum(vector[i] for vector in vectors) / n for i in range(len(vectors[0]))]


def line_data() -> list[tuple[float, float]]:
    """y = 20x + 5 for x from -50 to 49."""
    return [(float(x), 20.0 * x + 5.0) for x in range(-50, 50)]


def minimize_sum_of_squares(start: Sequence[float], learning_rate: float, epochs: int) -> list[Vector]:
    """Return the start and the iterate after each epoch."""
    path = [list(start)]
    for _ in range(epochs):
        path.append(gradient_step(path[-1], sum_of_squares_gradient(path[-1]), -learning_rate))
    return path


def fit_line(
    data: Sequence[tuple[float, float]], start: Sequence[float], learning_rate: float, epochs: int
) -> list[Vector]:
    """Return theta = [slope, intercept] at the start and after each epoch."""
    path = [list(start)]
    for _ in range(epochs):
        gradient = vector_mean([linear_gradient(x, y, path[-1]) for x, y in data])
        path.append(gradient_step(path[-1], gradient, -learning_rate))
    return path
