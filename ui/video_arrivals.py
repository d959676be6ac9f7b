"""How pictures come into the strip: dropped, chosen, tried out or sent by another tab."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr

from pipelines.errors import InkframeError
from pipelines.image_to_video.sources import MOST
from ui.drop_zone import Sent, clearing, read_sent, sending, settling
from ui.event_facts import RAW, facts_of
from ui.examples import example_file
from ui.failures import Failure, explain, told
from ui.part import Room
from ui.texts import voice
from ui.upload import Upload
from ui.video_strip import (
    Item,
    add_to_strip,
    bring_in,
    take_in,
)

if TYPE_CHECKING:
    from ui.video_tab import Widgets

FILES = "video-files"
NAMED = 3
"""Files that could not be taken and are named."""


def wire_arrivals(room: Room, w: Widgets) -> None:
    taken = w.files.upload(_take(room), w.parcel, w.strip, js=sending(FILES), concurrency_limit=4, **RAW)
    taken.success(None, None, None, js=clearing(FILES))
    taken.failure(None, None, None, js=settling(FILES))
    w.examples.select(_pick(room), None, w.strip)


def _take(room: Room) -> Callable[..., Iterator[Any]]:
    """What was dropped comes into the strip one by one; what is no picture is named."""

    def take(parcel: Any) -> Iterator[Any]:
        with told(room.lang):
            sent = read_sent(parcel, room.uploads, MOST)
            if sent is None:
                raise gr.Error(visible=False, print_exception=False)
            items: list[Item] = []
            failed: list[tuple[str, Failure]] = []
            for each in sent:
                _take_one(room, each, items, failed)
                yield add_to_strip(items, _tell_failed(room, failed))

    return take


def _take_one(room: Room, sent: Sent, items: list[Item], failed: list[tuple[str, Failure]]) -> None:
    try:
        items.append(take_in(room.studio, sent.path, sent.name, room.uploads))
    except InkframeError as error:
        failed.append((sent.name, explain(error, room.lang)))


def _tell_failed(room: Room, failed: Sequence[tuple[str, Failure]]) -> str:
    speak = voice(room.lang)
    said = [speak("strip.left_out", name=name, reason=failure.message) for name, failure in failed[:NAMED]]
    if len(failed) > NAMED:
        said.append(speak("strip.left_out_more", count=len(failed) - NAMED))
    return " ".join(said)


def _pick(room: Room) -> Callable[..., Any]:
    def pick(event: gr.EventData) -> dict[str, Any]:
        with told(room.lang):
            path = example_file(str(facts_of(event).get("example")))
            return add_to_strip([bring_in(room.studio, path, path.name, room.uploads)])

    return pick


def give_item(room: Room, upload: Upload) -> dict[str, Any]:
    """The strip's value that adds another tab's result. Raises what `take_in` raises."""
    return add_to_strip([take_in(room.studio, upload.path, upload.name, room.uploads)])
