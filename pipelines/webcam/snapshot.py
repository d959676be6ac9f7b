"""Keep one styled frame as a run."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from pipelines.errors import BadInput
from pipelines.history import Run
from pipelines.image import encode_image
from pipelines.labels import LABEL_TEXT, draw_visible_label
from pipelines.progress import Stopwatch
from pipelines.studio import Studio
from pipelines.webcam.frames import Rgb
from pipelines.webcam.live_credit import TASK, Credit, Credited, make_label
from pipelines.webcam.options import LiveOptions
from pipelines.webcam.stages import decode

RESULT = "snapshot.png"
LONGEST = 4096
"""Px up to which a frame's file is opened in full size."""


def open_frame(rgb: Rgb | None, jpeg: bytes | None) -> Rgb | None:
    """A finished frame's pixels, from its file where that went back unopened. Raises BadInput, TooLarge."""
    return decode(jpeg, LONGEST) if rgb is None and jpeg is not None else rgb


def save_snapshot(
    studio: Studio, rgb: Rgb | None, options: LiveOptions, drawer: Credited | None = None
) -> Run:
    """Keep a frame, RGB uint8 HWC, and how it was made. `drawer` is who drew it.

    Raises BadInput where there is no frame yet, DiskFull, OutputsUnwritable.
    """
    if rgb is None or not rgb.size:
        raise BadInput("There is no picture to keep yet.", "Start the camera and wait for the first picture.")
    watch, credit = Stopwatch(), Credit(studio.device.kind)
    credit.add(options, drawer)
    with studio.history.draft(TASK) as draft:
        with watch.step("total"):
            label = make_label(credit.label_task, draft.id, credit.system)
            shown = np.ascontiguousarray(rgb)
            if label and studio.settings.visible_label:
                shown = draw_visible_label(shown, LABEL_TEXT)
            xmp, text = (label.xmp, label.text) if label else (None, None)
            draft.add(RESULT, encode_image(shown, None, format="png", xmp=xmp, text=text))
        return draft.save(
            inputs=[],
            settings={**asdict(options), "width": rgb.shape[1], "height": rgb.shape[0]},
            model=credit.model,
            device=credit.device,
            timings={"total": round(watch.seconds["total"], 4)},
            results=[RESULT],
            thumbnail=shown,
        )
