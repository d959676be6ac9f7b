"""A live session sent on to a platform. The stream key goes from the message into the pushing program, nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from pipelines.errors import BadInput, InvalidOption
from pipelines.studio import Studio
from pipelines.webcam.frames import Rgb
from server.live_session import Extra, LiveSession

TEXTS = ("preset", "server", "key")
NUMBERS = ("width", "height", "fps", "kbit_s")


def bind_broadcast(studio: Studio) -> Mapping[str, Extra]:
    """The wish "broadcast": {"on", "preset", "server", "key"}, and "width", "height", "fps", "kbit_s" to change what
    the platform's row says. How it goes is in the stats."""
    return {"broadcast": partial(_broadcast, studio)}


def _broadcast(studio: Studio, session: LiveSession, message: Mapping[str, Any]) -> None:
    if message.get("on") is False:
        session.end("broadcast")
        return
    if "broadcast" in session.endings:
        raise BadInput("It is live already.", "End the broadcast first.")
    if session.loop is None:
        raise BadInput("There is nothing to send yet.", "Start the camera first.")
    _begin(studio, session, *read_wish(studio, message))


def read_wish(studio: Studio, message: Mapping[str, Any]) -> tuple[Any, Any]:
    """Target and preset of a message. Raises InvalidOption, whose words never hold the key."""
    from pipelines.webcam.broadcast_presets import change_preset, find_preset
    from pipelines.webcam.broadcast_target import read_target

    name, server, key = (message.get(each, "") for each in TEXTS)
    if not all(isinstance(each, str) for each in (name, server, key)):
        raise InvalidOption("A broadcast's preset, server and key are texts.", "Send them as JSON strings.")
    preset = find_preset(name)
    given = {each: message[each] for each in NUMBERS if each in message}
    if not all(isinstance(each, int) for each in given.values()):
        raise InvalidOption("A broadcast's size, rate and kbit_s are whole numbers.", "Send them as such.")
    if given:
        usual = {
            "width": preset.size[0],
            "height": preset.size[1],
            "fps": preset.fps,
            "kbit_s": preset.kbit_s,
        }
        preset = change_preset(preset, **(usual | given))
    return read_target(preset, server, key, offline=studio.settings.offline), preset


def _begin(studio: Studio, session: LiveSession, target: Any, preset: Any) -> None:
    from pipelines.image_to_video.stamp import Stamp
    from pipelines.webcam.broadcast import Broadcast

    prepare = Stamp(preset.size).put if studio.settings.visible_label else leave_as_it_is
    broadcast = Broadcast(target, preset, prepare=prepare)
    leave = session.loop.tap(broadcast.frame) if session.loop is not None else lambda: None
    session.ears["broadcast"] = broadcast.sound
    session.facts["broadcast"] = broadcast.state

    def stop() -> None:
        leave()
        broadcast.stop()

    session.endings["broadcast"] = stop


def leave_as_it_is(rgb: Rgb) -> Rgb:
    """A broadcast without a visible label: the same frame."""
    return rgb
