"""What is said of a finished run below its result."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.history import Run
from ui.figures import show_seconds
from ui.stage import Saved
from ui.texts import label_of, say
from ui.translate import translate


def tell_facts(run: Run, lang: str) -> str:
    """One line: time, model and its licence, device, size."""
    given = run.inputs[0]
    size = f"{given.width}\u00d7{given.height}"
    return tell_work(run.timings.get("total", 0.0), run.model, run.device, lang, size)


def tell_work(seconds: float, model: Mapping[str, Any], device: str, lang: str, *more: str) -> str:
    """The same of work that is not kept."""
    sources = str(model.get("source", "")).split(", ")
    about = [*(label_of("source", each, lang) for each in sources), str(model.get("licence", ""))]
    title = translate(str(model.get("title", "")), lang)
    parts = [
        say("stage.seconds", lang, seconds=show_seconds(seconds)),
        say("mark.about", lang, name=title, about=say("mark.list", lang).join(about)),
        label_of("device", device, lang),
        *more,
    ]
    return " · ".join(part for part in parts if part)


def save_as(run: Run, path: Path, what: str) -> Saved:
    """Under which name a result is saved: the photo's own, with what was done to it."""
    stem = Path(run.inputs[0].name).stem if run.inputs else run.id
    return Saved(path, f"{stem}-{what}{path.suffix}")


def remember(run: Run) -> dict[str, Any]:
    """What the browser keeps of a run."""
    return {"run": run.id, "settings": run.settings}
