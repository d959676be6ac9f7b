"""The report of a live session: one file that needs nothing else, for people (HTML) or programs (JSON)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from pipelines.errors import InvalidOption
from pipelines.version import VERSION
from pipelines.webcam.report_chart import Series, draw_chart, show_time
from pipelines.webcam.report_words import ENGLISH, LANGUAGES
from pipelines.webcam.session import Event, Moment, Session, sum_up

STAGES = ("decode", "fit", "draw", "smooth", "encode")
SHOWN: Mapping[str, str] = {
    "fps": "{:.1f}",
    "grade": "{}",
    "held_share": "{:.0%}",
    "age_p50_ms": "{:.0f} ms",
    "age_p95_ms": "{:.0f} ms",
    "server_p95_ms": "{:.0f} ms",
    "delivered": "{:,}",
    "received": "{:,}",
    "cpu_percent": "{:.0f} %",
    "memory_mb": "{:.0f} MB",
}
"""The figures at the head, in order, and how each is written."""
STYLE = """
:root { color-scheme: light dark; --ink: #1c1f26; --soft: #697080; --line: #e3e6ec; --page: #fff;
  --tone-1: #3457d5; --tone-2: #d9622b; --tone-3: #2b9a66; --tone-4: #8e4ec6; --tone-5: #b8860b; --quiet: #a5acba; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaf0; --soft: #9aa2b2; --line: #2c313c; --page: #15181e;
  --tone-1: #7b98ff; --tone-2: #ff9a66; --tone-3: #56c596; --tone-4: #c297ea; --tone-5: #e0b64a; --quiet: #6b7282; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 760px;
  margin: 32px auto; padding: 0 16px; }
h1 { font-size: 22px; margin: 0; } h2 { font-size: 16px; margin: 32px 0 8px; } .when, small { color: var(--soft); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(160px, 1fr)); gap: 16px; margin: 24px 0; }
dt { color: var(--soft); font-size: 13px; } dd { margin: 0; font-size: 20px; font-variant-numeric: tabular-nums; }
figure { margin: 24px 0; } figcaption { font-weight: 600; margin-bottom: 4px; } small { font-weight: 400; }
svg { width: 100%; height: auto; display: block; } svg text { fill: var(--soft); font-size: 11px; }
.grid { stroke: var(--line); } .line { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
.key { font-weight: 400; font-size: 13px; margin-left: 16px; } .key::before { content: ""; display: inline-block;
  width: 14px; height: 3px; margin-right: 6px; vertical-align: middle; background: currentColor; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: 4px 12px 4px 0;
  border-bottom: 1px solid var(--line); vertical-align: top; } th { color: var(--soft); font-weight: 400; }
""" + "".join(
    f".line.tone-{tone} {{ stroke: var(--{name}); }} .key.tone-{tone} {{ color: var(--{name}); }}\n"
    for tone, name in [*((str(number), f"tone-{number}") for number in range(1, 6)), ("quiet", "quiet")]
)


def write_report(session: Session, kind: str = "html", lang: str = "en") -> bytes:
    """The report as `html` or `json`. Raises InvalidOption for another kind."""
    if kind == "json":
        return tell_json(session).encode()
    if kind == "html":
        return draw_html(session, LANGUAGES.get(lang, ENGLISH)).encode()
    raise InvalidOption(f"A report can't be {kind[:20]!r}.", "Use one of: html, json.")


def tell_json(session: Session) -> str:
    """Summary, changes, and every moment that was kept."""
    told = {
        "inkframe": VERSION,
        "began": session.began.isoformat(timespec="seconds"),
        "summary": sum_up(session.moments),
        "changes": [vars(event) for event in session.events],
        "moments": list(session.moments),
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def draw_html(session: Session, words: Mapping[str, str]) -> str:
    """A page with the figures at its head, the charts and what changed."""
    moments = session.moments
    title = escape(words["title"])
    body = _draw_body(session, words) if moments else f"<p>{escape(words['never'])}</p>"
    length = show_time(moments[-1].get("seconds", 0.0)) if moments else "0:00"
    return (
        f'<!doctype html><html lang="{words["lang"]}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{STYLE}</style></head>'
        f'<body><h1>{title}</h1><p class="when">{session.began:%Y-%m-%d %H:%M} · {length} · Inkframe {VERSION}</p>'
        f"{body}</body></html>"
    )


def _draw_body(session: Session, words: Mapping[str, str]) -> str:
    summary = sum_up(session.moments)
    figures = "".join(
        f"<div><dt>{escape(words[name])}</dt><dd>{form.format(summary[name])}</dd></div>"
        for name, form in SHOWN.items()
        if summary[name] is not None
    )
    places = sorted(summary["drops"].items(), key=lambda each: -each[1])
    drops = [(words.get(f"drop.{place}", place), count) for place, count in places]
    changes = [
        (show_time(each.seconds), words[each.what], each.now, tell_why(each, words))
        for each in session.events
    ]
    return (
        f"<dl>{figures}</dl>{_draw_charts(session.moments, words)}"
        f"<h2>{escape(words['dropped'])}</h2>{_draw_table(drops, words)}"
        f"<h2>{escape(words['changes'])}</h2>{_draw_table(changes, words)}"
    )


def tell_why(event: Event, words: Mapping[str, str]) -> str:
    """The reason in the report's language; in English where that has no words for it."""
    form = words.get(f"why.{event.reason.get('size_why')}")
    return form.format(**event.reason) if form else event.why


def _draw_charts(moments: Sequence[Moment], words: Mapping[str, str]) -> str:
    times = [float(moment.get("seconds", 0.0)) for moment in moments]

    def line(word: str, name: str, tone: str = "1") -> Series:
        return Series(words[word], [moment.get(name) for moment in moments], tone)

    stages = [
        Series(words[name], [moment.get("stages", {}).get(name) for moment in moments], str(number))
        for number, name in enumerate(STAGES, 1)
    ]
    rates = [line("source", "source_fps", "quiet"), line("wished", "target_fps", "2"), line("shown", "fps")]
    charts = (
        ("rate", "", rates),
        ("age", "ms", [line("p95", "age_p95_ms", "2"), line("median", "age_p50_ms")]),
        ("size", "px", [line("size", "longest")]),
        ("stages", "ms", stages),
        ("cpu_percent", "%", [line("cpu_percent", "cpu_percent")]),
        ("memory", "MB", [line("memory", "memory_mb")]),
    )
    return "".join(
        draw_chart(words[name], unit, times, lines)
        for name, unit, lines in charts
        if any(value is not None for line in lines for value in line.values)
    )


def _draw_table(rows: Sequence[tuple[Any, ...]], words: Mapping[str, str]) -> str:
    if not rows:
        return f"<p>{escape(words['none'])}</p>"
    cells = ("".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"
