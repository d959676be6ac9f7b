"""A batch's finished pictures as tiles, and its files that were not done as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from pipelines.batch.entry import Row
from ui.figures import say_count
from ui.links import link_to
from ui.texts import Say, voice
from ui.translate import translate_all


@dataclass(frozen=True)
class Tile:
    """A finished picture, small: its name in the batch, the original and the result."""

    name: str
    before: Path
    after: Path


def draw_tiles(tiles: Sequence[Tile], done: int, live: bool, lang: str) -> str:
    """The latest pictures of a live batch, or the results of one that stands still; "" without any.

    `done` is how many there are in all. A press on a tile compares the picture with its original
    (batch.js).
    """
    if not tiles:
        return ""
    speak = voice(lang)
    title = speak("batch.latest" if live else "batch.results")
    some = speak("batch.results_some", shown=len(tiles), count=done) if not live and done > len(tiles) else ""
    drawn = "".join(_draw_tile(tile, speak) for tile in tiles)
    return (
        f'<section class="ink-tiles" aria-label="{title}"><h3>{title}</h3><div>{drawn}</div>'
        f'<p class="ink-hint">{some}</p></section>'
    )


def _draw_tile(tile: Tile, speak: Say) -> str:
    last = tile.name.rpartition("/")[2]
    return (
        f'<button type="button" class="ink-tile" data-name="{escape(tile.name)}" title="{escape(tile.name)}" '
        f'data-before="{escape(link_to(tile.before))}" data-after="{escape(link_to(tile.after))}" '
        f'aria-label="{escape(speak("batch.tile", name=tile.name))}">'
        f'<img src="{escape(link_to(tile.after))}" alt="" decoding="async"><span>{escape(last)}</span></button>'
    )


def draw_viewer(speak: Say) -> str:
    """The window in which a tile is compared with its original; empty until a tile is pressed."""
    buttons = "".join(
        f'<button type="button" data-turn="{turn}" aria-label="{speak(f"batch.{name}")}" '
        f'title="{speak(f"batch.{name}")}">{sign}</button>'
        for turn, name, sign in (
            ("-1", "previous", "\u2039"),
            ("1", "next", "\u203a"),
            ("0", "close", "\u00d7"),
        )
    )
    return (
        '<dialog class="ink-viewer"><header><strong data-part="name"></strong>'
        f"<nav>{buttons}</nav></header>"
        '<div class="ink-pair"><img data-part="after" alt="' + speak("batch.after") + '">'
        f'<img data-part="before" alt="{speak("batch.before")}">'
        f'<input type="range" min="0" max="100" step="0.5" value="50" aria-label="{speak("batch.slide")}">'
        f"<span>{speak('batch.before')}</span><span>{speak('batch.after')}</span></div></dialog>"
    )


def draw_troubles(rows: Sequence[Row], count: int, links: Iterable[str], lang: str) -> str:
    """The first of `count` files that were not done, each with its reason, and links to the manifest."""
    speak = voice(lang)
    linked = " \u00b7 ".join(links)
    told = speak("mark.pair", name=speak("batch.manifest"), value=linked)
    manifest = f'<p class="ink-hint">{told}</p>' if linked else ""
    if not rows:
        return manifest
    body = "".join(_draw_row(row, speak, lang) for row in rows)
    more = speak("batch.more_rows", count=count - len(rows)) if count > len(rows) else ""
    return (
        f'<section class="ink-troubles"><h3>{say_count("batch.troubles", count, speak)}</h3>'
        f"<div><table><thead><tr><th>{speak('batch.file')}</th><th>{speak('batch.reason')}</th></tr></thead>"
        f'<tbody>{body}</tbody></table></div><p class="ink-hint">{more}</p></section>{manifest}'
    )


def _draw_row(row: Row, speak: Say, lang: str) -> str:
    reason = translate_all(row.reason, lang) or speak("batch.skipped")
    return f'<tr data-status="{row.status}"><td>{escape(row.source)}</td><td>{escape(reason)}</td></tr>'
