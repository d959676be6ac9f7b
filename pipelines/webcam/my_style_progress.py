"""How far a training is: its steps, its losses and its newest sample sheet, by its own files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipelines.webcam.my_style_files import RUN


def read_steps(folder: Path) -> int:
    """Steps that the training has behind it."""
    rows = _read_log(folder)
    return int(rows[-1]["step"]) if rows else 0


def read_losses(folder: Path) -> list[tuple[int, float]]:
    """The whole loss, means over a few steps each: (step, loss) in the order of the steps."""
    return [(int(row["step"]), float(row["total"])) for row in _read_log(folder) if "total" in row]


def find_sheet(folder: Path) -> Path | None:
    """The newest sheet: pictures above, the same painted below; None where there is none yet."""
    return max((folder / RUN).glob("sheet-*.png"), default=None)


def _read_log(folder: Path) -> list[dict[str, Any]]:
    """The rows as far as they are whole: the last one may be half written."""
    try:
        lines = (folder / RUN / "log.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
    except (OSError, ValueError):
        return []
