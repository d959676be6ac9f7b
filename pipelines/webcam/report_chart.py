"""Lines over time as SVG that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, log10

WIDTH, HEIGHT = 720, 180
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 8, 22
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
LINES, TIMES = 4, 6
"""Lines across and times along that a chart has about."""
SPANS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
"""Seconds between two times that people like."""
POINTS = 600
"""More than that is not seen in a chart of this width."""


@dataclass(frozen=True)
class Series:
    """One line: None is a gap. `tone` names its colour in the page's style: 1, 2, 3 or "quiet"."""

    name: str
    values: Sequence[float | None]
    tone: str


def draw_chart(title: str, unit: str, times: Sequence[float], lines: Sequence[Series]) -> str:
    """A figure, with a legend where there are several lines.

    `times` in seconds, growing, as many as each line has values.
    """
    highest = max((value for line in lines for value in line.values if value is not None), default=0.0)
    step = choose_step(highest)
    top = step * max(1, ceil(highest / step - 1e-9))
    start, end = (times[0], max(times[-1], times[0] + 1)) if times else (0.0, 1.0)

    def place(seconds: float, value: float) -> tuple[float, float]:
        across = LEFT + (seconds - start) / (end - start) * (WIDTH - LEFT - RIGHT)
        return across, HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)

    parts = []
    for number in range(round(top / step) + 1):
        x, y = place(start, number * step)
        parts.append(f'<path class="grid" d="M{x:.1f} {y:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{x - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{number * step:g}</text>')
    span = choose_span(end - start)
    for number in range(ceil(start / span), int(end // span) + 1):
        x, _ = place(number * span, 0)
        parts.append(
            f'<text x="{x:.1f}" y="{HEIGHT - 6}" text-anchor="middle">{show_time(number * span)}</text>'
        )
    for line in lines:
        for points in split(times, line.values):
            path = "L".join("{:.1f} {:.1f}".format(*place(*point)) for point in points)
            parts.append(f'<path class="line tone-{line.tone}" d="M{path}"/>')
    named = lines if len(lines) > 1 else ()
    legend = "".join(f'<span class="key tone-{line.tone}">{escape(line.name)}</span>' for line in named)
    drawing = (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )
    return f"<figure><figcaption>{escape(title)} <small>{escape(unit)}</small>{legend}</figcaption>{drawing}</figure>"


def split(times: Sequence[float], values: Sequence[float | None]) -> list[list[tuple[float, float]]]:
    """The runs of points between gaps, thinned to POINTS in all; a point alone becomes a short stroke."""
    every = max(1, ceil(len(times) / POINTS))
    runs: list[list[tuple[float, float]]] = [[]]
    for seconds, value in zip(times[::every], values[::every], strict=True):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((seconds, value))
    return [run if len(run) > 1 else [*run, (run[0][0] + 0.5, run[0][1])] for run in runs if run]


def choose_step(highest: float) -> float:
    """Between two lines across: 1, 2, 2.5 or 5 times a power of ten."""
    rough = max(highest, 1.0) / LINES
    power = 10.0 ** int(log10(rough) if rough >= 1 else log10(rough) - 1)
    return next(power * step for step in STEPS if power * step >= rough * 0.999)


def choose_span(seconds: float) -> int:
    """Between two times along, in s."""
    return next((span for span in SPANS if seconds / span <= TIMES), SPANS[-1])


def show_time(seconds: float) -> str:
    """65 as 1:05."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
