"""A film's frames a second as people write it, made exact."""

from __future__ import annotations

import re
from fractions import Fraction

from pipelines.errors import InvalidOption

SLOWEST, FASTEST = 1, 120
HINT = f"Use a number from {SLOWEST} to {FASTEST} or a fraction, such as 25, 29.97 or 30000/1001."
WRITTEN = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}|/[0-9]{1,6})?", re.ASCII)
NEAR = 0.006
"""29.97 and 23.98 stand for what television has: a thousand frames in 1.001 times as many whole ones."""


def read_rate(text: str) -> Fraction:
    """`25`, `29.97` or `30000/1001` as an exact rate. Raises InvalidOption."""
    text = text.strip()
    try:
        rate = Fraction(text) if WRITTEN.fullmatch(text) else Fraction(0)
    except ZeroDivisionError:
        rate = Fraction(0)
    if not SLOWEST <= rate <= FASTEST:
        raise InvalidOption(f"fps can't be {text[:40]!r}.", HINT)
    return rate if "/" in text else snap(rate)


def snap(rate: Fraction) -> Fraction:
    """The television rate that a decimal number is short for, else the number itself."""
    exact = Fraction(round(rate * Fraction(1001, 1000)) * 1000, 1001)
    return exact if rate.denominator > 1 and abs(exact - rate) < NEAR else rate


def exact_seconds(seconds: float) -> Fraction:
    """5.1 as 51/10, not as the binary number next to it."""
    return Fraction(seconds).limit_denominator(1_000_000)
