"""A recording's folder while it lasts, and the run that it becomes, also when the program was ended meanwhile."""

from __future__ import annotations

import json
import logging
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.errors import DiskFull, InkframeError
from pipelines.history import Run
from pipelines.history.writing import writing
from pipelines.jobs.claim import Claim, claim_folder
from pipelines.jobs.publishing import JOB_KEY, find_published, note_published
from pipelines.studio import Studio
from pipelines.video.poster import choose_poster
from pipelines.webcam.live_credit import TASK, make_label
from pipelines.webcam.recording_film import Filmed, make_film
from weights.disk import empty_trash, remove_folder, size_of

log = logging.getLogger(__name__)

FOLDER = ".recordings"
"""In the outputs folder."""
FACTS = "facts.json"
RESULT = "recording.mp4"
COMMENT = "AI生成 · AI generated: Inkframe ({})"
SPARE = 200_000_000
"""Bytes that a recording leaves free."""
CUT_OFF = "Inkframe was ended while it recorded: this is what was written until then."


def begin_folder(outputs: Path) -> tuple[Path, Claim]:
    """A new folder, held by this process. Raises OutputsUnwritable, DiskFull."""
    folder = outputs / FOLDER / f"recording-{uuid.uuid4().hex[:12]}"
    with writing(outputs):
        folder.mkdir(parents=True)
        claim = claim_folder(folder)
        if claim is None:
            raise OSError("its lock can't be had")
    return folder, claim


def check_room(folder: Path) -> None:
    """Raise DiskFull as long as there still is room for the film that is made of a recording at its end."""
    needed = size_of(folder) + SPARE
    if shutil.disk_usage(folder).free < needed:
        raise DiskFull(
            "The disk with the outputs folder is nearly full: the recording was ended so that it can be saved.",
            "Free some space or clean up the history.",
        )


def publish(studio: Studio, folder: Path, *notes: str) -> Run | None:
    """Make the run of a recording, whose files are closed or cut off, and remove its folder.

    None where it holds no picture. Raises DiskFull, OutputsUnwritable; then the folder stays.
    """
    facts = json.loads((folder / FACTS).read_text("utf-8"))
    with studio.history.draft(TASK) as draft:
        label = make_label(facts["label"], draft.id, facts["system"])
        comment = {"comment": COMMENT.format(facts["system"])}
        with writing(studio.settings.outputs):
            filmed = make_film(
                folder,
                draft.folder / RESULT,
                metadata={"AIGC": label.text["AIGC"], **comment} if label else None,
                xmp=label.xmp if label else b"",
            )
            if not filmed.frames:
                return None
            note_published(folder, draft.id)
        return draft.save(
            inputs=[],
            settings={**facts["settings"], **list_facts(filmed), JOB_KEY: folder.name},
            model=facts["model"],
            device=facts["device"],
            timings={"total": round(filmed.seconds, 3)},
            results=[RESULT],
            notes=[*facts["notes"], *notes],
            thumbnail=choose_poster(draft.folder / RESULT),
        )


def list_facts(filmed: Filmed) -> Mapping[str, Any]:
    """What the film itself says."""
    rate = filmed.frames / filmed.seconds if filmed.seconds else 0.0
    facts = {"frames": filmed.frames, "seconds": round(filmed.seconds, 2), "rate": round(rate, 2)}
    return {**facts, "width": filmed.width, "height": filmed.height, "sound": filmed.sound}


def rescue_recordings(studio: Studio) -> list[Run]:
    """Make runs of what processes that ended were recording; to be called at start. Failures only reach the log."""
    runs = []
    empty_trash(studio.settings.outputs / FOLDER)
    for folder in sorted((studio.settings.outputs / FOLDER).glob("recording-*")):
        claim = claim_folder(folder)
        if claim is None:
            continue
        try:
            run = None
            if (folder / FACTS).exists() and not find_published(studio.history, folder, folder.name):
                run = publish(studio, folder, CUT_OFF)
            runs += [run] if run else []
            remove_folder(folder)
        except (InkframeError, OSError, ValueError, KeyError) as error:
            log.warning("A recording could not be saved: %s", error)
        finally:
            claim.release()
    return runs
