"""Sizes, spans and times as people read them."""

from __future__ import annotations

from datetime import datetime

from ui.texts import Say

UNITS = ("B", "kB", "MB", "GB", "TB")


def show_bytes(size: float) -> str:
    """1234567 as "1.2 MB"; decimal units, as disks and downloads are sold."""
    index = 0
    while size >= 1000 and index < len(UNITS) - 1:
        size, index = size / 1000, index + 1
    digits = 0 if index == 0 or size >= 100 else 1
    return f"{size:.{digits}f} {UNITS[index]}"


def show_span(seconds: float, speak: Say) -> str:
    """A span to wait: "40 s", "3 min", "1.5 h"."""
    if seconds < 60:
        return speak("unit.seconds", count=round(seconds))
    if seconds < 5400:
        return speak("unit.minutes", count=round(seconds / 60))
    return speak("unit.hours", count=f"{seconds / 3600:.1f}")


def show_seconds(seconds: float) -> str:
    """A span that was measured: "0.04", "1.1", "72"."""
    return f"{seconds:.2f}" if seconds < 0.95 else f"{seconds:.1f}" if seconds < 59.5 else f"{seconds:.0f}"


def show_day(moment: datetime, today: datetime, speak: Say) -> str:
    """The day of a run: today, yesterday or its date."""
    days = (today.date() - moment.date()).days
    return {0: speak("history.today"), 1: speak("history.yesterday")}.get(days, f"{moment:%Y-%m-%d}")


def say_count(key: str, count: int, speak: Say, **values: object) -> str:
    """`key.one` for one, else `key`."""
    return speak(f"{key}.one" if count == 1 else key, count=count, **values)
