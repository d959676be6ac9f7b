"""A finished cartoon as a further type of file."""

from __future__ import annotations

from pathlib import Path

from pipelines.cartoon.cartoonize import Cartoon
from pipelines.cartoon.save import SUFFIX, TASK, render
from pipelines.history import History, Run
from pipelines.image import open_image
from pipelines.labels import ai_label

MOST_PIXELS = 1 << 30
"""A result of our own is no bomb."""


def convert_run(run: Run, kind: str, history: History) -> Path:
    """The run's main result as `kind` of FORMATS: the file that is there, or a further one, which it keeps.

    Raises NotFound, DiskFull, OutputsUnwritable.
    """
    main = run.results[0]
    name = f"{Path(main).stem}.{SUFFIX[kind]}"
    if name not in run.results:
        drawn = open_image(history.file(run.id, main), max_pixels=MOST_PIXELS)
        same = Cartoon(drawn.rgb, drawn.alpha, drawn.rgb, (), (), {}, ())
        label = ai_label(TASK, run_id=run.id, model=str(run.model.get("id", "")))
        # a visible label is in the picture already
        history.add_result(run.id, name, render(same, kind, drawn, label, visible_label=False)[0])
    return history.file(run.id, name)
