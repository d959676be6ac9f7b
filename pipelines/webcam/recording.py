"""Record the styled picture, and the microphone, as a film in the history."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from pipelines.errors import BadInput, InkframeError
from pipelines.history import Run
from pipelines.history.writing import writing
from pipelines.image_to_video.stamp import Stamp
from pipelines.studio import Studio
from pipelines.webcam.fitting import fit_into
from pipelines.webcam.frames import Rgb, Size
from pipelines.webcam.live_credit import Credit, Credited
from pipelines.webcam.options import LiveOptions
from pipelines.webcam.recording_files import PICTURES, SOUND, PicturesFile, SoundFile
from pipelines.webcam.recording_run import FACTS, begin_folder, check_room, publish
from weights.disk import remove_folder

log = logging.getLogger(__name__)

CHUNKS = 1000
"""Of sound that wait for the next frame at most; older ones go."""
FACTS_EVERY = 5.0
"""Seconds between two notes of what is to be said of the recording, should all end at once."""
WIDEST = 960
"""Px of the longer side to which small frames are enlarged at most: more costs time and shows nothing."""
BROKEN = (
    "A fault inside Inkframe ended the recording; what came before it is kept."
    " Record again; the log says more, please report it."
)
TOLD = ("fps", "grade", "age_p50_ms", "age_p95_ms", "jitter_ms", "drops")
"""What a run keeps of the loop's stats."""


class Recording:
    """Begins when made. `frame` is a tap of the live loop and encodes in the tap's thread: a slow processor loses
    frames, never time. What is written outlives the process; see `rescue_recordings`."""

    def __init__(
        self,
        studio: Studio,
        options: LiveOptions,
        drawer: Credited | None = None,
        *,
        size: Size | None = None,
        stats: Callable[[], Mapping[str, Any]] = dict,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`size` (width, height) px of the film, even, else what `choose_size` gives; frames are fitted in.
        `drawer` is who draws, `stats` gives the loop's; `clock` is the loop's, by which sound and frames are put
        together. Raises OutputsUnwritable, DiskFull."""
        self._studio, self._stats, self._clock, self._size = studio, stats, clock, size
        self._options, self._credit = options, Credit(studio.device.kind)
        self._credit.add(options, drawer)
        self._lock = threading.Lock()
        self._files: tuple[PicturesFile, SoundFile] | None = None
        self._heard: deque[tuple[bytes, float]] = deque(maxlen=CHUNKS)
        self._labels = studio.settings.visible_label
        self._stamp: Stamp | None = None
        self._first = self._seconds = 0.0
        self._noted, self._frames, self._problem, self._closed = 0.0, 0, "", False
        self._folder, self._claim = begin_folder(studio.settings.outputs)

    def frame(self, rgb: Rgb, time: float) -> None:
        """Add a frame, RGB uint8 HWC, shown from `time` of the clock on. Does not raise: see `state`."""
        with self._lock:
            if self._closed or self._problem:
                return
            try:
                with writing(self._studio.settings.outputs):
                    self._write(rgb, time)
            except InkframeError as error:
                self._problem = str(error)
                log.warning("A recording stopped: %s", error)
            except Exception:  # else nothing would be written while the page says that it records
                self._problem = BROKEN
                log.exception("a recording stopped")

    def sound(self, chunk: bytes) -> None:
        """Add sound of the microphone that has just been heard: s16le, 48 kHz, one channel. Never waits."""
        self._heard.append((chunk, self._clock()))

    def change(self, options: LiveOptions, drawer: Credited | None = None) -> None:
        """From now on this is drawn, by that drawer."""
        with self._lock:
            self._options = options
            self._credit.add(options, drawer)

    def state(self) -> dict[str, Any]:
        """`seconds` and `frames` so far, and the `problem` that ended it early, "" for none."""
        return {"seconds": round(self._seconds, 1), "frames": self._frames, "problem": self._problem}

    def finish(self) -> Run:
        """End it and make it a run. Raises BadInput when no frame came, DiskFull, OutputsUnwritable: then it is
        tried again at the next start."""
        try:
            self._close()
            run = publish(self._studio, self._folder) if self._frames else None
            remove_folder(self._folder)
        finally:
            self._claim.release()
        if run is None:
            raise BadInput("Nothing was recorded: no picture came.", "Start the camera, then record again.")
        return run

    def drop(self) -> None:
        """End it and keep nothing."""
        self._close()
        remove_folder(self._folder)
        self._claim.release()

    def _write(self, rgb: Rgb, time: float) -> None:
        if self._files is None:
            self._begin(rgb, time)
        if self._files is None or self._size is None:
            return
        pictures, sound = self._files
        if self._labels and self._credit.label_task:
            self._stamp = self._stamp or Stamp(self._size)
        shown = fit_into(rgb, self._size)
        self._frames += pictures.write(self._stamp.put(shown) if self._stamp else shown, time - self._first)
        self._seconds = max(self._seconds, time - self._first)
        while self._heard:
            chunk, at = self._heard.popleft()
            sound.write(chunk, at - self._first)
        if self._seconds - self._noted >= FACTS_EVERY:
            self._note()
            check_room(self._folder)

    def _begin(self, rgb: Rgb, time: float) -> None:
        self._size, self._first = self._size or choose_size(rgb, self._options), time
        self._files = PicturesFile(self._folder / PICTURES, self._size), SoundFile(self._folder / SOUND)
        self._note()

    def _note(self) -> None:
        """Write down what is to be said of it."""
        stats, credit = self._stats(), self._credit
        facts = {
            "settings": {
                **asdict(self._options),
                "styles": credit.styles,
                **{name: stats[name] for name in TOLD if name in stats},
            },
            "label": credit.label_task,
            "system": credit.system,
            "model": credit.model,
            "device": credit.device,
            "notes": [self._problem] if self._problem else [],
        }
        partial = self._folder / f"{FACTS}.partial"
        partial.write_text(json.dumps(facts), "utf-8")
        partial.replace(self._folder / FACTS)
        self._noted = self._seconds

    def _close(self) -> None:
        with self._lock:
            files, self._files, self._closed = self._files, None, True
            if files is not None:
                for step in (self._note, *(file.close for file in files)):
                    try:
                        step()
                    except OSError as error:  # what is on the disk by now can be read without
                        log.warning("A recording's end is not on the disk: %s", error)
                    except Exception:  # the others must be closed all the same
                        log.exception("a recording did not end well")


def choose_size(rgb: Rgb, options: LiveOptions) -> Size:
    """The first frame's shape, as large as frames may become later on; even, as H.264's colours come in pairs."""
    height, width = rgb.shape[:2]
    scale = max(1.0, min(options.ceiling, WIDEST) / max(width, height))
    return round(width * scale / 2) * 2 or 2, round(height * scale / 2) * 2 or 2
