"""Bars side by side as an SVG file that is readable on light and dark pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import log10

WIDTH, ROW, GAP, GROUP_GAP = 780, 20, 4, 12
LABELS, NUMBERS, EDGE = 292, 108, 16
TITLE, NOTE = 30, 20
STYLE = """
  .sheet{fill:#fff;stroke:#d8dee6}.title{font-weight:600;font-size:15px}.note,.group{fill:#5b6673}
  text{fill:#1c2430;font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}.note{font-size:12px}
  .ours{fill:#2563c9}.peer{fill:#a9b3bf}.line{stroke:#5b6673;stroke-dasharray:3 3}
  @media (prefers-color-scheme:dark){.sheet{fill:#161b22;stroke:#303a46}text{fill:#e6ebf1}
  .note,.group{fill:#9aa6b4}.ours{fill:#5b95f0}.peer{fill:#5f6b79}.line{stroke:#9aa6b4}}
"""


@dataclass(frozen=True)
class Bar:
    """`ours` is drawn in the accent colour; `shown` is what stands behind the bar."""

    label: str
    value: float
    shown: str
    ours: bool = True


@dataclass(frozen=True)
class Chart:
    """Groups of bars under a title. With `even`, bars start at 1 and their lengths are logarithms: ratios."""

    title: str
    note: str
    groups: Sequence[tuple[str, Sequence[Bar]]]
    even: bool = False


def draw_bars(chart: Chart) -> str:
    """The file's text. Every bar's value must be above 0."""
    rows: list[str] = []
    top = EDGE + TITLE + NOTE
    low, high = find_span(chart)
    room = WIDTH - 2 * EDGE - LABELS - NUMBERS

    def place(value: float) -> float:
        at = log10(value) if chart.even else value
        return EDGE + LABELS + room * (at - low) / (high - low)

    for name, bars in chart.groups:
        if name:
            rows.append(f'<text class="group" x="{EDGE}" y="{top + 14}">{escape(name)}</text>')
            top += ROW
        begin = place(1.0 if chart.even else 0.0)
        if chart.even:
            rows.append(f'<path class="line" d="M{begin:.1f} {top - GAP}v{len(bars) * (ROW + GAP) + GAP}"/>')
        for bar in bars:
            rows.append(draw_bar(bar, top, begin, place(bar.value)))
            top += ROW + GAP
        top += GROUP_GAP
    height = top + EDGE - GROUP_GAP
    head = (
        f'<text class="title" x="{EDGE}" y="{EDGE + 16}">{escape(chart.title)}</text>'
        f'<text class="note" x="{EDGE}" y="{EDGE + TITLE + 6}">{escape(chart.note)}</text>'
    )
    sheet = f'<rect class="sheet" x=".5" y=".5" width="{WIDTH - 1}" height="{height - 1}" rx="8"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-label="{escape(chart.title)}"><style>{STYLE}</style>'
        f"{sheet}{head}\n" + "\n".join(rows) + "\n</svg>\n"
    )


def draw_bar(bar: Bar, top: float, start: float, end: float) -> str:
    """Label, bar and number of one row; a bar is never too thin to be seen."""
    left, width = min(start, end), max(1.5, abs(end - start))
    kind = "ours" if bar.ours else "peer"
    middle = top + 14
    return (
        f'<text x="{EDGE + LABELS - 8}" y="{middle}" text-anchor="end">{escape(bar.label)}</text>'
        f'<rect class="{kind}" x="{left:.1f}" y="{top}" width="{width:.1f}" height="{ROW - 2}" rx="2"/>'
        f'<text x="{max(start, end) + 6:.1f}" y="{middle}">{escape(bar.shown)}</text>'
    )


def find_span(chart: Chart) -> tuple[float, float]:
    """The lowest and the highest value of the axis; logarithms of base 10 when `even`."""
    values = [bar.value for _, bars in chart.groups for bar in bars]
    if not chart.even:
        return 0.0, max(values)
    return min(0.0, *map(log10, values)), max(0.1, *map(log10, values))
