"""Addresses of files that the page may show."""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import quote

__all__ = ["anchor", "escape", "link_to"]


def link_to(path: Path) -> str:
    """Gradio's address of a file below one of the page's allowed folders; changes when the file does."""
    stamp = path.stat().st_mtime_ns if path.exists() else 0
    return f"gradio_api/file={quote(str(path))}?v={stamp:x}"


def anchor(path: Path, text: str, name: str, css: str = "") -> str:
    """A link that saves a file under a name."""
    return (
        f'<a class="{css}" href="{escape(link_to(path))}" download="{escape(name)}" '
        f'data-format="{escape(path.suffix.lstrip("."))}">{escape(text)}</a>'
    )
