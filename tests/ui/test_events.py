"""No wish of a person is dropped because the one before is still on its way, as Gradio does by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.studio import Studio
from ui.page import build_page

WISHES = {"select", "input", "release", "upload", "edit", "delete"}
ONCE_IS_RIGHT = {
    ("tabitem", "select"): "it only looks again",
    ("image", "upload"): "a photo takes the way of the button, and a second one begins anew",
    ("html:video-files", "upload"): "the drop zone waits by itself",
}
"""What may be dropped while it is on its way, and why."""


@pytest.fixture
def events(studio: Studio) -> Iterator[list[tuple[str, str, dict[str, Any]]]]:
    """Component ("kind:id"), event, and what Gradio knows of it."""
    config = build_page(studio).blocks.get_config_file()
    parts = {each["id"]: f"{each['type']}:{each['props'].get('elem_id')}" for each in config["components"]}
    yield [
        (parts[target], event, each)
        for each in config["dependencies"]
        for target, event in each["targets"]
        if target in parts
    ]


def test_no_wish_is_dropped(events: list[tuple[str, str, dict[str, Any]]]) -> None:
    dropped = [
        (part, event)
        for part, event, each in events
        if event in WISHES
        and each["trigger_mode"] == "once"
        and (part, event) not in ONCE_IS_RIGHT
        and (part.split(":")[0], event) not in ONCE_IS_RIGHT
    ]
    assert dropped == []
    assert len([event for _, event, _ in events if event in WISHES]) > 50


def test_what_carries_its_wish_is_not_put_off(events: list[tuple[str, str, dict[str, Any]]]) -> None:
    """An event that is put off comes with the data of the one before."""
    put_off = [
        (part, event)
        for part, event, each in events
        if part.startswith("html:") and event in WISHES and each["trigger_mode"] == "always_last"
    ]
    assert put_off == []
