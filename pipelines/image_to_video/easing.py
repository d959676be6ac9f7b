"""How a movement starts and ends: time in, share of the way out, both 0..1."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

Easing = Callable[[float], float]


def _smoother(at: float) -> float:
    """Speed and acceleration both 0 at the ends (Perlin, "Improving Noise", 2002)."""
    return at * at * at * (at * (6 * at - 15) + 10)


def _gentle(at: float) -> float:
    """An even speed that is only reached and left softly: a fifth of the time each."""
    ramp = 0.2
    speed = 1 / (1 - ramp)
    if at > 0.5:
        return 1 - _gentle(1 - at)
    return speed * (at * at / (2 * ramp) if at < ramp else at - ramp / 2)


EASINGS: Mapping[str, Easing] = {
    "linear": lambda at: at,
    "gentle": _gentle,
    "ease-in": lambda at: at * at,
    "ease-out": lambda at: 1 - (1 - at) ** 2,
    "ease-in-out": lambda at: (1 - math.cos(math.pi * at)) / 2,
    "smooth": _smoother,
}


def there_and_back(at: float) -> float:
    """Time of a movement that returns in its second half."""
    return 1 - abs(1 - 2 * at)
